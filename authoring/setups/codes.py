"""Texts that tell one row from another, such as tracking numbers: a copy needs its own."""

import hashlib
import re
from collections.abc import Iterator

from simulation.entities import EntityType, Row
from simulation.snapshots import Snapshot
from simulation.titles import is_long

FEWEST = 3  # rows with a field, before it can be said that no two of them share a value
LAST = 8  # digits that change
TRIES = 100
_DIGITS = re.compile(r"\d")


def new_codes(snapshot: Snapshot, kind: EntityType, row: Row, key: str) -> dict[str, str]:
    """Give new texts for those that no other row of its type has. key: the id of the copy."""
    return {
        name: _new(snapshot, kind, name, row[name], key) for name in _codes(snapshot, kind, row)
    }


def _codes(snapshot: Snapshot, kind: EntityType, row: Row) -> Iterator[str]:
    for name, field in kind.fields.items():
        value = row.get(name)
        if field.target or field.choices or is_long(kind, name) or not isinstance(value, str):
            continue
        if re.search(r"\s", value) or not ("@" in value or _DIGITS.search(value)):
            continue
        if not _is_stamp(value) and _is_unique(snapshot, kind, name):
            yield name


def _is_stamp(value: str) -> bool:
    return re.match(r"\d{4}-\d\d-\d\d", value) is not None


def _is_unique(snapshot: Snapshot, kind: EntityType, name: str) -> bool:
    """Tell whether nearly no two rows share a value: a few may, by mistake."""
    index = snapshot.index(kind.name, name)
    rows = sum(map(len, index.values()))
    return rows >= FEWEST and len(index) * 100 >= rows * 98


def _new(snapshot: Snapshot, kind: EntityType, name: str, value: str, key: str) -> str:
    taken = snapshot.index(kind.name, name)
    tries = (_address(value, n) if "@" in value else _number(value, key, n) for n in range(TRIES))
    return next((each for each in tries if each not in taken and each != value), value)


def _address(value: str, number: int) -> str:
    local, _, host = value.rpartition("@")
    return f"{local}{number + 2}@{host}"


def _number(value: str, key: str, number: int) -> str:
    """Change the last digits, always in the same way for the same id."""
    seed = int.from_bytes(hashlib.sha256(f"{key}:{number}".encode()).digest()[:8])
    places = [found.start() for found in _DIGITS.finditer(value)][-LAST:]
    digits = str(seed).zfill(LAST)[-len(places) :]
    text = list(value)
    for place, digit in zip(places, digits, strict=True):
        text[place] = digit
    return "".join(text)
