"""Points: read from numbers and words, and made of weights that are no whole numbers."""

import math
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grading.criteria import POINT_WORDS

MOST = 100
RIGHT = "write a whole number from -100 to 100, never 0"
WORDS = {word: points for points, word in POINT_WORDS.items()}
_WHOLE = re.compile(r"[+-]?\d{1,3}(\.0{1,9})?", re.ASCII)
_FACTORS = (1, 10, 100)


def read_points(value: Any) -> int | None:
    """Read points from a number, or from a text that holds one or is a word for one."""
    if isinstance(value, str):
        text = value.strip().replace("\u2212", "-")
        value = WORDS.get(text.lower(), float(text) if _WHOLE.fullmatch(text) else None)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        return None
    return int(value) if 1 <= abs(value) <= MOST else None


def fraction_of(value: Any) -> Fraction | None:
    """Give a JSON number exactly as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Fraction(repr(value))


def factor_to_whole(weights: Sequence[Fraction]) -> int | None:
    """Give 1, 10 or 100: what makes all weights points; None where none of them does."""
    for factor in _FACTORS:
        made = [weight * factor for weight in weights]
        if all(each.denominator == 1 and 1 <= abs(each) <= MOST for each in made):
            return factor
    return None


def points_of_shares(shares: Sequence[Fraction]) -> tuple[list[int], Fraction]:
    """Give whole points from 1 to 100 for positive shares of one whole, and how far the farthest
    share is moved by that.

    Of all scales the one that moves least is taken, of equal ones the smallest.
    """
    whole = math.lcm(*(share.denominator for share in shares))
    exact = [share.numerator * (whole // share.denominator) for share in shares]
    tried = [_scaled(exact, whole, top) for top in range(1, MOST + 1)]
    return min(tried, key=lambda each: each[1])


def _scaled(exact: Sequence[int], whole: int, top: int) -> tuple[list[int], Fraction]:
    """Scale shares, as counts of a common denominator, so that the largest gets `top` points."""
    largest = max(exact)
    points = [max(1, (2 * top * each + largest) // (2 * largest)) for each in exact]
    total = sum(points)
    moved = max(abs(p * whole - each * total) for p, each in zip(points, exact, strict=True))
    return points, Fraction(moved, total * whole)
