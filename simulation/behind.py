"""Claims that wait behind an episode that runs in this process.

They are claimed together because most episodes are over in moments. One that is not keeps nobody
waiting: when the time is up, what is behind it goes back to the queue, for others.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.db import DatabaseError, connection

from simulation import waiting
from simulation.outages import ridden_out


class Behind:
    """What was claimed and not begun. Whoever takes from it has it: this thread or the timer's."""

    def __init__(self, pool: waiting.Pool, claims: Sequence[waiting.Claim]) -> None:
        self._pool = pool
        self._claims = list(claims)
        self._lock = threading.Lock()

    def take(self) -> waiting.Claim | None:
        """Give the next one; None where none is left."""
        with self._lock:
            return self._claims.pop(0) if self._claims else None

    def give_back(self) -> bool:
        """Let others take what is left. False when nothing is."""
        with self._lock:
            left, self._claims = self._claims, []
        ridden_out(partial(waiting.give_back, left))
        return bool(left)

    def hand_over(self) -> None:
        """Give back what is left, from a thread of its own, and tell a worker of it.

        What cannot be given back is left to the reaper.
        """
        try:
            if self.give_back():
                waiting.pass_on(self._pool)
        except DatabaseError:
            return
        finally:
            connection.close()


@contextmanager
def behind(pool: waiting.Pool, claims: Sequence[waiting.Claim], until: float) -> Iterator[Behind]:
    """Hold claims while others run, at most until then."""
    line = Behind(pool, claims)
    timer = threading.Timer(max(0.0, until - time.monotonic()), line.hand_over)
    timer.daemon = True
    if claims:
        timer.start()
    try:
        yield line
    finally:
        timer.cancel()
