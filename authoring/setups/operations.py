"""Operations of a setup as data: made of what is typed, put into a draft, moved and taken out."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from authoring.drafts.document import Document, fingerprint, with_part
from authoring.setups.ground import Ground, Operation
from simulation.entities import EntityType, Row
from simulation.errors import Conflict, InvalidArgument
from simulation.values import read_instant

CLEARED = ""  # null removes a field as well, but to hashes of content null is nothing at all
Do = Callable[[Document], Document]


def updated(kind: EntityType, before: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of an update: what differs from the row that it finds."""
    written = in_rows(kind, values)
    return {
        name: written.get(name, CLEARED)
        for name in kind.fields
        if written.get(name) != before.get(name)
    }


def in_rows(kind: EntityType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Write typed values as rows have them, "10:00" as "10:00:00Z"; wrong ones as they are."""
    written = dict(values)
    for name, field in kind.fields.items():
        if name in values:
            with suppress(InvalidArgument):
                written[name] = field.check(values[name])
    return written


def create(entity_type: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"op": "create", "entity_type": entity_type, "id": key, "fields": dict(fields)}


def update(entity_type: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"op": "update", "entity_type": entity_type, "id": key, "fields": dict(fields)}


def delete(entity_type: str, key: str) -> dict[str, Any]:
    return {"op": "delete", "entity_type": entity_type, "id": key}


def after_update(placed_before: Row, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row as an update leaves it, right or wrong."""
    merged = {**placed_before, **fields}
    return {name: value for name, value in merged.items() if value not in (None, CLEARED)}


class Numbers:
    """Hands out ids that neither the world nor the setup has; each one once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._given: set[tuple[str, str]] = set()
        self._highest: dict[tuple[str, str], int] = {}

    def next(self, kind: EntityType, moment: str = "", like: str = "") -> str:
        """Give the next id. moment: of the row, else the clock. like: the id that is copied, for
        types that make none by themselves; "" for nothing to propose."""
        pattern, snapshot = kind.model.id_pattern, self._ground.links.snapshot
        if pattern is None:
            return self._named(kind.name, like) if like else ""
        date = pattern.date_part(moment if _is_instant(moment) else snapshot.now)
        highest = self._highest.get((kind.name, date), snapshot.highest_number(kind.name, date))
        made = [pattern.read(e.key) for e in self._ground.placed if e.entity_type == kind.name]
        numbers = [parts[1] for parts in made if parts and parts[0] == date]
        number = self._highest[kind.name, date] = max([highest, *numbers]) + 1
        return pattern.write(date, number)

    def _named(self, entity_type: str, like: str) -> str:
        stem, _, last = like.rpartition("-")
        is_numbered = bool(stem) and last.isdecimal() and len(last) < 3
        name, number = (stem, int(last)) if is_numbered else (like, 1)
        while True:
            number += 1
            key = f"{name}-{number}"
            place = entity_type, key
            if place not in self._given and not self._ground.is_taken(entity_type, key):
                self._given.add(place)
                return key


def _is_instant(text: str) -> bool:
    try:
        read_instant(text)
    except ValueError:
        return False
    return True


def adding(operations: Sequence[Operation]) -> Do:
    return lambda document: {**document, "setup": [*document["setup"], *operations]}


def adding_to(seen: Sequence[Operation], operations: Sequence[Operation]) -> Do:
    """Add operations that were made for one state of the setup."""

    def do(document: Document) -> Document:
        if fingerprint(document["setup"]) != fingerprint([*seen]):
            raise Conflict("the setup changed meanwhile: look at the new rows once more")
        return adding(operations)(document)

    return do


def inserting(number: int, base: str, operation: Operation) -> Do:
    """Put an operation behind another one."""

    def do(document: Document) -> Document:
        setup = _seen(document, number, base)
        return {**document, "setup": [*setup[:number], operation, *setup[number:]]}

    return do


def removing(number: int, base: str) -> Do:
    def do(document: Document) -> Document:
        _seen(document, number, base)
        return with_part(document, f"setup/{number}", None)

    return do


def moving(number: int, base: str, by: int) -> Do:
    """Move an operation one place. by: -1 up, 1 down; nothing moves past an end."""

    def do(document: Document) -> Document:
        setup = _seen(document, number, base)
        there = number - 1 + by
        if 0 <= there < len(setup):
            setup[number - 1], setup[there] = setup[there], setup[number - 1]
        return {**document, "setup": setup}

    return do


def _seen(document: Document, number: int, base: str) -> list[Any]:
    """Give the setup in which an operation still is what was seen. Raises Conflict."""
    setup = list(document["setup"])
    if not 0 < number <= len(setup) or fingerprint(setup[number - 1]) != base:
        raise Conflict(
            f"operation {number} is not what it was: somebody changed the setup meanwhile"
        )
    return setup
