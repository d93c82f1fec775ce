"""Rows of entity files: each one checked on its own, all that is wrong named with id and field."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pydantic import ValidationError

from simulation.entities import KEY_LENGTH, EntityField, EntityType, shorten
from simulation.errors import InvalidArgument, Problems
from simulation.portability.limits import MAX_ROW_VALUES, MAX_ROWS
from simulation.portability.problems import Findings
from simulation.portability.strict_json import Doubled, faults, has_more_values, read_json
from simulation.text import REPLACEMENT, clean_json
from simulation.values import pluck

Row = dict[str, Any]
KEPT_TEXT = f"characters that cannot be stored become {REPLACEMENT}"
FAULTS_TOLD = 100  # of one row that JSON itself is wrong in
_WORDS = {"missing": "is required", "extra_forbidden": "there is no such field"}


@dataclass
class Rows:
    """The rows of all types, by type and id; `given` has the ids of bad rows too."""

    findings: Findings
    checked: dict[str, dict[str, Row]] = field(default_factory=dict)
    given: dict[str, frozenset[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    count: int = 0

    def read(self, kind: EntityType, file: str, data: bytes) -> None:
        """Read one file; what cannot be taken becomes problems."""
        self.files[kind.name] = file
        try:
            rows = read_json(data)
        except InvalidArgument as error:
            rows = None
            self.findings.add(file, error.message)
        else:
            if not isinstance(rows, dict):
                self.findings.add(file, f"write one object of ids and rows, not {shorten(rows)}")
        if not isinstance(rows, dict):
            self.unreadable.add(kind.name)
            return
        self.given[kind.name] = frozenset(rows)
        self.count += len(rows)
        if self.count > MAX_ROWS:
            self.findings.add(file, f"brings the world to more than {MAX_ROWS:,} rows")
            return
        self.checked[kind.name] = dict(self._rows(kind, file, rows))

    def _rows(self, kind: EntityType, file: str, rows: Row) -> Iterator[tuple[str, Row]]:
        for key in rows.names if isinstance(rows, Doubled) else ():
            self.findings.add(file, "this id stands there more than once", id=key)
        for key, row in sorted(rows.items()):
            if self.findings.is_full:
                return
            wrong, noted = self._reporters(file, key)
            if wrong_id := _id_problem(key):
                wrong("", wrong_id)
            elif not isinstance(row, dict):
                wrong("", f"write an object of field names and values, not {shorten(row)}")
            elif (checked := read_row(kind, row, wrong, noted)) is not None:
                yield key, checked

    def _reporters(self, file: str, key: str) -> "tuple[Report, Report]":
        def wrong(path: str, text: str) -> None:
            self.findings.add(file, text, id=key, field=path)

        def noted(path: str, text: str) -> None:
            self.findings.note(file, text, id=key, field=path)

        return wrong, noted

    def check_references(self, kinds: Iterable[EntityType]) -> None:
        """Name the references to rows that were not even given."""
        for kind in kinds:
            for path, target in kind.references:
                if target not in self.unreadable:
                    self._check_reference(kind, path, target)

    def _check_reference(self, kind: EntityType, path: str, target: str) -> None:
        known = self.given.get(target, frozenset())
        for key, row in self.checked.get(kind.name, {}).items():
            for value in pluck(row, path):
                if value not in known and not self.findings.is_full:
                    text = f"there is no {target} {shorten(value)}"
                    self.findings.add(self.files[kind.name], text, id=key, field=path)


Report = Callable[[str, str], None]


def read_row(kind: EntityType, row: Row, wrong: Report, noted: Report) -> Row | None:
    """Give a row in its one form, or None when something was wrong with it."""
    if has_more_values(row, MAX_ROW_VALUES):
        wrong("", f"holds more than {MAX_ROW_VALUES:,} values")
        return None
    bad = list(islice(faults(row), FAULTS_TOLD))
    for path, text in bad:
        wrong(path, text)
    if bad:
        return None
    cleaned = {name: clean_json(value) for name, value in row.items()}
    for name in cleaned:
        if cleaned[name] != row[name] and isinstance(cleaned[name], str | list | dict):
            noted(name, KEPT_TEXT)
    try:
        return kind.check(cleaned)
    except Problems:
        for path, text in _details(kind, cleaned):
            wrong(path, text)
    return None


def _id_problem(key: str) -> str:
    if not 0 < len(key) <= KEY_LENGTH or clean_json(key) != key:
        return f"an id is text of 1 to {KEY_LENGTH} characters that can be stored"
    return ""


def _details(kind: EntityType, row: Row) -> Iterator[tuple[str, str]]:
    """Find (path, expectation) of everything wrong with a row, also deep inside its values."""
    for name in row:
        if name not in kind.fields:
            yield name, _unknown(kind, name)
    for known in kind.fields.values():
        value = row.get(known.name)
        if value is None or (value == "" and not known.required):
            if known.required:
                yield known.name, f"is required; expected {known.expects}"
        else:
            yield from _refusals(known, value)


def _unknown(kind: EntityType, name: str) -> str:
    if name == "id":
        return "the id is the key of the row: leave it out inside"
    return f"{kind.name} has no such field; it has {', '.join(kind.fields)}"


def _refusals(known: EntityField, value: Any) -> Iterator[tuple[str, str]]:
    try:
        known.adapter.validate_python(value, strict=True)
    except ValidationError as error:
        places: dict[str, str] = {}
        for found in error.errors(include_url=False):
            location = _place(value, found["loc"], is_missing=found["type"] == "missing")
            path = ".".join([known.name, *map(str, location)])
            places.setdefault(path, _expectation(known, found, is_whole=not location))
        yield from places.items()


def _place(value: Any, location: Iterable[Any], *, is_missing: bool) -> tuple[Any, ...]:
    """Follow a location as far as the value goes: behind it come names of tried alternatives."""
    parts: list[Any] = []
    for part in location:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return (*parts, part) if is_missing else tuple(parts)
        parts.append(part)
    return tuple(parts)


def _expectation(known: EntityField, found: Mapping[str, Any], *, is_whole: bool) -> str:
    if found["type"] in _WORDS:
        return _WORDS[found["type"]]
    said = found["msg"].removeprefix("Value error, ")
    # a value's own checks speak for themselves; for the rest the field knows what it wants
    speaks = found["type"] == "value_error" or not is_whole
    wanted = said if speaks else f"expected {known.expects}"
    return f"{wanted}, got {shorten(found['input'])}"
