"""What is wrong with a pack before it is frozen, and what one should know of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import User

from authoring.models import Pack


class Level(StrEnum):
    ERROR = "error"  # it cannot be frozen
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class PackProblem:
    """One thing that is wrong. check: the stable name of what was checked; tasks: slugs."""

    level: Level
    check: str
    text: str
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cell:
    """How many tasks of a category, difficulty and split there will be."""

    category: str
    difficulty: str
    split: str
    tasks: int


@dataclass(frozen=True, kw_only=True)
class PackReport:
    """What the next version of a pack would be.

    splits: tasks by split, as they would be given; new_held_out: how many tasks would be held out
    that are not yet. unseen: held-out tasks that this person may not see by name.
    """

    problems: Sequence[PackProblem]
    cells: Sequence[Cell]
    splits: dict[str, int]
    new_held_out: int
    unseen: int

    @property
    def can_freeze(self) -> bool:
        return all(problem.level != Level.ERROR for problem in self.problems)


def check_pack(pack: Pack, *, by: User) -> PackReport:
    """Check the next version of a pack. Names nothing that this person may not see."""
    raise NotImplementedError
