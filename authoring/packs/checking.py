"""What is wrong with a pack before it is frozen, and what one should know of it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User

from authoring.models import Pack
from authoring.packs.chosen import Chosen, chosen_in, members_of, worlds_of
from authoring.packs.facts import facts_of
from authoring.packs.rules import CHECKS, Check, Composition, Level, cells_of
from authoring.packs.splitting import plan_splits
from authoring.splits import HELD_OUT, SPLITS
from grading.models import Judge
from simulation.errors import Problems
from simulation.roles import sees_held_out
from simulation.wording import counted

__all__ = [
    "CHECKS",
    "PATIENCE",
    "Cell",
    "Composition",
    "Level",
    "PackProblem",
    "PackReport",
    "check_pack",
    "composition_of",
    "report_of",
]


PATIENCE = 20.0  # seconds that tasks are played in one request, where nobody watches


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
    that are not yet. unseen: held-out tasks that this person may not see by name. waiting: tasks
    that are still to be played, of which nothing is said yet.
    """

    problems: Sequence[PackProblem]
    cells: Sequence[Cell]
    splits: dict[str, int]
    new_held_out: int
    unseen: int
    tasks: int = 0
    waiting: int = 0

    @property
    def can_freeze(self) -> bool:
        is_good = all(problem.level != Level.ERROR for problem in self.problems)
        return is_good and not self.waiting


def check_pack(pack: Pack, *, by: User, seconds: float | None = None) -> PackReport:
    """Check the next version of a pack. Names nothing that this person may not see.

    seconds: for so long tasks are played that were not yet.
    """
    return report_of(composition_of(pack, seconds=seconds), by=by)


def report_of(composition: Composition, *, by: User) -> PackReport:
    held_out = {each.slug for each in composition.chosen if each.split == HELD_OUT}
    hidden = frozenset() if sees_held_out(by) else frozenset(held_out)
    splits = Counter(split for split in composition.plan.values() if split)
    return PackReport(
        problems=list(_problems(composition, hidden)),
        cells=[
            Cell(category=category, difficulty=difficulty, split=split, tasks=tasks)
            for (category, difficulty, split), tasks in cells_of(composition)
        ],
        splits={split: splits[split] for split in SPLITS},
        new_held_out=splits[HELD_OUT] - len(held_out),
        unseen=len(hidden),
        tasks=len(composition.chosen),
        waiting=len(composition.waiting),
    )


def composition_of(pack: Pack, *, seconds: float | None = None) -> Composition:
    """Read and play what is put together, and plan its splits."""
    chosen = chosen_in(pack)
    plan, problems = _planned(pack, chosen)
    worlds = worlds_of(chosen)
    facts = facts_of(chosen, worlds, seconds=seconds)
    playable = (each.slug for each in chosen if each.world in worlds)
    return Composition(
        chosen=chosen,
        facts=facts,
        plan=plan,
        size_problems=problems,
        is_for_training=pack.is_for_training,
        has_judge=Judge.objects.filter(is_retired=False).exists(),
        waiting=frozenset(slug for slug in playable if slug not in facts),
    )


def _planned(pack: Pack, chosen: Sequence[Chosen]) -> tuple[Mapping[str, str], Sequence[str]]:
    """Give the plan and nothing against it, or what was given before and why there is none."""
    try:
        return plan_splits(members_of(pack, chosen), pack.sizes), ()
    except Problems as error:
        return {each.slug: each.split for each in chosen}, error.problems


def _problems(pack: Composition, hidden: Collection[str]) -> Iterator[PackProblem]:
    for name, check in CHECKS.items():
        by_text: dict[str, list[str]] = defaultdict(list)
        unseen: set[str] = set()
        for found in check.find(pack):
            seen = [slug for slug in found.tasks if slug not in hidden]
            unseen.update(slug for slug in found.tasks if slug in hidden)
            if not found.tasks or len(seen) >= found.least:
                by_text[found.text] += seen
        for text, slugs in by_text.items():
            yield PackProblem(level=check.level, check=name, text=text, tasks=tuple(slugs))
        if unseen:
            yield PackProblem(level=check.level, check=name, text=_unseen(check, len(unseen)))


def _unseen(check: Check, count: int) -> str:
    return f"Among what you may not see: {counted(count, 'held-out task')} {check.about}."
