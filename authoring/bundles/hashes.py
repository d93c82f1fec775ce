"""Hashes of a version of a pack, as freezing makes them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulation.text import canonical


def split_hash(entries: Iterable[Sequence[Any]]) -> str:
    """entries: [slug, revision number, content hash, world hash], in order of the slugs."""
    return hashlib.sha256(canonical([list(entry) for entry in entries])).hexdigest()


def version_hash(
    members: Mapping[str, Any], splits: Mapping[str, str], worlds: Sequence[Mapping[str, str]]
) -> str:
    """members: slug, number, title, licence, canary, is_for_training. splits: their hashes."""
    said = {**members, "splits": dict(splits), "worlds": list(worlds)}
    return hashlib.sha256(canonical(said)).hexdigest()
