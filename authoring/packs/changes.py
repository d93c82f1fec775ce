"""What differs between two versions of a pack, task by task."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from authoring.models import PackVersion

PARTS = ("prompt", "setup", "tools", "rubric", "world", "reference", "labels")


@dataclass(frozen=True, kw_only=True)
class TaskChange:
    """What became of one task: added, removed or changed, in which PARTS.

    before, after: revision numbers, None where it is not there. comparable: whether rewards of both
    versions may be set side by side; why: in a sentence, where they may not.
    """

    task: str
    kind: str
    before: int | None
    after: int | None
    parts: tuple[str, ...] = ()
    comparable: bool = True
    why: str = ""


def changes_between(old: PackVersion | None, new: PackVersion, *, by: User) -> Sequence[TaskChange]:
    """Compare two versions. Names nothing that this person may not see."""
    raise NotImplementedError
