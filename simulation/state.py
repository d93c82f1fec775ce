"""WorldState: the clone of a world that one episode lives in.

It is a shared snapshot, the setup, and an overlay of the rows that changed. Cloning costs nothing
in the size of the world, and every write is a `Change` in the journal.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, starmap
from typing import Any

from simulation.entities import EntityType, Row
from simulation.errors import Conflict, InvalidArgument, NotFound
from simulation.snapshots import Order, Rows, Snapshot, freeze
from simulation.text import canonical
from simulation.values import instant_key, pluck

DEFAULT_LIMIT = 10
MAX_RESULTS = 200
Test = Callable[[Row], bool]
FEW = 64  # candidates that are cheaper to sort than the ordered world is to walk


@dataclass(frozen=True, slots=True)
class Change:
    """One write: whole rows before and after; None where there was or is none."""

    entity_type: str
    id: str
    before: Row | None
    after: Row | None

    def as_json(self) -> dict[str, Any]:
        return {
            "entity_type": self.entity_type,
            "id": self.id,
            "before": self.before,
            "after": self.after,
        }

    @property
    def fields(self) -> list[tuple[str, Any, Any]]:
        """Give (field, before, after) of every field that differs, sorted by name."""
        before, after = self.before or {}, self.after or {}
        names = sorted((set(before) | set(after)) - {"id"})
        pairs = ((name, before.get(name), after.get(name)) for name in names)
        return [(name, old, new) for name, old, new in pairs if old != new]


def read_changes(recorded: Iterable[Mapping[str, Any]]) -> list[Change]:
    """Read changes as they were recorded in a step."""
    return [Change(c["entity_type"], c["id"], c["before"], c["after"]) for c in recorded]


def net(changes: Iterable[Change]) -> list[Change]:
    """Join changes into one per row, leave out what ended as it began, sort by type and id."""
    first: dict[tuple[str, str], Row | None] = {}
    last: dict[tuple[str, str], Row | None] = {}
    for change in changes:
        place = change.entity_type, change.id
        first.setdefault(place, change.before)
        last[place] = change.after
    return [
        Change(*place, first[place], last[place])
        for place in sorted(last)
        if first[place] != last[place]
    ]


class WorldState:
    """All that a tool sees of the world.

    Rows that it hands out are shared: never change them in place.
    """

    __slots__ = ("_numbers", "_overlay", "_setup_length", "journal", "max_results", "snapshot")

    def __init__(
        self, snapshot: Snapshot, setup: Sequence[Change] = (), *, max_results: int = MAX_RESULTS
    ) -> None:
        self.snapshot = snapshot
        self.max_results = max_results
        self.journal: list[Change] = []
        self._overlay: dict[str, dict[str, Row | None]] = {}
        self._numbers: dict[tuple[str, str], int] | None = None
        if setup:
            self.apply(setup)
        self._setup_length = len(self.journal)

    # reading

    @property
    def now(self) -> str:
        return self.snapshot.now

    @property
    def agent_employee_id(self) -> str:
        return self.snapshot.agent_employee_id

    @property
    def entity_types(self) -> Mapping[str, EntityType]:
        return self.snapshot.company.entity_types

    def get(self, entity_type: str, key: str) -> Row | None:
        """Give a row that agents can see, or None."""
        overlay = self._overlay.get(entity_type)
        if overlay and key in overlay:
            return overlay[key]
        return self.snapshot.rows(entity_type).get(key)

    def need(self, entity_type: str, key: str, *, field: str | None = None) -> Row:
        """Give a row. Raises NotFound when there is none."""
        row = self.get(entity_type, key)
        if row is None:
            label = self.snapshot.entity_type(entity_type).label
            raise NotFound(f"there is no {label} {key!r}", field=field)
        return row

    def rows(self, entity_type: str) -> Iterator[Row]:
        """Give all rows that agents can see, in no promised order."""
        overlay = self._overlay.get(entity_type)
        stored = self.snapshot.rows(entity_type)
        if not overlay:
            yield from stored.values()
            return
        yield from (row for key, row in stored.items() if key not in overlay)
        yield from (row for row in overlay.values() if row is not None)

    def find(self, entity_type: str, path: str, value: Any) -> list[Row]:
        """Give the rows with this value at a dotted path (indexed), in no promised order."""
        stored = self.snapshot.rows(entity_type)
        keys = self.snapshot.index(entity_type, path).get(value, ())
        overlay = self._overlay.get(entity_type)
        if not overlay:
            return [stored[key] for key in keys]
        rows = [stored[key] for key in keys if key not in overlay]
        changed = (row for row in overlay.values() if row is not None)
        return rows + [row for row in changed if value in pluck(row, path)]

    def search(
        self,
        entity_type: str,
        *,
        order: Order,
        equals: Mapping[str, Any] | None = None,
        where: Callable[[Row], bool] | None = None,
        limit: int | None = DEFAULT_LIMIT,
    ) -> list[Row]:
        """Give the rows that meet all conditions, in order.

        equals: dotted path -> value, or a list, tuple or set of values (any of); None is no
        condition.
        limit: cut silently to the episode's max_results; None gives all rows (not for tools).
        """
        wanted = _conditions(equals)
        most = None if limit is None else min(limit, self.max_results)
        tests = [*starmap(_has, wanted.items()), *([where] if where else [])]
        candidates: Iterable[str] = self._candidates(entity_type, wanted, order)
        overlay = self._overlay.get(entity_type)
        if overlay:
            candidates = (key for key in candidates if key not in overlay)
        rows = map(self.snapshot.rows(entity_type).__getitem__, candidates)
        found = list(islice(_meeting(rows, tests), most))
        changed = [row for row in overlay.values() if row is not None] if overlay else ()
        extra = list(_meeting(changed, tests))
        return order.sort(found + extra)[:most] if extra else found

    # writing

    def create(self, entity_type: str, fields: Row, *, key: str | None = None) -> Row:
        """Add a row, stamped with the clock; its id is the next of its type unless one is given.

        Raises Problems for bad fields, NotFound for a dangling reference, Conflict for a taken id.
        """
        kind = self.snapshot.entity_type(entity_type)
        stamps = dict.fromkeys(kind.stamps, self.now)
        checked = kind.check({**stamps, **fields})
        self._check_references(kind, checked)
        key = key or self._next_id(kind)
        if self.get(entity_type, key) or self.snapshot.stored(entity_type, key):
            raise Conflict(f"there is already {kind.label} {key!r}")
        return self._record(entity_type, key, {"id": key, **checked})

    def update(self, entity_type: str, key: str, fields: Row) -> Row:
        """Change fields of a row, null removes one; the time of the update is stamped.

        Raises NotFound, and Problems for bad fields.
        """
        kind = self.snapshot.entity_type(entity_type)
        before = self.need(entity_type, key)
        stamp = {kind.updated_field: self.now} if kind.updated_field else {}
        checked = kind.check({**stamp, **fields}, partial=True)
        self._check_references(kind, checked)
        merged = {**before, **checked}
        return self._record(entity_type, key, {k: v for k, v in merged.items() if v is not None})

    def delete(self, entity_type: str, key: str) -> None:
        """Remove a row. Raises NotFound, and Conflict while another row refers to it."""
        self.need(entity_type, key)
        for kind in self.entity_types.values():
            for path, target in kind.references:
                others = self.find(kind.name, path, key) if target == entity_type else []
                if any(kind.name != entity_type or row["id"] != key for row in others):
                    raise Conflict(f"{entity_type} {key!r} is referred to by {kind.name}.{path}")
        self._record(entity_type, key, None)

    def apply(self, changes: Iterable[Change]) -> None:
        """Apply recorded changes as they are."""
        for change in changes:
            self._record(change.entity_type, change.id, change.after)

    def rollback(self, length: int) -> None:
        """Undo every write after the first `length` of the journal."""
        while len(self.journal) > length:
            change = self.journal.pop()
            self._place(change.entity_type, change.id, change.before)
        self._numbers = None

    # what changed

    @property
    def setup(self) -> Sequence[Change]:
        return self.journal[: self._setup_length]

    @property
    def changes(self) -> Sequence[Change]:
        """Give the journal since the setup."""
        return self.journal[self._setup_length :]

    def diff(self) -> list[Change]:
        """Give the net differences to the state after setup."""
        return net(self.changes)

    def hash(self) -> str:
        """Give the hash of the whole state: the world's content and the net differences to it."""
        differences = [
            [change.entity_type, change.id, change.after] for change in net(self.journal)
        ]
        content = self.snapshot.content_hash.encode()
        return hashlib.sha256(content + canonical(differences)).hexdigest()

    # inside

    def _record(self, entity_type: str, key: str, after: Row | None) -> Row:
        before = self.get(entity_type, key)
        if after is not None and self.snapshot.frozen:
            after = freeze(after)
        self.journal.append(Change(entity_type, key, before, after))
        self._place(entity_type, key, after)
        if before is None and self._numbers is not None:
            self._count(self._numbers, entity_type, key)
        return after or {}

    def _place(self, entity_type: str, key: str, row: Row | None) -> None:
        overlay = self._overlay.setdefault(entity_type, {})
        if row is self.snapshot.rows(entity_type).get(key):
            overlay.pop(key, None)
        else:
            overlay[key] = row

    def _next_id(self, kind: EntityType) -> str:
        pattern = kind.model.id_pattern
        if pattern is None:
            raise InvalidArgument(f"{kind.label}: an id is needed, this type makes none by itself")
        if self._numbers is None:
            self._numbers = {}
            for change in self.journal:
                self._count(self._numbers, change.entity_type, change.id)
        date_part = pattern.date_part(self.now)
        made = self._numbers.get((kind.name, date_part), 0)
        stored = self.snapshot.highest_number(kind.name, date_part)
        return pattern.write(date_part, max(made, stored) + 1)

    def _count(self, numbers: dict[tuple[str, str], int], entity_type: str, key: str) -> None:
        pattern = self.snapshot.entity_type(entity_type).model.id_pattern
        if pattern and (parts := pattern.read(key)):
            place = entity_type, parts[0]
            numbers[place] = max(parts[1], numbers.get(place, 0))

    def _check_references(self, kind: EntityType, fields: Row) -> None:
        for path, target in kind.references:
            if path.split(".")[0] in fields:
                for key in pluck(fields, path):
                    self.need(target, key, field=path)

    def _candidates(
        self, entity_type: str, wanted: Mapping[str, Collection[Any]], order: Order
    ) -> Sequence[str]:
        """Give ids in order: those of the most selective index, or the whole ordered world."""
        ordered, position = self.snapshot.order(entity_type, order)
        fewest: list[str] | None = None
        for path, values in wanted.items():
            index = self.snapshot.index(entity_type, path)
            keys = [key for value in values for key in index.get(value, ())]
            if fewest is None or len(keys) < len(fewest):
                fewest = keys
        if fewest is None or (len(fewest) > FEW and len(fewest) * 8 > len(ordered)):
            return ordered
        return sorted(set(fewest), key=position.__getitem__)


def _conditions(equals: Mapping[str, Any] | None) -> dict[str, Collection[Any]]:
    return {
        path: value if isinstance(value, list | tuple | set | frozenset) else (value,)
        for path, value in (equals or {}).items()
        if value is not None
    }


def _has(path: str, values: Collection[Any]) -> Test:
    """Ask for one of the values at a dotted path."""
    if "." in path:
        return lambda row: any(value in values for value in pluck(row, path))

    def has(row: Row) -> bool:
        value = row.get(path)
        if isinstance(value, list):
            return any(item in values for item in value)
        return value in values

    return has


def _meeting(rows: Iterable[Row], tests: Iterable[Test]) -> Iterable[Row]:
    """Give the rows that meet all tests, one after the other, as they are asked for."""
    for test in tests:
        rows = filter(test, rows)
    return rows


def is_after_clock(row: Row, kind: EntityType, now: str) -> bool:
    created = kind.created_field
    return created is not None and instant_key(row.get(created, "")) > instant_key(now)


__all__ = ["Change", "Order", "Rows", "WorldState", "is_after_clock", "net", "read_changes"]
