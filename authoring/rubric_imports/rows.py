"""Documents that hold a rubric in each row, as data sets do, or one rubric alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from authoring.rubric_imports import Part
from authoring.rubric_imports.places import Place

MAX_LABEL = 90


@dataclass(frozen=True, slots=True)
class Row:
    """items: the list of a rubric, as it stands. about: what else the row says."""

    place: Place
    items: Any
    about: dict[str, Any]

    @property
    def objects(self) -> list[dict[str, Any]]:
        items = self.items if isinstance(self.items, list) else []
        return [item for item in items if isinstance(item, dict)]


def rows_of(document: Any, names: Sequence[str]) -> list[Row]:
    """Give the rubrics of a document. names: under which an object may hold its list."""
    if isinstance(document, list) and any(_inner(each, names) for each in document):
        return [row for n, each in enumerate(document) for row in _row(each, names, (n,))]
    if isinstance(document, list):
        return [Row((), document, {})]
    return _row(document, names, ())


def parts_of(rows: Sequence[Row], about: Sequence[str]) -> tuple[Part, ...]:
    """Name each row. about: members that say what it is about."""
    return tuple(Part(str(n), _label(n, row, about)) for n, row in enumerate(rows, start=1))


def chosen_row(rows: Sequence[Row], part: str) -> Row | None:
    if len(rows) == 1 and not part:
        return rows[0]
    is_there = part.isdecimal() and part.isascii() and len(part) < 7 and 1 <= int(part) <= len(rows)
    return rows[int(part) - 1] if is_there else None


def first_words(value: Any) -> str:
    """Give what a row is about: a text, or what the last of its messages says."""
    if isinstance(value, list) and value and isinstance(value[-1], dict):
        value = value[-1].get("content")
    return " ".join(value.split())[:MAX_LABEL] if isinstance(value, str) else ""


def _inner(value: Any, names: Sequence[str]) -> str:
    if not isinstance(value, dict):
        return ""
    return next((name for name in names if isinstance(value.get(name), list)), "")


def _row(value: Any, names: Sequence[str], place: Place) -> list[Row]:
    name = _inner(value, names)
    if not name:
        return [Row(place, None, value if isinstance(value, dict) else {})]
    return [Row((*place, name), value[name], {k: v for k, v in value.items() if k != name})]


def _label(number: int, row: Row, about: Sequence[str]) -> str:
    said = next((words for name in about if (words := first_words(row.about.get(name)))), "")
    count = len(row.items) if isinstance(row.items, list) else 0
    start = f"Row {number}, {count} {'criterion' if count == 1 else 'criteria'}"
    return f"{start}: {said}" if said else start
