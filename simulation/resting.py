"""Whether this process is about to end: its episodes then rest at the next safe place."""

import mmap

# Shared with every process that is forked from this one: a worker's parent hears of the end alone.
_said = mmap.mmap(-1, 1)


class Resting(Exception):
    """The episode goes back to the queue, its steps stored: whoever catches this does so."""


def end_soon() -> None:
    """Tell the episodes of this process and its children to rest."""
    _said[0] = 1


def go_on() -> None:
    """Take it back."""
    _said[0] = 0


def ends_soon() -> bool:
    return _said[0] == 1
