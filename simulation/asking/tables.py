"""The rows behind an answer as a table: the fields that were asked about are its columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.addresses import row_url
from simulation.asking.address import Asked
from simulation.asking.answers import Answer
from simulation.entities import Row
from simulation.models import World
from simulation.pages import Pager, shown_value
from simulation.paths import Path, reference_at
from simulation.state import WorldState
from simulation.titles import title_of
from simulation.wording import counted, spoken_path

SHEET = 50
MAX_CELL_VALUES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The values that a row has at a path; `urls` stand beside them where they are rows."""

    values: tuple[tuple[str, str], ...]
    more: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    key: str
    url: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    path: str
    words: str
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsTable:
    count: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    has_labels: bool
    pager: Pager | None


def rows_table(
    world: World, state: WorldState, asked: Asked, found: Answer, sheet: int
) -> RowsTable:
    rows = found.rows
    last = max(1, -(-len(rows) // SHEET))
    sheet = min(max(sheet, 1), last)
    shown = rows[(sheet - 1) * SHEET : sheet * SHEET]
    lines = tuple(_line(world, state, found, row) for row in shown)
    return RowsTable(
        count=counted(len(rows), found.query.entity_type),
        columns=tuple(_column(path) for path in found.columns),
        lines=lines,
        has_labels=any(line.label for line in lines),
        pager=_pager(asked, sheet, last, len(rows)),
    )


def _column(path: Path) -> Column:
    words = spoken_path(path.text).removeprefix("the ")
    return Column(path=path.text, words=words, is_number=path.shape.kind == "number")


def _line(world: World, state: WorldState, found: Answer, row: Row) -> Line:
    kind = state.snapshot.entity_type(found.query.entity_type)
    return Line(
        key=row["id"],
        url=row_url(world, kind.name, row["id"]),
        label=title_of(kind, row),
        cells=tuple(_cell(world, state, kind.name, path, row) for path in found.columns),
    )


def _cell(world: World, state: WorldState, kind: str, path: Path, row: Row) -> Cell:
    values = path.values(state, row)
    target = reference_at(state.snapshot.company, kind, path.text)
    shown = tuple(_linked(world, target, values[:MAX_CELL_VALUES]))
    hidden = len(values) - len(shown)
    return Cell(
        values=shown,
        more=f"and {hidden} more" if hidden > 0 else "",
        is_number=path.shape.kind == "number",
    )


def _linked(world: World, target: str | None, values: Sequence[Any]) -> Iterable[tuple[str, str]]:
    for value in values:
        text = written(value)
        yield text, row_url(world, target, text) if target else ""


def written(value: Any) -> str:
    """Write a value for reading: numbers with their thousands apart, amounts to the cent."""
    if isinstance(value, float) and value == round(value, 2):
        return f"{value:,.2f}"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,}" if is_number else shown_value(value)


def _pager(asked: Asked, sheet: int, last: int, count: int) -> Pager | None:
    if last == 1:
        return None

    def url(number: int) -> str:
        return f"?{asked.address(page=str(number))}#rows"

    first, end = (sheet - 1) * SHEET + 1, min(sheet * SHEET, count)
    return Pager(
        text=f"{first:,} to {end:,} of {count:,}",
        previous_url=url(sheet - 1) if sheet > 1 else "",
        next_url=url(sheet + 1) if sheet < last else "",
    )
