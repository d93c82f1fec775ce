"""Which split a task gets: by the hash of its family or its slug, once and for life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Member:
    """A task that needs a split. split: the one that it has, "" for none yet."""

    slug: str
    family: str
    split: str


def plan_splits(members: Sequence[Member], sizes: Mapping[str, int]) -> dict[str, str]:
    """Give the split of each slug: what it has already, else by share, or by exact sizes.

    Members of one family get one split. Raises Problems that say which sizes would be possible.
    """
    raise NotImplementedError
