"""Conditions on a row beyond the equality that an index answers: texts, instants and amounts.

A builder whose arguments are absent gives None, which is no condition.
"""

from collections.abc import Callable, Iterable
from functools import cache, reduce
from operator import contains as contains_text
from operator import eq, ge
from typing import TypeVar

from simulation.entities import Row
from simulation.state import WorldState
from simulation.values import instant_key, pluck

Condition = Callable[[Row], bool]
Read = TypeVar("Read")
Wanted = TypeVar("Wanted")

_FIRST, _LAST = "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"
_APART = "\0"  # stands in no text, so that nothing that is looked for spans two


def every(*conditions: Condition | None) -> Condition | None:
    """Join conditions into the one that all of them hold."""
    given = [condition for condition in conditions if condition]
    return reduce(_both, given) if given else None


def within(field: str, after: str | None, before: str | None) -> Condition | None:
    """The instant in a field lies between two others, both included; never of a row without it."""
    if after is None and before is None:
        return None
    first = instant_key(after) if after else _FIRST
    last = instant_key(before) if before else _LAST
    return lambda row: first <= instant_key(row.get(field, "")) <= last


def between(
    read: Callable[[Row], float], lowest: float | None, highest: float | None
) -> Condition | None:
    """What a function reads lies between two numbers, both included."""
    if lowest is None and highest is None:
        return None
    low = float("-inf") if lowest is None else lowest
    high = float("inf") if highest is None else highest
    return lambda row: low <= read(row) <= high


def contains(
    world: WorldState, entity_type: str, read: Callable[[Row], str], text: str | None
) -> Condition | None:
    """The casefolded text that a function reads contains another, whose case is ignored."""
    return _compare(contains_text, world, entity_type, read, _folded(text))


def is_same(
    world: WorldState, entity_type: str, read: Callable[[Row], str], text: str | None
) -> Condition | None:
    """The casefolded text that a function reads is another, whose case is ignored."""
    return _compare(eq, world, entity_type, read, _folded(text))


def has_all(
    world: WorldState,
    entity_type: str,
    read: Callable[[Row], frozenset[str]],
    texts: Iterable[str],
) -> Condition | None:
    """The casefolded texts that a function reads hold all of some, whose case is ignored."""
    wanted = frozenset(map(str.casefold, texts))
    return _compare(ge, world, entity_type, read, wanted or None)


def _both(first: Condition, second: Condition) -> Condition:
    return lambda row: first(row) and second(row)


@cache
def folded(*fields: str) -> Callable[[Row], str]:
    """Give the function that reads the casefolded text of some fields of a row, lists too."""

    def read(row: Row) -> str:
        return fold(text for field in fields for text in pluck(row, field))

    return read


def fold(texts: Iterable[str]) -> str:
    """Join texts into one to search in."""
    return _APART.join(texts).casefold()


def _folded(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def _compare(
    test: Callable[[Read, Wanted], bool],
    world: WorldState,
    entity_type: str,
    read: Callable[[Row], Read],
    wanted: Wanted | None,
) -> Condition | None:
    """Compare with what is known of the snapshot's rows; only rows of this episode are read."""
    if wanted is None:
        return None
    known, stored = world.snapshot.derived(entity_type, read), world.snapshot.rows(entity_type)

    def holds(row: Row) -> bool:
        key = row["id"]
        return test(known[key] if stored.get(key) is row else read(row), wanted)

    return holds
