"""What playing tasks showed, kept in the cache for all processes under all that decides it: the
revision, its world, and the code that plays and grades.
"""

import hashlib
from collections.abc import Collection, Mapping
from functools import cache as once
from pathlib import Path
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

AGE = 60 * 60 * 24 * 30  # seconds that it is kept
_ROOT = Path(__file__).parents[2]
_APPS = ("authoring", "grading", "simulation")
_BESIDE = {".py", ".md", ".json", ".yaml", ".toml"}  # policies and word lists decide too
Key = tuple[int, str, str]  # revision, hash of its content, hash of its world


def kept(keys: Collection[Key]) -> dict[Key, Any]:
    """Give what is known; nothing while the cache is down, which costs time alone."""
    names = {_name(key): key for key in keys}
    try:
        found = cache.get_many(names) if names else {}
    except (RedisError, OSError):
        return {}
    return {names[name]: value for name, value in found.items()}


def keep(known: Mapping[Key, Any]) -> None:
    try:
        cache.set_many({_name(key): value for key, value in known.items()}, timeout=AGE)
    except (RedisError, OSError):
        return


def _name(key: Key) -> str:
    return ":".join(("played", _code(), *map(str, key)))


@once
def _code() -> str:
    digest = hashlib.sha256()
    for app in _APPS:
        for source in sorted((_ROOT / app).rglob("*")):
            if source.suffix in _BESIDE:
                digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
