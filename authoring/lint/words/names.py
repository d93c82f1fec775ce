"""The names and ids of a world, found in a text: made once a snapshot, gone with it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from weakref import WeakKeyDictionary

from authoring.drafts.scene import Scene
from authoring.lint.words.masking import NAME
from simulation.entities import EntityType, Row
from simulation.snapshots import Snapshot
from simulation.titles import title_field

LONGEST = 120
_WORD = re.compile(r"\w[\w-]*")
_CALLED = re.compile(r"\b(?=[\w-]{0,60}[A-Z\d_-])\w[\w-]*")
_MARKED = re.compile(r"[A-Z0-9_-]")


class Names:
    """What rows are called, with their type. Compared by identity: one stands for one world."""

    def __init__(self, found: Mapping[str, tuple[str, str]]) -> None:
        """found: (entity type, id) by name or id, in their own spelling."""
        self._found = found
        by_word: dict[str, list[str]] = defaultdict(list)
        for name in sorted(found, key=len, reverse=True):
            if first := _WORD.search(name):
                by_word[first[0]].append(name)
        self._by_word = dict(by_word)

    def masked(self, text: str) -> tuple[str, frozenset[tuple[str, str]]]:
        """Set every name aside, and give the rows. Names are known by their own capitals only."""
        parts, end, rows = [], 0, set()
        for start, name in self._places(text):
            parts += [text[end:start], NAME * len(name)]
            end = start + len(name)
            rows.add(self._found[name])
        return ("".join([*parts, text[end:]]) if parts else text), frozenset(rows)

    def _places(self, text: str) -> Iterator[tuple[int, str]]:
        end = 0
        for word in _CALLED.finditer(text) if self._by_word else ():
            if word.start() < end or word[0] not in self._by_word:
                continue
            name = self._at(text, word.start(), word[0])
            if name:
                end = word.start() + len(name)
                yield word.start(), name

    def _at(self, text: str, start: int, word: str) -> str:
        for name in self._by_word[word]:
            after = text[start + len(name) : start + len(name) + 1]
            if text.startswith(name, start) and not after.isalnum():
                return name
        return ""


NOBODY = Names({})
_KEPT: WeakKeyDictionary[Snapshot, Names] = WeakKeyDictionary()


def names_of(scene: Scene) -> Names:
    """Give the names of a scene's world; none where it has no world yet."""
    snapshot = scene.snapshot
    if snapshot is None:
        return NOBODY
    if snapshot not in _KEPT:
        _KEPT[snapshot] = Names(dict(_named(snapshot)))
    return _KEPT[snapshot]


def _named(snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, str]]]:
    for kind in snapshot.company.entity_types.values():
        field = title_field(kind)
        for key, row in snapshot.rows(kind.name).items():
            yield from ((name, (kind.name, key)) for name in _called(kind, key, row, field))


def _called(kind: EntityType, key: str, row: Row, field: str | None) -> Iterator[str]:
    if "-" in key or "_" in key:
        yield key
    name = row.get(field) if field and field != "subject" else None
    if isinstance(name, str) and 3 <= len(name) <= LONGEST and _MARKED.search(name):
        yield name
