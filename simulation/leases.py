"""Keeping the leases of all episodes that this process runs: one thread, one statement for all."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, connection

from simulation import episodes
from simulation.errors import LeaseLost
from simulation.outages import LONGEST_PAUSE
from simulation.resting import Resting, before_the_end, ends_soon

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Lease:
    """What this process holds of an episode, and what was heard of it since."""

    episode_id: int
    number: int
    is_lost: bool = False
    is_to_rest: bool = False

    @property
    def is_to_stop(self) -> bool:
        return self.is_lost or self.is_to_rest or ends_soon()

    def check(self) -> None:
        """Raise LeaseLost or Resting when the episode is not to go on here."""
        if self.is_lost:
            raise LeaseLost(f"episode {self.episode_id}, lease {self.number}")
        if self.is_to_rest or ends_soon():
            raise Resting


class Keeper:
    """Extends leases from a thread of its own, which lives while there are any."""

    def __init__(self) -> None:
        self._leases: dict[int, Lease] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._due = 0.0

    @contextmanager
    def keeping(self, lease: Lease) -> Iterator[Lease]:
        """Keep a lease while the block runs."""
        with self._changed:
            self._plan(is_first=not self._leases)
            self._leases[lease.episode_id] = lease
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._thread.start()
        try:
            yield lease
        finally:
            with self._changed:
                if (
                    self._leases.get(lease.episode_id) is lease
                ):  # and not a later one of this process
                    del self._leases[lease.episode_id]

    def held(self) -> list[Lease]:
        with self._changed:
            return list(self._leases.values())

    def let_go(self) -> None:
        """Put what is still held back into the queue, for others to go on from what is stored."""
        for lease in self.held():
            try:
                episodes.rest_episode(lease.episode_id, lease=lease.number)
            except (LeaseLost, DatabaseError) as error:
                logger.warning("left to the reaper: %s", str(error).strip())

    def _plan(self, *, is_first: bool) -> None:
        due = time.monotonic() + _interval()
        is_sooner = due < self._due
        if is_first or is_sooner:
            self._due = due
        if is_sooner:
            self._changed.notify()

    def _keep(self) -> None:
        while self._is_needed():
            if leases := self._those_due():
                pause = self._extend(leases)
                with self._changed:
                    self._due = time.monotonic() + pause

    def _is_needed(self) -> bool:
        """Tell whether there is anything to keep; if not, the next lease starts a new thread."""
        with self._changed:
            wait = self._due - time.monotonic()
            if self._leases or wait > 0:
                return True
            self._thread = None
            return False

    def _those_due(self) -> list[Lease]:
        with self._changed:
            wait = self._due - time.monotonic()
            if wait > 0:
                self._changed.wait(wait)
            return list(self._leases.values()) if time.monotonic() >= self._due else []

    def _extend(self, leases: list[Lease]) -> float:
        """Extend what is held; gives the seconds until the next time."""
        try:
            heard = episodes.heartbeat_all({lease.episode_id: lease.number for lease in leases})
        except DatabaseError as error:
            logger.warning("leases cannot be extended now: %s", str(error).strip())
            return min(_interval(), LONGEST_PAUSE / 5)
        finally:
            connection.close()
        for lease in leases:
            lease.is_lost = lease.episode_id not in heard
            lease.is_to_rest = bool(heard.get(lease.episode_id))
        return _interval()


def _interval() -> float:
    return float(settings.LEASE_SECONDS) / 3


KEEPER = Keeper()


def _begin_anew() -> None:
    """Leave the parent's leases, its thread and its lock to the parent."""
    KEEPER.__init__()  # type: ignore[misc]


os.register_at_fork(after_in_child=_begin_anew)
before_the_end(KEEPER.let_go)
