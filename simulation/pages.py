"""Parts that pages of every app show, as plain values: views fill them, templates print them.

Texts are ready to show, "" is absent, and templates escape them.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from simulation.state import Change

Tone = Literal["info", "good", "warn", "bad", "quiet"]
SHORT_VALUE = 160


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
    """One labelled figure of a header."""

    label: str
    value: str
    detail: str = ""


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


def change_rows(changes: Iterable[Change]) -> tuple[ChangeRow, ...]:
    """Show changes row by row, field by field."""
    return tuple(_change_row(change) for change in changes)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _change_row(change: Change) -> ChangeRow:
    operation: Any = "updated"
    if change.before is None or change.after is None:
        operation = "created" if change.before is None else "deleted"
    fields = change.fields if operation != "deleted" else []
    return ChangeRow(
        entity_type=change.entity_type.replace("_", " "),
        entity_id=change.id,
        operation=operation,
        fields=tuple(
            FieldChange(name=name, before=shown_value(before), after=shown_value(after))
            for name, before, after in fields
        ),
    )


def shown_value(value: Any) -> str:
    """Write a value of a row in one line, shortened; text as it is, everything else as JSON."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shortened(text, SHORT_VALUE)
