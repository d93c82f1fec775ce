"""What more than one trial of a task shows: pass@k, pass^k, and how repeats differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb
from statistics import stdev

from grading.statistics.figures import Figure, missing
from grading.statistics.means import NOTHING, over_tasks
from grading.statistics.rates import Share, wilson

Estimator = Callable[[int, int, int], float]
NAMED = 3  # tasks that a reason names


@dataclass(frozen=True, slots=True)
class Trials:
    """How often one task was tried and passed."""

    task: str
    n: int
    passed: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The pass rate of each repeat, by its index, and their standard deviation."""

    rates: Mapping[int, Share]
    deviation: float | None
    why: str = ""


@lru_cache(maxsize=4096)
def any_of(n: int, passed: int, k: int) -> float:
    """Give pass@k: the chance that at least one of k trials, drawn from these n, passed.

    Source: Chen et al., 2021, arXiv 2107.03374.
    """
    return 1 - comb(n - passed, k) / comb(n, k)


@lru_cache(maxsize=4096)
def all_of(n: int, passed: int, k: int) -> float:
    """Give pass^k: the chance that all of k trials, drawn from these n, passed.

    Source: Yao et al., 2024, arXiv 2406.12045.
    """
    return comb(passed, k) / comb(n, k)


def over_k(tasks: Sequence[Trials], k: int, estimator: Estimator) -> Figure:
    """Give the mean over tasks of pass@k or pass^k; none where a task has fewer than k trials."""
    n = sum(task.n for task in tasks)
    if not tasks:
        return missing(NOTHING)
    if short := [task for task in tasks if task.n < k]:
        return missing(_too_few(short, k, len(tasks)), n=n, clusters=len(tasks))
    if k == 1:
        return over_tasks([_as_trials(task) for task in tasks], is_share=True)
    figure = over_tasks([[estimator(task.n, task.passed, k)] for task in tasks], is_share=True)
    return Figure(value=figure.value, n=n, clusters=len(tasks), interval=figure.interval)


def spread(passed_by_index: Mapping[int, Sequence[bool]]) -> Spread:
    """Give the pass rate of each repeat over the tasks, and how much these rates differ."""
    shares = {
        index: wilson(sum(passed), len(passed)) for index, passed in sorted(passed_by_index.items())
    }
    rates = {index: share for index, share in shares.items() if share}
    if len(rates) < 2:
        return Spread(rates, None, "a deviation needs two repeats")
    return Spread(rates, stdev(share.value for share in rates.values()))


def _as_trials(task: Trials) -> list[float]:
    return [1.0] * task.passed + [0.0] * (task.n - task.passed)


def _too_few(short: Sequence[Trials], k: int, tasks: int) -> str:
    names = ", ".join(f"{task.task} ({task.n})" for task in short[:NAMED])
    more = f" and {len(short) - NAMED} more" if len(short) > NAMED else ""
    return f"{len(short)} of {tasks} tasks have fewer than {k} graded trials: {names}{more}"
