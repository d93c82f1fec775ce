"""When a request is sent again, and after how long."""

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from random import SystemRandom

RETRIED = frozenset({408, 409, 429})
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?")


def is_passing(status: int | None) -> bool:
    """Tell whether the same request may succeed later; None: no answer came."""
    return status is None or status in RETRIED or status >= 500


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Time and chance, passed in so that tests need neither.

    random: from 0 to 1.
    """

    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = SystemRandom().random
    seconds: Callable[[], float] = time.monotonic
    now: Callable[[], dt.datetime] = _now


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a model is asked at most.

    most: tries in all. total_s: no try begins later than this after the first.
    first_s, cap_s: the first and the longest span from which a wait is drawn; it doubles.
    """

    most: int = 5
    total_s: float = 120
    first_s: float = 0.5
    cap_s: float = 20

    def wait(self, tries: int, asked: float | None, chance: float) -> float:
        """Give the wait after so many tries: at least what the server asked for."""
        span = min(self.cap_s, self.first_s * (1 << min(tries - 1, 30)))
        return max(asked or 0.0, chance * span)

    def why_not(self, tries: int, spent: float, wait: float) -> str:
        """Tell why there is no further try after this wait, "" when there is one."""
        tried = f"after {tries} tries" if tries > 1 else "after one try"
        if tries >= self.most:
            return tried
        if spent + wait <= self.total_s:
            return ""
        return (
            f"{tried} in {spent:.1f} s: the next would be due in {wait:.1f} s,"
            f" and {self.total_s:g} s are allowed in all"
        )


PATIENT = Retries(most=12, total_s=300)  # for episodes: a minute without a server masks none


def retry_after(value: str, now: dt.datetime) -> float | None:
    """Read a Retry-After header, seconds or an HTTP date; None for none that can be read."""
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())
