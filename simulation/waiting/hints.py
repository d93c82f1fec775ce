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


def pass_on(pool: Pool) -> None:
    """Give back the hint that was taken, if something can still be taken."""
    tell_workers(pool, min(1, _open_places(pool)))


def hint_when_none(pool: Pool) -> int:
    """Hint at what can be taken when the queue is empty. Gives how many hints were needed."""
    hints = min(MAX_HINTS, _open_places(pool)) if queue_is_empty(queue_of(pool)) else 0
    tell_workers(pool, hints)
    return hints


def repeat_lost_hints() -> int:
    """Hint at what can be taken and of which no hint speaks."""
    return sum(map(hint_when_none, POOLS))


def _open_places(pool: Pool) -> int:
    return sum(place.is_open for place in places_of(pool))
