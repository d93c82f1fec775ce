"""Numbers in, numbers out: shares with their interval, and means."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, fmean

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """A share of n with its interval; all three are between 0 and 1."""

    n: int
    value: float
    low: float
    high: float


def wilson(successes: int, n: int, *, confidence: float = CONFIDENCE) -> Share | None:
    """Give a rate with Wilson's score interval; None for nothing counted.

    Source: E. B. Wilson, 1927; it stays inside [0, 1] and is honest at 0 % and 100 %.
    """
    if n == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Share(n, p, low, high)


def mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
