"""Riding out a database that is away: what its loss interrupted is done again.

Only what may be told twice is repeated: a transaction whose commit was not confirmed may have been
carried out.
"""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from simulation.metrics import database_retries

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0  # seconds; in between they double
# the server ends, crashed, or starts; or has no connection left to give
_PASSING = frozenset({"57P01", "57P02", "57P03", "53300"})


class OutageTooLong(DatabaseError):
    """The database did not come back in time; nobody should wait for it once more."""


def ridden_out(work: Callable[[], Result]) -> Result:
    """Do a piece of work, again and again while its connection gets lost.

    Raises OutageTooLong after settings.OUTAGE_SECONDS.
    """
    pauses, lost_at = 0, time.monotonic()
    while True:
        begun = time.monotonic()
        try:
            return work()
        except (OperationalError, InterfaceError) as error:
            if not is_lost(error) or connection.in_atomic_block:
                raise
            now = time.monotonic()
            if now - begun > LONGEST_PAUSE or not pauses:
                pauses, lost_at = 0, now  # it had worked for a while: another outage
            if now - lost_at > settings.OUTAGE_SECONDS:
                raise OutageTooLong(f"after {now - lost_at:.0f} s: {error}") from error
            logger.warning("the database is away: %s", str(error).strip())
            connection.close()
            database_retries.inc()
            pauses += 1
            time.sleep(_pause(pauses))


def is_lost(error: OperationalError | InterfaceError) -> bool:
    """Tell whether the connection failed, and not what was asked over it."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state in _PASSING or state.startswith("08")
    return connection.connection is None or bool(connection.connection.closed)


def is_steady() -> bool:
    """Tell whether the server has been there for so long that each worker could keep its leases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_postmaster_start_time() < now() - make_interval(secs => %s)",
            [settings.LEASE_SECONDS],
        )
        return bool(cursor.fetchone()[0])


def give_back_connection() -> None:
    """Let others have the connection while this thread waits for something else."""
    if settings.HAS_POOL and not connection.in_atomic_block:
        connection.close()


def _pause(number: int) -> float:
    """Give seconds, with jitter: many workers lose one server at the same moment."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(number, 16))
    return random.uniform(longest / 2, longest)  # noqa: S311
