"""The cache: the server of the queue, with a database of its own beside it."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

DATABASE = 15
_PATIENCE = 0.5  # seconds; what the cache does not say in time is done without
_SOCKETS = {"redis+socket": "unix"}


def cache_settings(url: str) -> dict[str, Any]:
    """Give an entry for Django's CACHES. Starts nothing."""
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _in_own_database(url),
        "OPTIONS": {"socket_connect_timeout": _PATIENCE, "socket_timeout": _PATIENCE},
    }


def _in_own_database(url: str) -> str:
    """Name our database in the address of a server, whichever one that names."""
    parts = urlsplit(url)
    scheme = _SOCKETS.get(parts.scheme, parts.scheme)
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in ("db", "virtual_host")]
    path = parts.path if scheme == "unix" else ""
    asked = urlencode([*query, ("db", str(DATABASE))])
    return f"{scheme}://{parts.netloc}{path}?{asked}"
