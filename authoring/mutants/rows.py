"""Rows of the world as texts speak of them: found by id or by what names them, and the ones that
could be mistaken for them."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from simulation.entities import EntityType, Row
from simulation.state import WorldState
from simulation.wording import spoken

NAMES_MOST = 0.5  # of the rows: a field is a name when so many of its values are single
SHORTEST, LONGEST = 3, 80  # characters of a name
_TOKEN = re.compile(r"[^\s|,;()\[\]<>*`\"“”]+")
_ENDS = ".:!?'’"


@dataclass(frozen=True)
class Mention:
    """A row that a text names: where, and by which of its fields (`id` for its id)."""

    entity_type: str
    row: Row
    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Word:
    """A value out of a fixed choice, as it stands in rows and in the words of people, the last
    word of its field, and what else there is to choose."""

    value: str
    spoken: str
    noun: str
    others: tuple[str, ...]


class Vocabulary:
    """All rows of a world by what they are called."""

    def __init__(self, world: WorldState) -> None:
        self.world = world

    def mentions(self, text: str) -> list[Mention]:
        """Give what a text names, in order; of overlapping names the longest."""
        found = sorted([*self._ids(text), *self._names(text)], key=lambda m: (m.start, -m.end))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def mistakable(self, entity_type: str, row: Row, field: str, most: int = 1) -> list[Row]:
        """Give other rows of the type whose value of the field differs, the likest first."""
        own = str(row.get(field, ""))
        others = [
            other
            for other in self._rows(entity_type)
            if other["id"] != row["id"] and other.get(field) and str(other[field]) != own
        ]
        linked = _references(self.world.entity_types[entity_type], row)
        return sorted(others, key=lambda other: _distance(row, other, field, linked))[:most]

    def type_of(self, key: str) -> str:
        """Give the entity type of the row with this id, "" when there is none."""
        return self._by_id[key][0] if key in self._by_id else ""

    def row_named(self, word: str) -> tuple[str, Row] | None:
        """Find the row of an id, or of a name."""
        named = self._by_name.get(word)
        return self._by_id.get(word) or (named and named[:2])

    def confusable(self, key: str) -> list[str]:
        """Give the ids of other rows of the type, the likest first."""
        kind, row = self._by_id[key]
        return [str(other["id"]) for other in self.mistakable(kind, row, "id", most=3)]

    def words_of(self, keys: Collection[str]) -> list[Word]:
        """Give the words out of a fixed choice that rows hold, as people write them."""
        found: dict[str, Word] = {}
        for kind, row in (self._by_id[key] for key in sorted(keys) if key in self._by_id):
            for field in self.world.entity_types[kind].fields.values():
                value = row.get(field.name)
                if value in field.choices:
                    others = tuple(spoken(each) for each in field.choices if each != value)
                    noun = spoken(field.name).rpartition(" ")[2]
                    found.setdefault(value, Word(value, spoken(value), noun, others))
        return list(found.values())

    def name_fields(self, entity_type: str) -> Sequence[str]:
        """Name the fields whose values tell most rows apart: names, e-mail addresses, titles."""
        kind = self.world.entity_types[entity_type]
        rows = self._rows(entity_type)
        fields = [f for f in kind.fields.values() if not (f.choices or f.references)]
        return [f.name for f in fields if _is_name([row.get(f.name) for row in rows])]

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[str, Row]]:
        kinds = self.world.entity_types
        return {row["id"]: (name, row) for name in kinds for row in self._rows(name)}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[str, Row, str]]:
        found: dict[str, tuple[str, Row, str]] = {}
        for kind in self.world.entity_types:
            for field in self.name_fields(kind):
                for row in self._rows(kind):
                    value = row.get(field)
                    if isinstance(value, str) and _is_telling(value):
                        found.setdefault(value, (kind, row, field))
        return found

    def _rows(self, entity_type: str) -> Sequence[Row]:
        if entity_type not in self._sorted:
            rows = sorted(self.world.rows(entity_type), key=lambda row: str(row["id"]))
            self._sorted[entity_type] = rows
        return self._sorted[entity_type]

    @cached_property
    def _sorted(self) -> dict[str, Sequence[Row]]:
        return {}

    def _ids(self, text: str) -> Iterator[Mention]:
        for token in _TOKEN.finditer(text):
            word = token[0].rstrip(_ENDS)
            if word in self._by_id and any(mark in word for mark in "-0123456789"):
                kind, row = self._by_id[word]
                yield Mention(kind, row, "id", token.start(), token.start() + len(word))

    def _names(self, text: str) -> Iterator[Mention]:
        for name, (kind, row, field) in self._by_name.items():
            if name in text:
                for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                    yield Mention(kind, row, field, found.start(), found.end())


def _is_telling(value: str) -> bool:
    """Tell a name from a plain word such as the channel `shipping` or the policy Refunds."""
    return SHORTEST <= len(value) <= LONGEST and not value.isalpha()


def _is_name(values: Sequence[object]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) * 2 < len(values) or not texts or sum(map(len, texts)) > LONGEST * len(texts):
        return False
    return len(set(texts)) > NAMES_MOST * len(texts)


def _references(kind: EntityType, row: Row) -> set[tuple[str, str]]:
    return {(path, str(row[path])) for path, _ in kind.references if isinstance(row.get(path), str)}


def _distance(
    row: Row, other: Row, field: str, linked: set[tuple[str, str]]
) -> tuple[int, int, int, str]:
    """Order by shared links (the same customer), shared words, shared beginning, then by chance
    that is always the same."""
    mine, its = str(row[field]), str(other[field])
    links = sum((path, str(other.get(path))) in linked for path, _ in linked)
    words = len(set(mine.split()) & set(its.split()))
    beginning = next(
        (n for n, pair in enumerate(zip(mine, its, strict=False)) if pair[0] != pair[1]),
        min(len(mine), len(its)),
    )
    return -links, -words, -beginning, hashlib.sha256(f"{mine}\0{its}".encode()).hexdigest()
