"""A row copied with what belongs to it: new ids, references among themselves, dates together.

Amounts that follow from what was changed are computed by the company, see `Amounts`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authoring.setups.amounts import corrected
from authoring.setups.belonging import Member, Place
from authoring.setups.codes import new_codes
from authoring.setups.ground import Ground, Placed, place
from authoring.setups.moments import latest_start, shift, turned
from authoring.setups.operations import Numbers, create, update
from simulation.browser.links import Links
from simulation.entities import EntityType, Row
from simulation.errors import InvalidArgument
from simulation.integrity.inspecting import broken_by, corrections
from simulation.integrity.report import Finding
from simulation.state import Change
from simulation.titles import path_label
from simulation.values import instant_key, pluck, read_instant

ROUNDS = 3  # a correction may make another one necessary
Renamed = Mapping[Place, str]


@dataclass(frozen=True)
class Copied:
    """What a copy adds to a setup. changes: of the world, with those of the setup before it.
    notes: what was left out or computed, in words. renamed: the new ids by the rows copied."""

    operations: tuple[dict[str, Any], ...]
    placed: tuple[Placed, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    renamed: Renamed

    @property
    def problems(self) -> tuple[str, ...]:
        return tuple(
            f"{each.key}: {line}" for each in self.placed for line in each.applied.problems
        )


def copy_group(ground: Ground, members: Sequence[Member], values: Mapping[str, Any]) -> Copied:
    """Copy a group. values: the fields of its first row as they shall be.

    A field of the first row that is not changed moves with the dates and the new ids; what it was
    changed to replaces it in the other rows as well. Raises InvalidArgument for a moment after the
    clock, and for what is none.
    """
    copy = _Copy(ground, members, values)
    operations = [*copy.operations()]
    state = ground.state
    length = len(state.journal)
    notes = [*copy.notes]
    for _ in range(ROUNDS):
        placed = tuple(place(state, operations, start=len(ground.placed) + 1))
        changes = tuple(state.journal)
        found = corrections(ground.base, changes, copy.new_places)
        if not found:
            break
        notes += [_note(ground.links, each.entity_type, each.id, each.field) for each in found]
        operations = corrected(operations, found)
        state.rollback(length)
    return Copied(
        operations=tuple(operations),
        placed=placed,
        changes=changes,
        notes=tuple(dict.fromkeys(notes)),
        renamed=copy.renamed,
    )


class _Copy:
    """The copies of a group's rows, as they are before anything is computed."""

    def __init__(self, ground: Ground, members: Sequence[Member], values: Mapping[str, Any]):
        self.notes: list[str] = []
        self._ground, self._links, self._members = ground, ground.links, members
        self._first = members[0]
        self._values = values
        self._shift = self._how_far()
        shifted = [self._shifted(member) for member in members]
        numbers = Numbers(ground)
        self.renamed: dict[Place, str] = {}
        for member, row in zip(members, shifted, strict=True):
            moment = str(row.get(member.kind.created_field or "", ""))
            self.renamed[member.place] = numbers.next(member.kind, moment, member.row["id"])
        self._rows = shifted
        self._replaced = {**self.renamed, **self._exchanged()}

    @property
    def new_places(self) -> frozenset[Place]:
        return frozenset((kind, key) for (kind, _), key in self.renamed.items())

    def operations(self) -> Iterator[dict[str, Any]]:
        """Give the rows that are made; what refers to a later one is written when that is there."""
        later: list[dict[str, Any]] = []
        made: set[Place] = set()
        for member, row in zip(self._members, self._rows, strict=True):
            key = self.renamed[member.place]
            fields = {n: v for n, v in self._rewired(member, row).items() if n != "id"}
            fields |= self._own_codes(member, fields, key)
            waiting = self._waiting(member.kind, fields, made)
            made.add((member.kind.name, key))
            yield create(
                member.kind.name, key, {n: v for n, v in fields.items() if n not in waiting}
            )
            if waiting:
                later.append(update(member.kind.name, key, waiting))
        yield from later

    def _own_codes(self, member: Member, fields: Row, key: str) -> dict[str, str]:
        codes = new_codes(self._links.snapshot, member.kind, member.row, key)
        return {name: code for name, code in codes.items() if fields.get(name) == member.row[name]}

    def _waiting(self, kind: EntityType, fields: Row, made: set[Place]) -> dict[str, Any]:
        """Give the optional references to rows of the group that are not made yet."""
        others = self.new_places - made
        return {
            name: fields[name]
            for name, field in kind.fields.items()
            if field.target
            and not field.required
            and name in fields
            and (field.target, fields[name]) in others
        }

    def _how_far(self) -> dt.timedelta:
        kind, row = self._first.kind, self._first.row
        created = kind.created_field
        wanted = self._values.get(created) if created else None
        if not created or created not in row or wanted == row[created] or wanted is None:
            return dt.timedelta(0)
        try:
            moment = read_instant(str(wanted))
        except ValueError as error:
            raise InvalidArgument(f"{created}: {error}") from None
        rows = [(member.kind, member.row) for member in self._members]
        latest = latest_start(self._links.snapshot, rows, row[created])
        if instant_key(str(wanted)) > instant_key(latest):
            raise InvalidArgument(
                f"{created}: at the latest {latest}, so that nothing that happened to the copied"
                " rows lies after the world's clock"
            )
        return moment - read_instant(row[created])

    def _shifted(self, member: Member) -> dict[str, Any]:
        turn: Callable[[str], str] = lambda text: shift(text, self._shift)  # noqa: E731
        row = turned(self._links.company, member.kind, member.row, turn)
        return self._typed(row) if member is self._first else row

    def _typed(self, shifted: Mapping[str, Any]) -> dict[str, Any]:
        """Put what was typed over the first row; what was not touched moves like the rest."""
        row = dict(shifted)
        for name in self._first.kind.fields:
            if self._values.get(name) != self._first.row.get(name):
                row[name] = self._values.get(name)
        return {name: value for name, value in row.items() if value is not None}

    def _exchanged(self) -> dict[Place, str]:
        """Give what the first row referred to and what it refers to now, such as its customer."""
        kind, before = self._first.kind, self._first.row
        pairs = [(f.target, before.get(n), self._values.get(n)) for n, f in kind.fields.items()]
        return {
            (target, str(old)): str(new)
            for target, old, new in pairs
            if target and old and new and old != new
        }

    def _rewired(self, member: Member, row: Mapping[str, Any]) -> dict[str, Any]:
        """Let references lead to the copies; what is of somebody else by now is left out."""
        typed = self._changed_fields() if member is self._first else frozenset()
        rewired = dict(row)
        for path, target in member.kind.references:
            name = path.partition(".")[0]
            if name not in rewired or name in typed:
                continue
            if path == name and self._is_foreign(member.kind, name, target, rewired[name]):
                del rewired[name]
                self.notes.append(self._left_out(member, name))
            else:
                rewired[name] = _renamed(rewired[name], path.split(".")[1:], target, self._replaced)
        return rewired

    def _changed_fields(self) -> frozenset[str]:
        row = self._first.row
        return frozenset(n for n in self._first.kind.fields if self._values.get(n) != row.get(n))

    def _is_foreign(self, kind: EntityType, name: str, target: str, key: Any) -> bool:
        """Tell whether an optional reference leads to a row about the rows that are copied."""
        if kind.fields[name].required or (target, key) in self._replaced:
            return False
        other = self._links.whole.rows(target).get(str(key))
        if other is None:
            return False
        own = self._links.kind(target).references
        return any((t, v) in self._replaced for p, t in own for v in pluck(other, p))

    def _left_out(self, member: Member, name: str) -> str:
        key = self.renamed[member.place]
        return (
            f"{member.kind.label} {key}: {path_label(name)} {member.row[name]} is left out,"
            " for it is about the row that is copied"
        )


def _renamed(value: Any, path: Sequence[str], target: str, replaced: Renamed) -> Any:
    """Replace ids at a path inside of a value."""
    if isinstance(value, list | tuple):
        return [_renamed(each, path, target, replaced) for each in value]
    if path and isinstance(value, Mapping):
        name, *rest = path
        inner = {name: _renamed(value[name], rest, target, replaced)} if name in value else {}
        return {**value, **inner}
    return replaced.get((target, value), value) if isinstance(value, str) else value


def _note(links: Links, entity_type: str, key: str, field: str) -> str:
    return f"{links.kind(entity_type).label} {key}: {path_label(field)} is computed"


def newly_broken(ground: Ground, copied: Copied) -> Iterator[Finding]:
    """Give the rules that the copies break; what is untidy in a row is untidy in its copy too."""
    renamed = copied.renamed
    known = {
        (each.rule, each.entity_type, renamed.get((each.entity_type, each.id)))
        for each in broken_by(ground.base, ground.changes, frozenset(renamed))
    }
    new = frozenset((kind, key) for (kind, _), key in renamed.items())
    for each in broken_by(ground.base, copied.changes, new):
        if (each.rule, each.entity_type, each.id) not in known:
            yield each
