"""Two agents, runs or gradings on the same tasks, compared task by task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from grading.statistics.figures import Figure, missing
from grading.statistics.means import mean_interval
from grading.statistics.significance import mcnemar, sign_flips

Rollouts = Mapping[str, Mapping[int, float]]  # task -> index of the repeat -> value, 0 to 1
NEAR = 1e-12
NO_PAIR = "no task was graded on both sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """How many got better, worse, or stayed, seen from the first to the second."""

    better: int
    worse: int
    same: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One task's means on both sides, where they differ."""

    task: str
    first: float
    second: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Second minus first, over the tasks that both have; `changes` come largest first.

    p: of sign flips of the tasks' differences. mcnemar: for one 0/1 trial on each side of each
    task, else None. Trials flip between equal indexes of the repeat.
    """

    difference: Figure
    deviation: float | None
    p: float | None
    mcnemar: float | None
    tasks: Flips
    trials: Flips
    changes: tuple[Change, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare(first: Rollouts, second: Rollouts) -> Comparison:
    """Compare by task; a task that only one side has is listed and in no number."""
    mine, yours = ({task: given for task, given in side.items() if given}
                   for side in (first, second))  # fmt: skip
    shared = sorted(mine.keys() & yours.keys())
    means = [
        Change(task=task, first=fmean(mine[task].values()), second=fmean(yours[task].values()))
        for task in shared
    ]
    differences = [change.second - change.first for change in means]
    pairs = [
        (value, yours[task][index])
        for task in shared
        for index, value in mine[task].items()
        if index in yours[task]
    ]
    n = sum(len(side[task]) for side in (mine, yours) for task in shared)
    return Comparison(
        difference=_difference(differences, n),
        deviation=stdev(differences) if len(differences) > 1 else None,
        p=sign_flips(differences) if differences else None,
        mcnemar=_mcnemar(mine, yours, shared),
        tasks=_flips(differences),
        trials=_flips([right - left for left, right in pairs]),
        changes=_changes(means),
        only_first=tuple(sorted(mine.keys() - yours.keys())),
        only_second=tuple(sorted(yours.keys() - mine.keys())),
    )


def _difference(differences: Sequence[float], n: int) -> Figure:
    if not differences:
        return missing(NO_PAIR)
    interval = mean_interval(differences, lowest=-1, highest=1)
    return Figure(value=fmean(differences), n=n, clusters=len(differences), interval=interval)


def _changes(means: Sequence[Change]) -> tuple[Change, ...]:
    changed = [each for each in means if abs(each.second - each.first) > NEAR]
    return tuple(sorted(changed, key=lambda each: -abs(each.second - each.first)))


def _flips(differences: Sequence[float]) -> Flips:
    better = sum(difference > NEAR for difference in differences)
    worse = sum(difference < -NEAR for difference in differences)
    return Flips(better=better, worse=worse, same=len(differences) - better - worse)


def _mcnemar(first: Rollouts, second: Rollouts, shared: Sequence[str]) -> float | None:
    """Give McNemar's p; several trials of a task are no independent pairs."""
    trials = [(list(first[task].values()), list(second[task].values())) for task in shared]
    singles = [(left[0], right[0]) for left, right in trials if len(left) == len(right) == 1]
    if not singles or len(singles) < len(shared):
        return None
    if any(value not in (0, 1) for pair in singles for value in pair):
        return None
    return mcnemar(better=singles.count((0, 1)), worse=singles.count((1, 0)))
