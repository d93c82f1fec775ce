"""Filters in addresses: options of selects, and pages of long lists."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from simulation.pages import Choice, Pager


def options(
    pairs: Iterable[tuple[str, str]], selected: str | None, *, every: str = ""
) -> tuple[Choice, ...]:
    """every: the words for no choice, first in the list."""
    first = [("", every)] if every else []
    return tuple(
        Choice(value=value, label=label, is_selected=value == (selected or ""))
        for value, label in [*first, *pairs]
    )


def pager(sheet: Any, base: str, filters: Mapping[str, str], name: str = "page") -> Pager | None:
    if sheet.paginator.num_pages < 2:
        return None

    def url(number: int) -> str:
        kept = {key: value for key, value in filters.items() if value}
        return f"{base}?{urlencode({**kept, name: number})}"

    return Pager(
        text=f"{sheet.start_index():,} to {sheet.end_index():,} of {sheet.paginator.count:,}",
        previous_url=url(sheet.previous_page_number()) if sheet.has_previous() else "",
        next_url=url(sheet.next_page_number()) if sheet.has_next() else "",
    )


def episode_url(run: int, rollout: int, grading: int, key: str = "") -> str:
    """Lead to an episode as one grading sees it, to one criterion if a key is given."""
    place = f"#criterion-{key}" if key else ""
    return f"{reverse('grading:episode', args=[run, rollout])}?grading={grading}{place}"


def compare_url(run: int, a: int, b: int) -> str:
    return f"{reverse('grading:compare', args=[run])}?{urlencode({'a': a, 'b': b})}"
