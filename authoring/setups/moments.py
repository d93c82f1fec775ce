"""The instants in rows, shifted together."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from simulation.browser.values import kind_at
from simulation.entities import EntityType, Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.snapshots import Snapshot
from simulation.values import instant_key, read_instant, write_instant

INSTANT = "instant"
Turn = Callable[[str], str]


def instants(company: Environment, kind: EntityType, row: Row) -> Iterator[tuple[str, str]]:
    """Give every instant in a row with its path, nested ones too."""
    return _placed(company, kind.name, "", row)


def turned(company: Environment, kind: EntityType, row: Row, turn: Turn) -> dict[str, Any]:
    """Copy a row with every instant turned into another."""
    return {name: _turned(company, kind, name, value, turn) for name, value in row.items()}


def shift(text: str, by: dt.timedelta) -> str:
    """Raises InvalidArgument beyond the years that there are."""
    try:
        return write_instant(read_instant(text) + by)
    except OverflowError:
        raise InvalidArgument(f"{text} cannot be moved so far") from None


def latest_start(snapshot: Snapshot, members: Sequence[tuple[EntityType, Row]], start: str) -> str:
    """Give the latest moment at which rows can begin whose past is to stay in the past.

    start: when they begin now. What may lie after the clock, such as a promised day, may here.
    """
    now = instant_key(snapshot.now)
    promises = {kind.name: _promises(snapshot, kind) for kind, _ in members}
    past = [
        each
        for kind, row in members
        for path, each in instants(snapshot.company, kind, row)
        if instant_key(each) <= now and path not in promises[kind.name]
    ]
    newest = max([*past, start], key=instant_key)
    return shift(start, read_instant(snapshot.now) - read_instant(newest))


def _promises(snapshot: Snapshot, kind: EntityType) -> frozenset[str]:
    """Give the fields in which some row that agents see has an instant after the clock."""
    now = instant_key(snapshot.now)
    return frozenset(
        path
        for row in snapshot.rows(kind.name).values()
        for path, each in instants(snapshot.company, kind, row)
        if instant_key(each) > now
    )


def _placed(company: Environment, kind: str, path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Give every instant in a value with its path."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _placed(company, kind, f"{path}.{name}" if path else name, each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _placed(company, kind, path, each)
    elif isinstance(value, str) and kind_at(company, kind, path) == INSTANT:
        yield path, value


def _turned(company: Environment, kind: EntityType, path: str, value: Any, turn: Turn) -> Any:
    if isinstance(value, Mapping):
        return {n: _turned(company, kind, f"{path}.{n}", v, turn) for n, v in value.items()}
    if isinstance(value, list | tuple):
        return [_turned(company, kind, path, each, turn) for each in value]
    is_instant = isinstance(value, str) and kind_at(company, kind.name, path) == INSTANT
    return turn(value) if is_instant else value
