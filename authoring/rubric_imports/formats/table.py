"""Tables as spreadsheets save them: a row of names, then one criterion a row.

A cell that a spreadsheet would take for a formula has an apostrophe before it, in and out.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from authoring.content import DraftContent
from authoring.rubric_imports import FORMATS, Format, Incoming, Reading
from authoring.rubric_imports.fields import Fields, hints_on, note_of
from authoring.rubric_imports.places import Place
from authoring.rubric_imports.writing import criteria_of
from simulation.entities import shorten

COLUMNS = ("text", "points", "category", "key", "note")
NAMES = {name: name for name in COLUMNS} | {"criterion": "text", "notes": "note"}
DELIMITERS = ",;\t"
_FORMULA = re.compile(r"'*[=+\-@\t]")
_ESCAPED = re.compile(r"'+[=+\-@\t]")
_FIRST = "the first row names the columns: text, and points, category, key and note if you like"
Cells = dict[str, str]


def fits(document: Any) -> bool:
    return isinstance(document, str) and "text" in _header(document)


def read(document: Any, part: str) -> Reading:
    fields, made = Fields(), []
    if not isinstance(document, str) or "text" not in _header(document):
        return Reading(problems=(_FIRST,))
    header = [name for name in _header(document) if name]
    for name in sorted({name for name in header if header.count(name) > 1}):
        fields.wrong((), f"two columns are named {shorten(name)}: keep one of them")
    if unknown := [name for name in header if name not in COLUMNS]:
        fields.wrong((), f"there is no column {shorten(unknown[0])}: {_FIRST}")
    try:
        for line, cells in _rows(document):
            made.append(_incoming(fields, (f"line {line}",), cells))
    except csv.Error as error:
        fields.wrong((), f"the table cannot be read: {error}")
    if not made and not fields.problems:
        fields.wrong((), "the table has no row below its names")
    return Reading(criteria=tuple(made), problems=tuple(fields.problems))


def write(slug: str, content: DraftContent) -> bytes:
    target = io.StringIO(newline="")
    table = csv.writer(target)
    table.writerow(COLUMNS)
    for each in criteria_of(content):
        table.writerow(
            [_escaped(each.text), each.points, each.category, each.key, _escaped(each.note)]
        )
    return target.getvalue().encode()


def _incoming(fields: Fields, place: Place, cells: Cells) -> Incoming:
    text = fields.text(cells, "text", place)
    given = cells.get("points", "").strip() or "1"
    note, hints = note_of([fields.optional(cells, "note", place)])
    return Incoming(
        place=str(place[0]),
        text=text,
        points=fields.points(given, place),
        before=given,
        category=fields.category(cells, place),
        key=cells.get("key", "").strip(),
        note=note,
        hints=(*hints_on(text), *hints),
    )


def _header(document: str) -> list[str]:
    first = _first_line(document)
    try:
        names: list[str] = next(_reader(first, _delimiter(first)), [])
    except csv.Error:
        return []
    known = [name.strip().lower() for name in names]
    return [NAMES.get(name, name) for name in known]


def _rows(document: str) -> Iterator[tuple[int, Cells]]:
    """Give each row below the names with the line on which it ends; empty ones are passed over."""
    names, text = _header(document), document.lstrip()
    skipped = document[: len(document) - len(text)].count("\n")
    reader = _reader(text, _delimiter(_first_line(text)))
    next(reader)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num + skipped, _cells(names, cells)


def _first_line(document: str) -> str:
    return re.split("[\r\n]", document.lstrip(), maxsplit=1)[0]


def _cells(names: list[str], cells: list[str]) -> Cells:
    return {
        name: cell[1:] if _ESCAPED.match(cell) else cell
        for name, cell in zip(names, cells, strict=False)
    }


def _reader(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(first: str) -> str:
    return max(DELIMITERS, key=first.count)


def _escaped(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


FORMATS.add("csv")(
    Format(
        title="Table (CSV)",
        shape="text, points, category: a first row with these names, then a criterion a row",
        suffix="csv",
        media_type="text/csv",
        fits=fits,
        read=read,
        write=write,
    )
)
