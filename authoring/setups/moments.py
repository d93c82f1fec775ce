"""The instants in rows, shifted together."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from simulation.browser.values import kind_at
from simulation.entities import EntityType, Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.values import instant_key, read_instant, write_instant

INSTANT = "instant"
Turn = Callable[[str], str]


def instants(company: Environment, kind: EntityType, row: Row) -> Iterator[str]:
    """Give every instant in a row, nested ones too."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    turned(company, kind, row, note)
    return iter(found)


def turned(company: Environment, kind: EntityType, row: Row, turn: Turn) -> dict[str, Any]:
    """Copy a row with every instant turned into another."""
    return {name: _turned(company, kind, name, value, turn) for name, value in row.items()}


def shift(text: str, by: dt.timedelta) -> str:
    """Raises InvalidArgument beyond the years that there are."""
    try:
        return write_instant(read_instant(text) + by)
    except OverflowError:
        raise InvalidArgument(f"{text} cannot be moved so far") from None


def latest_start(
    company: Environment, members: Sequence[tuple[EntityType, Row]], start: str, now: str
) -> str:
    """Give the latest moment at which rows can begin whose past is to stay in the past.

    start: when they begin now. What lies after the clock already, such as a promised day, may.
    """
    past = [
        each
        for kind, row in members
        for each in instants(company, kind, row)
        if instant_key(each) <= instant_key(now)
    ]
    newest = max([*past, start], key=instant_key)
    return shift(start, read_instant(now) - read_instant(newest))


def _turned(company: Environment, kind: EntityType, path: str, value: Any, turn: Turn) -> Any:
    if isinstance(value, Mapping):
        return {n: _turned(company, kind, f"{path}.{n}", v, turn) for n, v in value.items()}
    if isinstance(value, list | tuple):
        return [_turned(company, kind, path, each, turn) for each in value]
    is_instant = isinstance(value, str) and kind_at(company, kind.name, path) == INSTANT
    return turn(value) if is_instant else value
