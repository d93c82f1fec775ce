"""Rows of the table: one figure each, what it should be, and whether it is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from config.bench.measuring import Timing
from config.bench.scene import Scene

Unit = Literal["ms", "KiB", "MB", "/s", "/min", "×", ""]
Group = Callable[[Scene], Iterator["Row"]]
SYMBOLS = {"r": "R ≤", "most": "≤", "least": "≥"}


class BenchError(Exception):
    """What is measured does not do what it should: a figure would mean nothing."""


@dataclass(frozen=True)
class Target:
    """What to reach: at most so many yardsticks (`r`), or at most or least so many of the unit."""

    kind: Literal["r", "most", "least"]
    value: float

    def is_reached(self, median: float, r: float | None) -> bool:
        if self.kind == "least":
            return median >= self.value
        measured = r if self.kind == "r" else median
        return measured is not None and measured <= self.value


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure, in its unit. `r` is the median of a time divided by the yardstick's."""

    name: str
    what: str
    median: float
    n: int
    unit: Unit = "ms"
    p99: float | None = None
    target: Target | None = None

    def r(self, yardstick: float) -> float | None:
        """yardstick: milliseconds."""
        return self.median / yardstick if self.unit == "ms" else None

    def is_reached(self, yardstick: float) -> bool | None:
        if self.target is None:
            return None
        return self.target.is_reached(self.median, self.r(yardstick))

    @property
    def goal(self) -> str:
        if self.target is None:
            return "–"
        unit = "" if self.target.kind == "r" else f" {self.unit}".rstrip()
        return f"{SYMBOLS[self.target.kind]} {self.target.value:g}{unit}"

    def as_json(self, yardstick: float) -> Mapping[str, Any]:
        target = self.target and {"kind": self.target.kind, "value": self.target.value}
        return {
            "row": self.name,
            "what": self.what,
            "unit": self.unit,
            "median": self.median,
            "p99": self.p99,
            "r": self.r(yardstick),
            "target": target,
            "reached": self.is_reached(yardstick),
            "n": self.n,
        }


def timed(name: str, what: str, timing: Timing, target: Target | None = None) -> Row:
    """Make a row of a timing."""
    return Row(
        name=name,
        what=what,
        median=timing.median * 1000,
        p99=timing.p99 * 1000,
        n=timing.n,
        target=target,
    )
