"""Rate limits: so many requests a time, by token or person, counted in the cache."""

import time
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_PERIODS = {1: "second", 60: "minute", 3600: "hour", 86400: "day"}


class TooManyRequests(exceptions.APIException):
    """Says how long to wait."""

    status_code = 429
    default_code = "too_many_requests"

    def __init__(self, limit: int, period: int, wait: float) -> None:
        self.wait = max(1, ceil(wait))  # becomes Retry-After
        seconds = f"{self.wait} second{'s' if self.wait > 1 else ''}"
        super().__init__(
            f"{limit} requests a {_PERIODS[period]} are allowed here: wait {seconds}, then go on"
        )


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a limit; wait: seconds until one more request is let through."""

    limit: int
    left: int
    reset: float
    wait: float = 0.0


class RateLimit(BaseThrottle):
    """A window that slides: what the window before counted fades while this one passes.

    The cache being down lets everybody through: a limit must never be an outage.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = settings.API_RATES[view.throttle_scope]
        if rate is None:
            return True
        try:
            room = _take(f"{view.throttle_scope}:{_who(request)}", *rate, now=time.time())
        except (RedisError, OSError):
            return True
        view.room = room
        if room.wait:
            raise TooManyRequests(*rate, room.wait)
        return True


def tell_room(response: HttpResponseBase, room: Room | None) -> None:
    """Say how much is left before anybody runs into the limit."""
    if room is not None:
        response["RateLimit-Limit"] = str(room.limit)
        response["RateLimit-Remaining"] = str(room.left)
        response["RateLimit-Reset"] = str(ceil(room.reset))


def _who(request: Request) -> str:
    token = getattr(request.auth, "pk", None)
    return f"token-{token}" if token else f"user-{request.user.pk}"


def _take(name: str, limit: int, period: int, *, now: float) -> Room:
    window, passed = divmod(now, period)
    this, before = (f"rate:{name}:{period}:{int(window) - age}" for age in (0, 1))
    earlier = cache.get(before, 0)
    cache.add(this, 0, timeout=2 * period)
    count = cache.incr(this)
    faded = earlier * (1 - passed / period)
    reset = period - passed
    if faded + count <= limit:
        return Room(limit, int(limit - faded - count), reset)
    cache.decr(this)
    return Room(limit, 0, reset, _wait(limit, period, passed, earlier, count - 1))


def _wait(limit: int, period: int, passed: float, earlier: int, count: int) -> float:
    """Give the seconds until the counts have faded enough for one more."""
    if count < limit:
        return period * (1 - (limit - 1 - count) / earlier) - passed
    return period - passed + period * (1 - (limit - 1) / count)
