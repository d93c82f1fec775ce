"""The rows of an overview: it has thousands of marks, and a template looks up each name of each."""

from collections.abc import Iterable
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from grading.pages import OverviewRow, RolloutMark

register = template.Library()


@register.simple_tag
def overview_rows(rows: Iterable[OverviewRow]) -> SafeString:
    icons = static("vendor/lucide.svg")
    return mark_safe("\n".join(_row(row, icons) for row in rows))  # noqa: S308  escaped


def _row(row: OverviewRow, icons: str) -> str:
    cells = "".join(
        f'<td><span class="marks">{"".join(_mark(mark, icons) for mark in cell)}</span></td>'
        for cell in row.cells
    )
    task = f'<a class="mono" href="{escape(row.url)}">{escape(row.task)}</a>'
    return f'<tr><th scope="row">{task}</th>{cells}</tr>'


def _mark(mark: RolloutMark, icons: str) -> str:
    state, label = escape(mark.state), escape(mark.label)
    return (
        f'<a class="mark state-{state}" href="{escape(mark.url)}" title="{label}">'
        f'<svg class="icon" aria-hidden="true"><use href="{icons}#mark-{state}"/></svg>'
        f'<span class="sr">{label}</span></a>'
    )
