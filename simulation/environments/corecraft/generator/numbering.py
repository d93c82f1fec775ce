"""Ids of rows that belong to a day: ord-250820-007, numbered from 001 in time order."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol


class Dated(Protocol):
    """A row that was made at an instant."""

    id: str

    @property
    def created(self) -> dt.datetime: ...


def number(rows: Sequence[Dated], prefix: str) -> None:
    """Give every row its id; rows of one instant keep their order."""
    counts: dict[str, int] = {}
    for row in sorted(rows, key=lambda row: row.created):
        day = row.created.strftime("%y%m%d")
        counts[day] = counts.get(day, 0) + 1
        row.id = f"{prefix}-{day}-{counts[day]:03d}"
