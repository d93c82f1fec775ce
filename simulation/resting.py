"""Whether this process is about to end: its episodes then rest at the next safe place."""

import mmap
from collections.abc import Callable

# Shared with every process that is forked from this one: a worker's parent hears of the end alone.
_said = mmap.mmap(-1, 1)


class Resting(Exception):
    """The episode goes back to the queue, its steps stored: whoever catches this does so."""


_let_go: list[Callable[[], None]] = []


def end_soon() -> None:
    """Tell the episodes of this process and its children to rest."""
    _said[0] = 1


def before_the_end(let_go: Callable[[], None]) -> None:
    """Have something called when the process ends although not all of its episodes rest."""
    _let_go.append(let_go)


def let_go() -> None:
    """Give up what could not be brought to rest in time."""
    for give_up in _let_go:
        give_up()


def go_on() -> None:
    """Take it back."""
    _said[0] = 0


def ends_soon() -> bool:
    return _said[0] == 1
