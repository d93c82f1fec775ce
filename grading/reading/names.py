"""Names: by what the rows of one type are called, and where a text calls one.

A row is called by its id, its name, title or subject, and its SKU, code, e-mail or number. Several
rows may share a name; the longest name at a place is the one that is meant there."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from grading.reading.plain import needle
from simulation.entities import EntityType, Row
from simulation.snapshots import Snapshot
from simulation.state import WorldState

LONGEST_NAME = 200  # characters of a field that can name a row
_NAMING = frozenset({"name", "title", "subject", "label", "code", "sku", "email"})
_TOKEN = re.compile(r"\w+(?:['@.-]\w+)*")
_NOTHING: frozenset[str] = frozenset()


class Call(NamedTuple):
    """Where a text calls a row, and the ids of all rows that are called so."""

    ids: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Names:
    """The names of some rows, folded, with the ids of the rows that have them."""

    ids: Mapping[str, frozenset[str]]
    by_start: Mapping[str, Sequence[tuple[int, str]]]  # first token: (tokens, name), longest first
    gone: Collection[str] = field(default=_NOTHING)  # ids that this world does not have any more
    base: "Names | None" = None

    def of(self, key: str) -> list[str]:
        """Give what calls a row and no other one."""
        return [name for name in self._names_of(key) if self.called(name) == {key}]

    def called(self, name: str) -> frozenset[str]:
        own = self.ids.get(name, _NOTHING)
        below = self.base.ids.get(name, _NOTHING) - frozenset(self.gone) if self.base else _NOTHING
        return own | below

    def find(self, text: str) -> list[Call]:
        """Give every call of a row in plain text, in order."""
        folded = text.lower()
        if len(folded) != len(text):  # a few letters fold to two; places would move
            folded = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        tokens = [(_bare(found[0]), *found.span()) for found in _TOKEN.finditer(folded)]
        calls: list[Call] = []
        at = 0
        while at < len(tokens):
            call, length = self._call_at(folded, tokens, at)
            if call:
                calls.append(call)
            at += length
        return calls

    def _call_at(
        self, text: str, tokens: Sequence[tuple[str, int, int]], at: int
    ) -> tuple[Call | None, int]:
        """Give the longest call that begins at a token, and how many tokens it takes."""
        start = tokens[at][1]
        for length, name in self._starting(tokens[at][0]):
            if at + length > len(tokens):
                continue
            end = tokens[at + length - 1][2]
            if _core(text[start:end]) == _core(name) and (ids := self.called(name)):
                return Call(ids, start, end), length
        return None, 1

    def _starting(self, token: str) -> Iterable[tuple[int, str]]:
        own = self.by_start.get(token, ())
        below = self.base.by_start.get(token, ()) if self.base else ()
        return sorted({*own, *below}, reverse=True) if own and below else own or below

    def _names_of(self, key: str) -> Iterator[str]:
        layers = [self, self.base] if self.base and key not in self.gone else [self]
        for layer in filter(None, layers):
            yield from (name for name, ids in layer.ids.items() if key in ids)


_kept: "WeakKeyDictionary[Snapshot, dict[str, Names]]" = WeakKeyDictionary()


def names_of(world: WorldState, entity_type: str) -> Names:
    """Give the names of all rows of a type, as they are now. Those of the snapshot are kept."""
    kept = _kept.setdefault(world.snapshot, {})
    kind = world.entity_types[entity_type]
    if entity_type not in kept:
        kept[entity_type] = _names(kind, world.snapshot.rows(entity_type).values())
    changed = {change.id for change in world.journal if change.entity_type == entity_type}
    if not changed:
        return kept[entity_type]
    rows = [row for key in changed if (row := world.get(entity_type, key)) is not None]
    over = _names(kind, rows)
    return Names(over.ids, over.by_start, changed, kept[entity_type])


def naming_fields(kind: EntityType) -> list[str]:
    """Name the fields that rows of a type are called by, beside the id."""
    return [
        name
        for name, each in kind.fields.items()
        if not each.target and not each.choices and _is_naming(name)
    ]


def _is_naming(name: str) -> bool:
    return name.lower() in _NAMING or name.endswith("Number")


def _names(kind: EntityType, rows: Iterable[Row]) -> Names:
    fields = ["id", *naming_fields(kind)]
    ids: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for value in map(row.get, fields):
            if name := _name(value):
                ids[name].add(str(row["id"]))
    starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in ids:
        tokens = _TOKEN.findall(name)
        starts[_bare(tokens[0])].append((len(tokens), name))
    by_start = {start: sorted(names, reverse=True) for start, names in starts.items()}
    return Names({name: frozenset(keys) for name, keys in ids.items()}, by_start)


def _name(value: Any) -> str:
    """Fold what a field holds; "" for what nobody is called by."""
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        return ""
    name = needle(value)
    return name if _TOKEN.search(name) else ""


def _bare(token: str) -> str:
    """Take the genitive off: "lima's"."""
    return token.removesuffix("'s")


@lru_cache(maxsize=4096)
def _core(text: str) -> str:
    """Give a name without what stands before its first and after its last word, on one line."""
    tokens = list(_TOKEN.finditer(text))
    return _bare(" ".join(text[tokens[0].start() : tokens[-1].end()].split())) if tokens else ""
