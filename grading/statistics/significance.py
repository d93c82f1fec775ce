"""Whether a difference between paired values could be chance."""

from collections.abc import Sequence
from math import comb

import numpy as np

from grading.statistics.resampling import AT_ONCE, NEAR, SEED, Floats

EXACT = 16  # differences whose 2^n signs are all tried
FLIPS = 10_000  # else so many are drawn
DECIMALS = 12  # to which differences are equal


def sign_flips(differences: Sequence[float], *, seed: int = SEED, flips: int = FLIPS) -> float:
    """Give the two-sided p that these differences have a mean of zero.

    Without an effect each difference could as well have had the other sign: p is the share of signs
    under which the sum is as far from zero. Exact up to 16 differences that are not zero; else of
    drawn signs, where the observed ones count as one more draw, so that p is never 0.
    """
    moved = np.array([difference for difference in differences if abs(difference) > NEAR])
    seen = abs(moved.sum())
    if seen <= NEAR:
        return 1.0
    limit = seen - NEAR * np.abs(moved).sum()
    if len(moved) <= EXACT:
        return float(np.mean(np.abs(_all_signs(len(moved)) @ moved) >= limit))
    return (_as_far(moved, limit, seed, flips) + 1) / (flips + 1)


def mcnemar(*, better: int, worse: int) -> float:
    """Give the exact two-sided p that flips go both ways equally often."""
    flips, fewer = better + worse, min(better, worse)
    tail = sum(comb(flips, count) for count in range(fewer + 1))
    return min(1.0, 2 * tail / (1 << flips))


def holm(ps: Sequence[float]) -> list[float]:
    """Adjust p-values of several comparisons, in the order given. Source: S. Holm, 1979."""
    order = sorted(range(len(ps)), key=ps.__getitem__)
    adjusted, highest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = highest
    return adjusted


def _all_signs(size: int) -> Floats:
    bits = np.arange(2**size)[:, None] >> np.arange(size) & 1
    return (1 - 2 * bits).astype(np.float64)


def _as_far(moved: Floats, limit: float, seed: int, flips: int) -> int:
    """Count the drawn signs under which the sum is as far from zero.

    Of equal differences it matters only how many keep their sign, which is one binomial draw.
    """
    random = np.random.default_rng(seed)
    sizes, counts = np.unique(np.abs(moved).round(DECIMALS), return_counts=True)
    several = counts > 1
    kept = random.binomial(counts[several], 0.5, (flips, np.count_nonzero(several)))
    sums = (2 * kept - counts[several]) @ sizes[several] + _flipped(random, sizes[~several], flips)
    return int(np.count_nonzero(np.abs(sums) >= limit))


def _flipped(random: np.random.Generator, sizes: Floats, flips: int) -> Floats:
    """Sum numbers under drawn signs, so many times: a coin is quicker than a binomial draw."""
    sums, step = np.zeros(flips), max(1, AT_ONCE // flips)
    for start in range(0, len(sizes), step):
        some = sizes[start : start + step]
        is_kept = random.integers(0, 2, (flips, len(some)), dtype=np.bool_)
        sums += 2 * (is_kept @ some) - some.sum()
    return sums
