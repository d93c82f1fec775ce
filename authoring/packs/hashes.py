"""What names a version of a pack: hashes over its entries, and over all that it says."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulation.text import canonical

Line = tuple[str, int, str, str]  # slug, number of the revision, hash of its content, of its world


def hash_of_split(lines: Iterable[Line]) -> str:
    """Name the entries of a split, in whatever order they come."""
    return hashlib.sha256(canonical([list(line) for line in sorted(lines)])).hexdigest()


def hash_of_version(
    *,
    slug: str,
    number: int,
    title: str,
    licence: str,
    canary: str,
    is_for_training: bool,
    splits: Mapping[str, Mapping[str, Any]],
    worlds: Sequence[Mapping[str, str]],
) -> str:
    """Name a version by what it says; its entries are in it by the hashes of their splits.

    splits: {split: {"tasks", "hash"}}. worlds: [{"name", "hash"}].
    """
    said = {
        "slug": slug,
        "number": number,
        "title": title,
        "licence": licence,
        "canary": canary,
        "is_for_training": is_for_training,
        "splits": {split: has["hash"] for split, has in splits.items()},
        "worlds": [dict(world) for world in worlds],
    }
    return hashlib.sha256(canonical(said)).hexdigest()
