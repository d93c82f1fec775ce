"""Tags that write out the steps of a transcript."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from grading.pages import StepCard, TimelineMark
from grading.step_html import steps_html, strip_html

register = template.Library()


@register.simple_tag
def transcript_steps(steps: Iterable[StepCard], *, is_swap: bool = False) -> SafeString:
    return steps_html(steps, is_swap=is_swap)


@register.simple_tag
def transcript_strip(marks: Iterable[TimelineMark]) -> SafeString:
    return strip_html(marks)
