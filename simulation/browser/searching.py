"""Search across all rows of a world: by ids, names and every other text and number in them.

A row is found when each word occurs in it, in capitals or not; words in quotes stay together. The
casefolded text of each row is read once a snapshot and kept with it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simulation.entities import EntityType, Row
from simulation.operators import is_number
from simulation.snapshots import Snapshot
from simulation.titles import title_of

MOST_WORDS = 8
AROUND = 60  # characters on each side of a match
_QUOTED = re.compile(r'"([^"]+)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text, marked when it is what was searched for."""

    text: str
    is_match: bool


def words_of(text: str) -> tuple[str, ...]:
    """Give the casefolded words and quoted phrases of a search."""
    found = (quoted or word for quoted, word in _QUOTED.findall(text))
    words = (word.strip().strip('"').casefold() for word in found)
    return tuple(dict.fromkeys(filter(None, words)))[:MOST_WORDS]


def searchable(row: Row) -> str:
    """Give all texts and numbers of a row, casefolded, one a line."""
    return "\n".join(_texts(row)).casefold()


def find_keys(whole: Snapshot, entity_type: str, text: str) -> frozenset[str]:
    """Give the ids of the rows of one type in which every word occurs; all for no word."""
    return frozenset(_matching(whole, entity_type, words_of(text)))


def best_first(whole: Snapshot, kind: EntityType, text: str) -> list[str]:
    """Give the ids of the rows that are found: those called so first, then by id."""
    return [key for _, key in ranked(whole, kind, text)]


def ranked(whole: Snapshot, kind: EntityType, text: str) -> list[tuple[int, str]]:
    """Give (rank, id) of the rows that are found; 0 is the row whose id was written."""
    words = words_of(text)
    rows = whole.rows(kind.name)
    wanted = text.strip().casefold()
    found = _matching(whole, kind.name, words)
    return sorted((_rank(kind, rows[key], wanted, words), key) for key in found)


def marked(text: str, words: Sequence[str]) -> tuple[Segment, ...]:
    """Cut a text at what was searched for."""
    pattern = _pattern(tuple(words))
    if pattern is None:
        return (Segment(text, False),)
    pieces = enumerate(pattern.split(text))
    return tuple(Segment(piece, number % 2 == 1) for number, piece in pieces if piece)


def excerpt(row: Row, words: Sequence[str], leave_out: Sequence[str]) -> tuple[Segment, ...]:
    """Give the surroundings of the first match outside of some fields; none for none."""
    pattern = _pattern(tuple(words))
    texts = (text for name, value in row.items() if name not in leave_out for text in _texts(value))
    for text in texts if pattern else ():
        if pattern and (found := pattern.search(text)):
            return marked(_around(text, found.start(), found.end()), words)
    return ()


def _matching(whole: Snapshot, entity_type: str, words: Sequence[str]) -> Iterator[str]:
    texts: Mapping[str, str] = whole.derived(entity_type, searchable)
    if not words:
        return iter(texts)
    first, *others = sorted(words, key=len, reverse=True)
    found = (key for key, text in texts.items() if first in text)
    return (key for key in found if all(word in texts[key] for word in others))


def _rank(kind: EntityType, row: Row, wanted: str, words: Sequence[str]) -> int:
    """Rank a hit: its id, its title, the start of either, all words in its title, the rest."""
    key, title = row["id"].casefold(), title_of(kind, row).casefold()
    if wanted in (key, title):
        return 0 if wanted == key else 1
    if key.startswith(wanted) or title.startswith(wanted):
        return 2
    return 3 if all(word in title for word in words) else 4


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
    elif is_number(value):
        yield f"{value}"


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)


def _around(text: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = "…" if first else "", "…" if last < len(text) else ""
    return f"{before}{' '.join(text[first:last].split())}{after}"
