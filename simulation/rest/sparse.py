"""Sparse answers: `?fields=a,b` leaves out all the others."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from simulation.errors import InvalidArgument
from simulation.rest.queries import FIELDS

PATTERN = "[A-Za-z_][A-Za-z0-9_]*(,[A-Za-z_][A-Za-z0-9_]*)*"


def only(data: Any, asked: str, known: Collection[str] = ()) -> Any:
    """Give the data with the fields that were asked for, of each row where it is a list.

    known: fields that rows have even where there is no row. Raises InvalidArgument for a name
    that is no field.
    """
    names = [name.strip() for name in asked.split(",")]
    there_are = {*known}.union(*_rows(data))
    if unknown := [name for name in names if name not in there_are]:
        shown = ", ".join(sorted(there_are))
        raise InvalidArgument(f"there is no field {unknown[0]!r}; there are {shown}", field=FIELDS)
    if is_page(data):
        return {**data, "results": [_kept(row, names) for row in data["results"]]}
    if isinstance(data, Mapping):
        return _kept(data, names)
    return [_kept(row, names) for row in data]


def is_page(data: Any) -> bool:
    return isinstance(data, Mapping) and "results" in data and "next" in data


def _rows(data: Any) -> Sequence[Mapping[str, Any]]:
    if is_page(data):
        return data["results"]  # type: ignore[no-any-return]
    return [data] if isinstance(data, Mapping) else data


def _kept(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}
