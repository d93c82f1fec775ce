"""A number with its interval, or the reason why there is none: never NaN, never a made-up zero."""

from dataclasses import dataclass
from math import isfinite

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where the number would lie for other tasks or episodes of the same kind.

    method: wilson, clustered_wilson, t, bca or lang_reiczigel; "" where there is none, and then
    `why` says so.
    """

    low: float | None = None
    high: float | None = None
    method: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if (self.low is None) is not bool(self.why):
            raise ValueError(f"an interval has bounds or a reason why not: {self}")
        if self.low is not None and self.high is not None and not self.low <= self.high:
            raise ValueError(f"an interval runs from its low to its high bound: {self}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of n values that come in clusters (trials in tasks, criteria in episodes)."""

    value: float | None
    n: int
    clusters: int
    interval: Interval
    why: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) is not bool(self.why):
            raise ValueError(f"a figure has a value or a reason why not: {self}")
        if self.value is not None and not isfinite(self.value):
            raise ValueError(f"{self.value} is no figure")


def missing(why: str, *, n: int = 0, clusters: int = 0) -> Figure:
    """Give the figure that there is not, with the reason."""
    return Figure(value=None, n=n, clusters=clusters, interval=Interval(why=why), why=why)
