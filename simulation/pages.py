"""Parts that pages of every app show, as plain values: views fill them, templates print them.

Texts are ready to show, "" is absent, and templates escape them.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from simulation.state import Change

Tone = Literal["info", "good", "warn", "bad", "quiet"]
SHORT_VALUE = 160
CONTEXT = 40  # characters before the place where two long values begin to differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A state with the word people read; it is never shown by its colour alone.

    state: a key of the state colours and icons (templates/partials/state.html).
    """

    state: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence above the content: what is the case, and what to do."""

    tone: Tone
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One labelled figure of a header; with `url` it is a link."""

    label: str
    value: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a select, or one link of a row of filters."""

    value: str
    label: str
    is_selected: bool = False
    url: str = ""
    count: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """Where one page of a long table stands ("1 to 100 of 640")."""

    text: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after; "" is absent. Long values come shortened."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One row of the world that changed, field by field; a deleted row has no fields."""

    entity_type: str
    entity_id: str
    operation: Literal["created", "updated", "deleted"]
    fields: tuple[FieldChange, ...]
    url: str = ""


def change_rows(
    changes: Iterable[Change], url: Callable[[Change], str] = lambda _: ""
) -> tuple[ChangeRow, ...]:
    """Show changes row by row, field by field. url: gives the page of a row, "" for none."""
    return tuple(_change_row(change, url(change)) for change in changes)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _change_row(change: Change, url: str) -> ChangeRow:
    operation: Any = "updated"
    if change.before is None or change.after is None:
        operation = "created" if change.before is None else "deleted"
    fields = change.fields if operation != "deleted" else []
    return ChangeRow(
        entity_type=change.entity_type.replace("_", " "),
        entity_id=change.id,
        operation=operation,
        fields=tuple(_field_change(*field) for field in fields),
        url=url,
    )


def _field_change(name: str, before: Any, after: Any) -> FieldChange:
    """Show both values from a little before the place where long ones begin to differ."""
    texts = written(before), written(after)
    start = _start_of_difference(*texts)
    lead = "…" if start else ""
    old, new = (f"{lead}{shortened(text[start:], SHORT_VALUE)}" if text else "" for text in texts)
    return FieldChange(name=name, before=old, after=new)


def _start_of_difference(before: str, after: str) -> int:
    if min(len(before), len(after)) <= SHORT_VALUE:
        return 0
    pairs = enumerate(zip(before, after, strict=False))
    first = next((place for place, (old, new) in pairs if old != new), SHORT_VALUE)
    return max(0, first - CONTEXT)


def shown_value(value: Any) -> str:
    """Write a value of a row in one line, shortened; text as it is, everything else as JSON."""
    return shortened(written(value), SHORT_VALUE)


def written(value: Any) -> str:
    """Write a value of a row whole: text as it is, nothing as "", everything else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
