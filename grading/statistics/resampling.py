"""Bootstrap over clusters: whole tasks or episodes are drawn, with all that belongs to them.

A statistic is a function of totals (sums over clusters), so that a resample is a row of weights
and one matrix product gives the totals of them all.
"""

from collections.abc import Callable
from functools import cached_property, lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from grading.statistics.figures import CONFIDENCE, Figure, Interval, missing

Floats = NDArray[np.float64]
Statistic = Callable[[Floats], Floats]  # totals in the last axis; NaN where undefined

RESAMPLES = 2000
SEED = 20260915  # any; the same numbers give the same interval
AT_ONCE = 2_000_000  # draws held in memory
KEPT = 4  # draws that stay there, of the numbers of tasks seen last; at most 4 MB each
DEFINED = 0.95  # an interval needs the statistic in this share of the resamples
NORMAL = NormalDist()
NEAR = 1e-12  # sums of the same values in another order


class Clusters:
    """Tasks or episodes, one row of totals each, and resamples of them, drawn once for all.

    resamples and seed: the same ones give the same intervals.
    """

    def __init__(self, totals: Floats, *, resamples: int = RESAMPLES, seed: int = SEED) -> None:
        self._rows, self._resamples, self._seed = totals, resamples, seed

    def figure(self, statistic: Statistic, *, n: int, undefined: str) -> Figure:
        """Give a statistic with its interval; undefined: why it has no value, should it have none.

        n: the values behind the totals.
        """
        size = len(self._rows)
        value = float(_of(statistic, self._rows.sum(axis=0))) if size else np.nan
        if np.isnan(value):
            return missing(undefined, n=n, clusters=size)
        return Figure(value=value, n=n, clusters=size, interval=self.interval(statistic))

    def interval(self, statistic: Statistic, *, confidence: float = CONFIDENCE) -> Interval:
        """Give the bias-corrected and accelerated interval (BCa). Source: B. Efron, 1987."""
        if len(self._rows) < 2:
            return Interval(why="one alone does not say how others would differ")
        whole = self._rows.sum(axis=0)
        drawn = self.resampled(statistic)
        left_out = _of(statistic, whole - self._rows)
        kept = drawn[~np.isnan(drawn)]
        if len(kept) < DEFINED * len(drawn) or np.isnan(left_out).any():
            return Interval(why="undefined once some of them are left out")
        if np.ptp(kept) <= NEAR:
            return Interval(why="all are alike, so that their spread says nothing")
        levels = _levels(float(_of(statistic, whole)), kept, left_out, confidence)
        low, high = np.quantile(kept, levels)
        return Interval(low=float(low), high=float(high), method="bca")

    def resampled(self, statistic: Statistic) -> Floats:
        """Give the statistic of each resample, in the order that they were drawn."""
        return _of(statistic, self._drawn)

    @cached_property
    def _drawn(self) -> Floats:
        """The totals of each resample."""
        size = len(self._rows)
        if self._resamples * size <= AT_ONCE:
            return _same_weights(self._seed, self._resamples, size).astype(np.float64) @ self._rows
        random, rows = np.random.default_rng(self._seed), max(1, AT_ONCE // size)
        parts = [
            _weights(random, min(rows, self._resamples - start), size) @ self._rows
            for start in range(0, self._resamples, rows)
        ]
        return np.concatenate(parts)


@lru_cache(maxsize=KEPT)
def _same_weights(seed: int, resamples: int, size: int) -> NDArray[np.uint16]:
    """Draw what this seed gives: the same for all that is counted of as many tasks."""
    return _weights(np.random.default_rng(seed), resamples, size).astype(np.uint16)


def _weights(random: np.random.Generator, rows: int, size: int) -> Floats:
    """Count for each resample how often it has each cluster."""
    chosen = random.integers(0, size, (rows, size)) + size * np.arange(rows)[:, None]
    counts = np.bincount(chosen.ravel(), minlength=rows * size)
    return counts.reshape(rows, size).astype(np.float64)


def _of(statistic: Statistic, totals: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return statistic(totals)


def _levels(value: float, drawn: Floats, left_out: Floats, confidence: float) -> list[float]:
    """Give the quantiles that correct the percentile interval for bias and skew."""
    bias = NORMAL.inv_cdf(_share_below(value, drawn))
    away = left_out.mean() - left_out
    spread = float((away**2).sum())
    skew = float((away**3).sum()) / (6 * spread**1.5) if spread > NEAR**2 else 0.0
    tails = [NORMAL.inv_cdf(0.5 + sign * confidence / 2) for sign in (-1, 1)]
    return [NORMAL.cdf(bias + (bias + z) / (1 - skew * (bias + z))) for z in tails]


def _share_below(value: float, drawn: Floats) -> float:
    """Give the share of resamples below the value; equal ones count half, and never all or none."""
    near = NEAR * max(1.0, abs(value))
    below = (np.count_nonzero(drawn < value - near) + np.count_nonzero(drawn <= value + near)) / 2
    return float(min(max(below, 0.5), len(drawn) - 0.5)) / len(drawn)
