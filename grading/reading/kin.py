"""Kin: what the world holds of the same kind as the items of a list, so that a wrong item is known
as one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from grading.reading.plain import needle
from simulation.entities import EntityType
from simulation.environments import Environment
from simulation.paths import read_path
from simulation.snapshots import Snapshot

LONGEST_NAME = 200  # characters of a field that can name a row
LONGEST_HEAD = 8  # words of a line that can be a name
LONGEST_START = 300  # characters of a line that are looked at for one
_ID_START = re.compile(r"([a-z]+[-_])(?=[0-9])")
_SEPARATOR = re.compile(r"[,;:|\t]")
_AROUND = ".,:;!?()[]\"'"


@dataclass(frozen=True, eq=False)
class Kin:
    """Names and ids beside those of the expected items, folded."""

    names: frozenset[str]
    own: frozenset[str]

    @cached_property
    def id_starts(self) -> tuple[str, ...]:
        """What the ids of the kind begin with, such as "tick-"."""
        return tuple({found[1] for name in self.own if (found := _ID_START.match(name))})

    @cached_property
    def _longest(self) -> int:
        return min(LONGEST_HEAD, max((name.count(" ") + 1 for name in self.names), default=0))

    @cached_property
    def longer(self) -> tuple[str, ...]:
        """Names that hold an expected one: "drift 240 pro" beside "drift 240"."""
        own = sorted(self.own)
        return tuple(
            name for name in sorted(self.names) if any(f" {one} " in f" {name} " for one in own)
        )

    def at_head(self, text: str) -> str:
        """Give the name or id of another row that a text begins with, "" for none."""
        start = text[:LONGEST_START].lower()
        first = start.split(None, 1)[0].strip(_AROUND) if start.strip() else ""
        if first in self._first_words and (name := self._name_at(start)):
            return name
        head = _SEPARATOR.split(start, maxsplit=1)[0]  # "Ana Lima,2" in a line of CSV
        if head != start and (name := self._name_at(head)):
            return name
        return self._id(first)

    def _name_at(self, start: str) -> str:
        words = [word.strip(_AROUND) for word in start.split(None, LONGEST_HEAD)]
        for count in range(min(len(words), self._longest), 0, -1):
            name = " ".join(words[:count])
            if name in self.names:
                return name
        return ""

    def _id(self, word: str) -> str:
        """Give a word that is built as the expected ids are and is none of them."""
        is_other = word.startswith(self.id_starts) and word not in self.own
        return word if is_other and any(c.isdigit() for c in word) else ""

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(name.split(None, 1)[0].strip(_AROUND) for name in self.names if name)


_known: "WeakKeyDictionary[Snapshot, dict[frozenset[str], Kin]]" = WeakKeyDictionary()


def kin_of(snapshot: Snapshot, spellings: frozenset[str]) -> Kin:
    """Find the fields that hold some of the spellings; what else they hold is kin. Kept per
    world."""
    kept = _known.setdefault(snapshot, {})
    if spellings not in kept:
        own = frozenset(map(needle, spellings))
        values = (
            value
            for kind, field in _naming_fields(snapshot.company)
            for value in _values_beside(snapshot, kind, field, spellings)
        )
        kept[spellings] = Kin(frozenset(map(needle, values)) - own, own)
    return kept[spellings]


def _values_beside(
    snapshot: Snapshot, kind: str, field: str, spellings: frozenset[str]
) -> Iterable[str]:
    index = snapshot.index(kind, field)
    return index if any(spelling in index for spelling in spellings) else ()


def _naming_fields(company: Environment) -> Iterable[tuple[str, str]]:
    for kind in company.entity_types.values():
        yield kind.name, "id"
        for name in kind.fields:
            if _names_rows(company, kind, name):
                yield kind.name, name


def _names_rows(company: Environment, kind: EntityType, name: str) -> bool:
    """Tell whether a field is a short free text of its own, such as a name or a SKU."""
    field = kind.fields[name]
    shape = read_path(company, kind.name, name).shape
    limit = field.adapter.json_schema().get("maxLength", LONGEST_NAME + 1)
    is_text = shape.kind == "text" and not shape.many and not shape.choices
    return is_text and not field.target and limit <= LONGEST_NAME
