"""The table of figures, for people and as JSON."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import JustifyMethod
from rich.table import Table

from config.bench.rows import Row
from config.bench.yardstick import document

COLUMNS = ("row", "what", "median", "p99", "R", "target", "reached", "n")
WORDS = {True: "yes", False: "no", None: "–"}


@dataclass(frozen=True)
class Report:
    """What was measured. yardsticks: milliseconds, before, between and after the groups of rows."""

    world: str
    entities: int
    yardsticks: Sequence[float]
    rows: Sequence[tuple[Row, float]]

    def as_json(self) -> dict[str, Any]:
        before, *between, after = self.yardsticks
        text = document().encode()
        return {
            "world": {"name": self.world, "entities": self.entities},
            "yardstick": {
                "bytes": len(text),
                "sha256": hashlib.sha256(text).hexdigest(),
                "before_ms": before,
                "between_ms": between,
                "after_ms": after,
            },
            "rows": [row.as_json(yardstick) for row, yardstick in self.rows],
        }

    @property
    def heading(self) -> str:
        before, *between, after = (f"{ms:.2f}" for ms in self.yardsticks)
        middle = f"between {', '.join(between)}, " if between else ""
        yardstick = f"yardstick (ms): before {before}, {middle}after {after}"
        return f"{self.world}, {self.entities:,} entities; {yardstick}"

    def as_table(self) -> Table:
        table = Table()
        for name in COLUMNS:
            is_text = name in ("row", "what", "target", "reached")
            justify: JustifyMethod = "left" if is_text else "right"
            table.add_column(name, justify=justify, no_wrap=name != "what")
        for row, yardstick in self.rows:
            table.add_row(*_cells(row, yardstick))
        return table


def _cells(row: Row, yardstick: float) -> list[str]:
    r = row.r(yardstick)
    return [
        row.name,
        row.what,
        f"{_short(row.median)} {row.unit}".rstrip(),
        "–" if row.p99 is None else f"{_short(row.p99)} {row.unit}",
        "–" if r is None else _short(r),
        row.goal,
        WORDS[row.is_reached(yardstick)],
        f"{row.n:,}",
    ]


def _short(value: float) -> str:
    """Write three significant figures, never an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    places = next((n for n in range(1, 7) if value >= 10 ** (2 - n)), 7)
    return f"{value:.{places}f}"
