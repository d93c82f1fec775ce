"""Means over tasks, with the error that comes from which tasks were asked.

Trials of one task are alike, so that they are no independent evidence: errors are clustered by
task. Which interval is shown: `over_tasks` and `over_trials` say it, docs/statistics.md says why.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist, fmean

import numpy as np

from grading.statistics import student
from grading.statistics.figures import CONFIDENCE, Figure, Interval, missing
from grading.statistics.rates import score_bounds
from grading.statistics.resampling import NEAR, Clusters, Floats

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
    interval = _share_interval(counted, means) if is_share else _interval(_columns(means))
    return Figure(value=fmean(means), n=n, clusters=len(counted), interval=interval)


def over_trials(tasks: Tasks) -> Figure:
    """Give the mean over all trials: each trial counts the same, the error is clustered by task.

    The interval is BCa over tasks from 30 tasks on, Student's t below.
    """
    counted = [values for values in tasks if values]
    if not counted:
        return missing(NOTHING)
    totals = np.array([[sum(values), len(values)] for values in counted], dtype=float)
    n = sum(map(len, counted))
    value = float(_ratio(totals.sum(axis=0)))
    return Figure(value=value, n=n, clusters=len(counted), interval=_interval(totals))


def mean_interval(values: Sequence[float]) -> Interval:
    """Give the interval of a mean of independent values without bounds."""
    return _interval(_columns(values))


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


def _interval(totals: Floats) -> Interval:
    error = clustered_error(totals)
    if error is None:
        return Interval(why=ONE_TASK)
    if error <= NEAR:
        return Interval(why=ALIKE)
    if len(totals) >= ENOUGH_FOR_BCA:
        return Clusters(totals).interval(_ratio)
    value, half = float(_ratio(totals.sum(axis=0))), student.quantile(len(totals) - 1) * error
    return _bounds((value - half, value + half), "t")


def _columns(values: Sequence[float]) -> Floats:
    return np.column_stack([values, np.ones(len(values))])


def _ratio(totals: Floats) -> Floats:
    ratio: Floats = totals[..., 0] / totals[..., 1]
    return ratio


def _bounds(bounds: tuple[float, float], method: str) -> Interval:
    return Interval(low=bounds[0], high=bounds[1], method=method)
