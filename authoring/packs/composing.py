"""Putting the next version of a pack together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from authoring.listing.asked import Asked
from authoring.models import Pack, Task


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A task that was asked for and is not added, and why."""

    task: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Added:
    """What adding did. added: slugs; kept: slugs that were there before."""

    added: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class Newer:
    """A task of a pack that has a newer approved revision than the one chosen."""

    task: str
    chosen: int
    approved: int


def create_pack(*, slug: str, title: str, by: User, **members: Any) -> Pack:
    """Make an empty pack with a canary of its own.

    members: description, licence, is_for_training, sizes. Raises Forbidden for others than
    PACK_MAKERS, Conflict for a slug that is taken, Problems for bad values.
    """
    raise NotImplementedError


def change_pack(pack: Pack, members: Mapping[str, Any], *, by: User) -> Pack:
    """Change title, description, licence, is_for_training or sizes.

    Raises Forbidden for others than its owner and admins, Problems for bad values.
    """
    raise NotImplementedError


def matching(user: User, asked: Asked) -> Collection[Task]:
    """Give the approved tasks that the filter of the list of tasks finds, as this person sees them:
    none that is retired, none held out for those who may not see it."""
    raise NotImplementedError


def add_tasks(pack: Pack, slugs: Collection[str], *, by: User) -> Added:
    """Add tasks with their approved revisions; says what was left out and why."""
    raise NotImplementedError


def remove_tasks(pack: Pack, slugs: Collection[str], *, by: User) -> int:
    """Take tasks out of the next version; gives how many were there."""
    raise NotImplementedError


def newer_revisions(pack: Pack, *, by: User) -> list[Newer]:
    """Name the tasks that have a newer approved revision."""
    raise NotImplementedError


def take_newer(pack: Pack, *, by: User, slugs: Collection[str] | None = None) -> int:
    """Choose the approved revisions of these tasks, or of all; gives how many changed."""
    raise NotImplementedError
