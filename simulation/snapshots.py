"""The immutable part of a world state: its published rows in memory, shared by all episodes.

Rows, indexes and orders are prepared at first use, once a process. Nothing here needs a database.
"""

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import orjson
import zstandard

from simulation.entities import EntityType, Row
from simulation.environments import Environment, environment
from simulation.text import canonical
from simulation.values import instant_key, pluck

Rows = dict[str, dict[str, Any]]
Derived = TypeVar("Derived")


class FrozenRowError(TypeError):
    """Code tried to change a shared row."""


def _refuse(*_: Any, **__: Any) -> Any:
    raise FrozenRowError("rows of a world are shared: copy before changing, or use world.update")


class FrozenDict(dict[str, Any]):
    """A dict that refuses changes; equal to, and encoded like, a plain one."""

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = pop = popitem = clear = setdefault = _refuse


class FrozenList(list[Any]):
    """A list that refuses changes; equal to, and encoded like, a plain one."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = extend = insert = pop = remove = clear = sort = reverse = _refuse


def freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return FrozenDict((key, freeze(item)) for key, item in value.items())
    return FrozenList(map(freeze, value)) if isinstance(value, list) else value


@dataclass(frozen=True)
class Order:
    """A sort order: (key, descending) from the most to the least important, then the id."""

    name: str
    keys: tuple[tuple[Callable[[Row], Any], bool], ...]

    def sort(self, rows: Iterable[Row]) -> list[Row]:
        ordered = sorted(rows, key=_row_id)
        for key, descending in reversed(self.keys):
            ordered.sort(key=key, reverse=descending)
        return ordered


def _row_id(row: Row) -> str:
    return str(row["id"])


def newest_first(field: str = "createdAt") -> Order:
    """Order by an instant, newest first; rows without it come last."""
    return Order(f"newest:{field}", ((lambda row: instant_key(row.get(field, "")), True),))


def by_text(field: str) -> Order:
    return Order(f"text:{field}", ((lambda row: row.get(field, ""), False),))


class Snapshot:
    """The rows of one published world, by type and id. Read-only; `frozen` makes that a promise."""

    def __init__(self, document: Mapping[str, Any], content_hash: str, *, frozen: bool) -> None:
        self.content_hash = content_hash
        self.company: Environment = environment(document["environment"])
        self.now: str = document["now"]
        self.agent_employee_id: str = document.get("agentEmployeeId", "")
        self.prompts: Mapping[str, str] = document.get("systemPrompts", {})
        self._entities: Mapping[str, Rows] = document["entities"]
        self.frozen = frozen
        self._rows: dict[str, Rows] = {}
        self._hidden: dict[str, Rows] = {}
        self._indexes: dict[tuple[str, str], dict[Any, tuple[str, ...]]] = {}
        self._orders: dict[tuple[str, str], tuple[list[str], dict[str, int]]] = {}
        self._derived: dict[tuple[str, Callable[[Row], Any]], Mapping[str, Any]] = {}
        self._highest: dict[str, dict[str, int]] = {}

    def rows(self, entity_type: str) -> Rows:
        """Give the rows that agents can see: created up to the clock, each with its id inside."""
        if entity_type not in self._rows:
            self._prepare(self.entity_type(entity_type))
        return self._rows[entity_type]

    def hidden(self, entity_type: str) -> Rows:
        """Give the rows that agents cannot see yet: those created after the clock."""
        self.rows(entity_type)
        return self._hidden[entity_type]

    @cached_property
    def unveiled(self) -> "Unveiled":
        """The same world as people see it, with the hidden rows among the others."""
        return Unveiled(self)

    def stored(self, entity_type: str, key: str) -> Row | None:
        """Give a row whether agents can see it or not."""
        return self.rows(entity_type).get(key) or self._hidden[entity_type].get(key)

    @property
    def stored_types(self) -> Iterable[str]:
        """Name the types that rows were stored under, those that the company lacks too."""
        return [name for name, rows in self._entities.items() if rows]

    def without(self, left_out: Collection[tuple[str, str]]) -> "Snapshot":
        """Give the world without some rows, named by type and id; it has no hash of its own."""
        entities = {
            name: {key: row for key, row in rows.items() if (name, key) not in left_out}
            for name, rows in self._entities.items()
        }
        document = {
            "environment": self.company.slug,
            "now": self.now,
            "agentEmployeeId": self.agent_employee_id,
            "systemPrompts": self.prompts,
            "entities": entities,
        }
        return Snapshot(document, "", frozen=self.frozen)

    def entity_type(self, name: str) -> EntityType:
        return self.company.entity_types[name]

    def index(self, entity_type: str, path: str) -> Mapping[Any, tuple[str, ...]]:
        """Give the ids of rows by the value at a dotted path, built at first use."""
        found = self._indexes.get((entity_type, path))
        if found is None:
            ids: dict[Any, dict[str, None]] = defaultdict(dict)
            for key, row in self.rows(entity_type).items():
                for value in pluck(row, path):
                    ids[value][key] = None
            found = {value: tuple(keys) for value, keys in ids.items()}
            self._indexes[entity_type, path] = found
        return found

    def order(self, entity_type: str, order: Order) -> tuple[list[str], dict[str, int]]:
        """Give the ids in this order, and the position of each."""
        found = self._orders.get((entity_type, order.name))
        if found is None:
            ids = [row["id"] for row in order.sort(self.rows(entity_type).values())]
            found = ids, {key: position for position, key in enumerate(ids)}
            self._orders[entity_type, order.name] = found
        return found

    def derived(self, entity_type: str, read: Callable[[Row], Derived]) -> Mapping[str, Derived]:
        """Give what a function reads from each row, by id, built at first use.

        The result is kept under the function itself: pass one that lives as long as its module.
        """
        found = self._derived.get((entity_type, read))
        if found is None:
            found = {key: read(row) for key, row in self.rows(entity_type).items()}
            self._derived[entity_type, read] = found
        return found

    def highest_number(self, entity_type: str, date_part: str) -> int:
        """Give the highest number of ids of that type and date, hidden rows too; 0 for none."""
        found = self._highest.get(entity_type)
        if found is None:
            found = self._highest[entity_type] = self._count_numbers(entity_type)
        return found.get(date_part, 0)

    def _count_numbers(self, entity_type: str) -> dict[str, int]:
        pattern = self.entity_type(entity_type).model.id_pattern
        highest: dict[str, int] = {}
        for key in self._entities.get(entity_type, {}) if pattern else ():
            if pattern and (parts := pattern.read(key)):
                highest[parts[0]] = max(parts[1], highest.get(parts[0], 0))
        return highest

    def _prepare(self, entity_type: EntityType) -> None:
        created, clock = entity_type.created_field, instant_key(self.now)
        visible: Rows = {}
        hidden: Rows = {}
        for key, row in self._entities.get(entity_type.name, {}).items():
            whole = {"id": key, **row}
            late = created is not None and instant_key(row.get(created, "")) > clock
            (hidden if late else visible)[key] = freeze(whole) if self.frozen else whole
        self._rows[entity_type.name], self._hidden[entity_type.name] = visible, hidden


class Unveiled(Snapshot):
    """A world with nothing hidden. For people only: tools and graders must never read one."""

    def __init__(self, veiled: Snapshot) -> None:
        document = {
            "environment": veiled.company.slug,
            "now": veiled.now,
            "agentEmployeeId": veiled.agent_employee_id,
            "systemPrompts": veiled.prompts,
            "entities": veiled._entities,
        }
        super().__init__(document, veiled.content_hash, frozen=veiled.frozen)
        self._veiled = veiled

    def _prepare(self, entity_type: EntityType) -> None:
        name = entity_type.name
        visible, hidden = self._veiled.rows(name), self._veiled.hidden(name)
        self._rows[name] = {**visible, **hidden} if hidden else visible
        self._hidden[name] = {}


def pack(document: Mapping[str, Any]) -> tuple[str, bytes, int]:
    """Give (content hash, compressed canonical JSON, bytes before compression)."""
    encoded = canonical(document)
    return hashlib.sha256(encoded).hexdigest(), zstandard.compress(encoded, 10), len(encoded)


def unpack(data: bytes, content_hash: str, *, frozen: bool = False) -> Snapshot:
    """Read a stored snapshot."""
    return Snapshot(read_document(data), content_hash, frozen=frozen)


def read_document(data: bytes) -> dict[str, Any]:
    """Read a stored document into plain values of its own."""
    with _no_collection():
        document: dict[str, Any] = orjson.loads(zstandard.decompress(data))
    return document


def from_document(document: Mapping[str, Any], *, frozen: bool = False) -> Snapshot:
    """Make a snapshot of a world document that was never stored."""
    content_hash = hashlib.sha256(canonical(document)).hexdigest()
    return Snapshot(document, content_hash, frozen=frozen)


class _no_collection:  # noqa: N801  reads as a statement
    """Pause the garbage collector: a world is many objects that live as long as the process."""

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_on:
            gc.enable()
