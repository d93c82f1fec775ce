"""Means over tasks, with the error that comes from which tasks were asked.

Trials of one task are alike, so that they are no independent evidence: errors are clustered by
task. Which interval is shown: `over_tasks` and `over_trials` say it, docs/statistics.md says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt
from statistics import NormalDist, fmean

import numpy as np

from grading.statistics import student
from grading.statistics.figures import CONFIDENCE, Figure, Interval, missing
from grading.statistics.rates import score_bounds
from grading.statistics.resampling import NEAR, Clusters, Floats, Statistic

Tasks = Sequence[Sequence[float]]  # the values of each task's trials

ENOUGH_FOR_BCA = 30  # clusters; below, BCa covers too little and Student's t stands in
NOTHING = "nothing was counted"
ONE_TASK = "one task does not say how others would go"
ALIKE = "all tasks have the same mean, so that their spread says nothing"


def mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None


def over_tasks(tasks: Tasks, *, is_share: bool) -> Figure:
    """Give the mean over tasks of their means: each task counts the same.

    is_share: the values lie between 0 and 1. Then the interval is Wilson's: of the tasks where each
    has one trial that is 0 or 1, or where all means are alike; else of the effective number of
    trials. Without bounds it is BCa from 30 tasks on, Student's t below.
    """
    counted = [values for values in tasks if values]
    if not counted:
        return missing(NOTHING)
    n, means = sum(map(len, counted)), [fmean(values) for values in counted]
    interval = _share_interval(counted, means) if is_share else mean_interval(means)
    return Figure(value=fmean(means), n=n, clusters=len(counted), interval=interval)


def over_trials(tasks: Tasks, *, lowest: float = -inf) -> Figure:
    """Give the mean over all trials: each trial counts the same, the error is clustered by task.

    The interval is BCa over tasks from 30 tasks on, Student's t below.
    lowest: what no value can be below; the interval is cut there.
    """
    (figure,) = all_over_trials([tasks], lowest=lowest)
    return figure


def all_over_trials(measures: Sequence[Tasks], *, lowest: float = -inf) -> list[Figure]:
    """Give the means of several measures of the same trials; resamples are drawn once for all."""
    sizes = [len(values) for values in measures[0] if values]
    if not sizes:
        return [missing(NOTHING) for _ in measures]
    sums = [[sum(values) for values in tasks if values] for tasks in measures]
    totals = np.array([*sums, sizes], dtype=float).T
    clusters, figures = Clusters(totals), []
    for column in range(len(measures)):
        ratio = _Ratio(column)
        figures.append(
            Figure(
                value=float(ratio(totals.sum(axis=0))),
                n=sum(sizes),
                clusters=len(sizes),
                interval=_cut(_interval(clusters, totals[:, [column, -1]], ratio), lowest),
            )
        )
    return figures


def mean_interval(
    values: Sequence[float], *, lowest: float = -inf, highest: float = inf
) -> Interval:
    """Give the interval of a mean of independent values that lie within these bounds."""
    totals = _columns(values)
    return _cut(_interval(Clusters(totals), totals, _ratio), lowest, highest)


def clustered_error(totals: Floats) -> float | None:
    """Give the standard error of Σ sums / Σ sizes, of rows (sum, size); None for one cluster.

    With all sizes alike it is the standard deviation of the clusters' means / √clusters.
    """
    clusters = len(totals)
    if clusters < 2:
        return None
    sums, sizes = totals[:, 0], totals[:, 1]
    away = sums - _ratio(totals.sum(axis=0)) * sizes
    return sqrt(clusters / (clusters - 1) * float((away**2).sum())) / float(sizes.sum())


def _share_interval(tasks: Tasks, means: Sequence[float]) -> Interval:
    size, value = len(means), fmean(means)
    z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
    if all(len(values) == 1 and values[0] in (0, 1) for values in tasks):
        return _bounds(score_bounds(value, size, z), "wilson")
    if size == 1:
        return Interval(why=ONE_TASK)
    error = clustered_error(_columns(means))
    if error is None or error <= NEAR or value in (0, 1):
        return _bounds(score_bounds(value, size, z), "wilson")
    effective = value * (1 - value) / error**2 * (z / student.quantile(size - 1)) ** 2
    return _bounds(score_bounds(value, max(effective, 1.0), z), "clustered_wilson")


def _interval(clusters: Clusters, totals: Floats, ratio: Statistic) -> Interval:
    """Give the interval of Σ sums / Σ sizes; totals: rows (sum, size) of these clusters."""
    error = clustered_error(totals)
    if error is None:
        return Interval(why=ONE_TASK)
    if error <= NEAR:
        return Interval(why=ALIKE)
    if len(totals) >= ENOUGH_FOR_BCA:
        return clusters.interval(ratio)
    value, half = float(_ratio(totals.sum(axis=0))), student.quantile(len(totals) - 1) * error
    return _bounds((value - half, value + half), "t")


def _cut(interval: Interval, lowest: float, highest: float = inf) -> Interval:
    if interval.low is None or interval.high is None:
        return interval
    return replace(interval, low=max(lowest, interval.low), high=min(highest, interval.high))


def _columns(values: Sequence[float]) -> Floats:
    return np.column_stack([values, np.ones(len(values))])


@dataclass(frozen=True, slots=True)
class _Ratio:
    """The mean of one measure: its sums by the sizes, which stand in the last column."""

    column: int

    def __call__(self, totals: Floats) -> Floats:
        ratio: Floats = totals[..., self.column] / totals[..., -1]
        return ratio


_ratio = _Ratio(0)


def _bounds(bounds: tuple[float, float], method: str) -> Interval:
    return Interval(low=bounds[0], high=bounds[1], method=method)
