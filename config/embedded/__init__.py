"""PostgreSQL and Valkey of this checkout, for whoever sets no DATABASE_URL or REDIS_URL.

`hold` makes them run while this process lives; they end by themselves after the last user.
"""

import os
from pathlib import Path

from config.embedded.errors import ServerError
from config.embedded.holding import hold, release, revive, status
from config.embedded.places import (
    DATABASE,
    POSTGRES,
    POSTGRES_PORT,
    SERVERS,
    VALKEY,
    Places,
)

__all__ = [
    "SERVERS",
    "ServerError",
    "database_settings",
    "database_url",
    "hold",
    "missing_servers",
    "redis_client_url",
    "redis_url",
    "release",
    "revive",
    "status",
]

_VARIABLES = {VALKEY: "REDIS_URL", POSTGRES: "DATABASE_URL"}


def missing_servers() -> list[str]:
    """The servers that the environment gives no URL for, so that we run our own."""
    return [server for server in SERVERS if not os.environ.get(_VARIABLES[server], "").strip()]


def database_settings(var: Path) -> dict[str, str]:
    """An entry for Django's DATABASES. Starts nothing."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": DATABASE,
        "PASSWORD": "",
        "HOST": str(Places.of(var).sockets),
        "PORT": POSTGRES_PORT,
    }


def database_url(var: Path) -> str:
    """The same as a URL, for psql and other programs."""
    host = Places.of(var).sockets
    return f"postgresql://{DATABASE}@/{DATABASE}?host={host}&port={POSTGRES_PORT}"


def redis_url(var: Path) -> str:
    """The URL of the queue for Celery."""
    return f"redis+socket://{Places.of(var).socket(VALKEY)}"


def redis_client_url(var: Path) -> str:
    """The URL of the same server for a Redis client."""
    return f"unix://{Places.of(var).socket(VALKEY)}"
