"""Quantiles of Student's t, by the closed sum for whole degrees of freedom."""

from functools import lru_cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

from grading.statistics.figures import CONFIDENCE

HALVINGS = 200  # until the bracket cannot shrink any more


def inside(t: float, freedom: int) -> float:
    """Give P(|T| <= t). Source: Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = atan(t / sqrt(freedom))
    is_odd = freedom % 2
    term = cos(angle) if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for factor in range(2 if is_odd else 1, freedom - 2, 2):
        term *= cos(angle) ** 2 * factor / (factor + 1)
        total += term
    return 2 / pi * (angle + sin(angle) * total) if is_odd else sin(angle) * total


@lru_cache(maxsize=1024)
def quantile(freedom: int, *, confidence: float = CONFIDENCE) -> float:
    """Give the t that |T| stays below with this confidence."""
    low, high = NormalDist().inv_cdf(0.5 + confidence / 2), 1.0
    while inside(high, freedom) < confidence:
        high *= 2
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if inside(middle, freedom) < confidence else (low, middle)
    return (low + high) / 2
