"""References in texts, `@order:ord-250820-007`, and names that people type instead."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from authoring.drafts.scene import Scene
from grading.reading.names import names_of, naming_fields
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.text import texts_in

_REFERENCE = re.compile(r"(?<![\w@.])@([a-z][a-z0-9_]{0,99}):([A-Za-z0-9][\w.@+-]*)")
_NAME = "name"  # the field of what is called by a name, and not by a subject or a code
_CLOSE = 0.85


@dataclass(frozen=True, slots=True)
class Reference:
    words: str
    entity_type: str
    key: str


@dataclass(frozen=True, slots=True)
class TypedName:
    """A name as it stands in a text, and the rows that have it."""

    words: str
    entity_type: str
    keys: tuple[str, ...]


def references_in(text: str) -> Iterator[Reference]:
    for found in _REFERENCE.finditer(text):
        key = found[2].rstrip(".-+@_") or found[2]
        yield Reference(f"@{found[1]}:{key}", found[1], key)


def exists(scene: Scene, state: WorldState, entity_type: str, key: str) -> bool:
    """Tell whether a row is there: in world and setup, or made by the reference."""
    if entity_type not in state.entity_types or state.get(entity_type, key) is not None:
        return entity_type in state.entity_types
    played = scene.played
    return played is not None and played.evidence.world.get(entity_type, key) is not None


def is_hidden(scene: Scene, entity_type: str, key: str) -> bool:
    """Tell whether the world has such a row, made after its clock."""
    snapshot = scene.snapshot
    if snapshot is None or entity_type not in snapshot.company.entity_types:
        return False
    return key in snapshot.hidden(entity_type)


def nearest(scene: Scene, entity_type: str, key: str) -> str:
    """Give the id that was perhaps meant; "" where none is like it."""
    made = {c.id for c in scene.setup if c.entity_type == entity_type and c.after is not None}
    if close := get_close_matches(key, sorted(made), 1, _CLOSE):
        return close[0]
    return _nearest(scene.snapshot, entity_type, key) if scene.snapshot else ""


@lru_cache(maxsize=256)
def _nearest(snapshot: Snapshot, entity_type: str, key: str) -> str:
    start = key[: max(3, len(key) // 2)]
    alike = [other for other in snapshot.rows(entity_type) if other.startswith(start)]
    return next(iter(get_close_matches(key, alike[:2000], 1, _CLOSE)), "")


def names_in(text: str, state: WorldState) -> Iterator[TypedName]:
    """Give the names of two words or more that stand in a text as rows have them."""
    for kind in state.entity_types.values():
        if _NAME not in naming_fields(kind):
            continue
        for call in names_of(state, kind.name).find(text):
            words = text[call.start : call.end]
            if _is_name_of(state, kind.name, call.ids, words):
                yield TypedName(words, kind.name, tuple(sorted(call.ids)))


def _is_name_of(state: WorldState, entity_type: str, keys: frozenset[str], words: str) -> bool:
    if " " not in words.strip() or not words[:1].isupper():
        return False
    rows = (state.get(entity_type, key) for key in keys)
    return all(row is not None and words == row.get(_NAME) for row in rows)


def says_which(text: str, named: TypedName, state: WorldState) -> bool:
    """Tell whether a text says by more than the name which row it means: by a value that only one
    of them has, such as an address, or by the id of a row that belongs to it."""
    rows = [row for key in named.keys if (row := state.get(named.entity_type, key)) is not None]
    values = Counter(value for row in rows for value in set(texts_in(row)))
    rest = text.replace(named.words, " ")
    telling = (value for value, count in values.items() if count == 1 and len(value) > 2)
    if any(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", rest) for value in telling):
        return True
    return any(named.entity_type in _owners(state, key, named.keys) for key in _ids_in(text))


def _ids_in(text: str) -> list[str]:
    return re.findall(r"(?<![\w-])[a-z][a-z0-9]*(?:-[a-z0-9]+)+(?![\w-])", text)


def _owners(state: WorldState, key: str, wanted: tuple[str, ...]) -> set[str]:
    """Name the types of those wanted rows that the row of an id refers to."""
    found: set[str] = set()
    for kind in state.entity_types.values():
        row = state.get(kind.name, key)
        for path, target in kind.references if row else ():
            if row and row.get(path) in wanted:
                found.add(target)
    return found
