"""Hints to the workers: something waits. Few are enough, because whoever finds work passes one on.

A lost hint costs time only: the reaper gives new ones when there are none and something waits.
"""

from simulation.messages import queue_is_empty, send_after_commit
from simulation.waiting.places import places_of
from simulation.waiting.pools import POOLS, Pool, queue_of

WORK = "simulation.tasks.work"
MAX_HINTS = 8  # of one call: what else the queue carries waits behind them


def tell_workers(pool: Pool, n: int = 1) -> None:
    """Hint after commit that so many wait."""
    send_after_commit(WORK, [pool] * min(n, MAX_HINTS), queue=queue_of(pool))


def pass_on(pool: Pool) -> bool:
    """Hint once when something can be taken and no hint says so. Tells whether it was needed."""
    return _hint_when_none(pool, most=1) > 0


def repeat_lost_hints() -> int:
    """Hint at every place from which something can be taken and of which no hint speaks."""
    return sum(_hint_when_none(pool, most=MAX_HINTS) for pool in POOLS)


def _hint_when_none(pool: Pool, *, most: int) -> int:
    hints = min(most, sum(place.is_open for place in places_of(pool)))
    if not hints or not queue_is_empty(queue_of(pool)):
        return 0
    tell_workers(pool, hints)
    return hints
