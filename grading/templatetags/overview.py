"""The marks of a run's overview: a run has thousands, and a template looks up each name of each."""

from collections.abc import Iterable
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from grading.pages import RolloutMark

register = template.Library()


@register.simple_tag
def rollout_marks(marks: Iterable[RolloutMark]) -> SafeString:
    icons = static("vendor/lucide.svg")
    return mark_safe("".join(_mark(mark, icons) for mark in marks))  # noqa: S308  escaped


def _mark(mark: RolloutMark, icons: str) -> str:
    state, label = escape(mark.state), escape(mark.label)
    return (
        f'<a class="mark state-{state}" href="{escape(mark.url)}" title="{label}">'
        f'<svg class="icon" aria-hidden="true"><use href="{icons}#mark-{state}"/></svg>'
        f'<span class="sr">{label}</span></a>'
    )
