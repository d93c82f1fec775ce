"""Shares of n with Wilson's interval."""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist

from grading.statistics.figures import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Share:
    """A share of n with its interval; all three are between 0 and 1."""

    n: int
    value: float
    low: float
    high: float


@lru_cache(maxsize=4096)  # thousands of criteria have few rates
def wilson(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Share | None:
    """Give a rate with Wilson's score interval; None for nothing counted.

    Source: E. B. Wilson, 1927; it stays inside [0, 1] and is honest at 0 % and 100 %.
    """
    if n == 0:
        return None
    p = successes / n
    low, high = score_bounds(p, n, NormalDist().inv_cdf(0.5 + confidence / 2))
    return Share(n, p, low, high)


def score_bounds(p: float, n: float, z: float) -> tuple[float, float]:
    """Give Wilson's bounds of a share p of n, which may be an effective n and no whole number."""
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if p == 0 else max(0.0, centre - half)
    high = 1.0 if p == 1 else min(1.0, centre + half)
    return low, high
