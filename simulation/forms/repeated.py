"""Rows of a repeated group: how many are typed, one more, one less."""

import re
from dataclasses import replace

from django.http import QueryDict

from simulation.forms.fields import Field

MAX_ROWS = 50
# names of buttons; their values are a group, one row of it, and an input with the id for it
ADD, REMOVE, PICK = "add", "remove", "pick"


def count_rows(field: Field, typed: QueryDict) -> int:
    """Give how many rows of a repeated group are typed."""
    found = [number for name in typed if (number := _number(field.name, name)) is not None]
    return min(max(found, default=-1) + 1, MAX_ROWS)


def in_row(field: Field, group: Field, row: int) -> Field:
    """Give a member of a repeated group as it is named in one row, with all that is inside."""
    return replace(
        field,
        name=f"{group.name}.{row}{field.name.removeprefix(group.name)}",
        members=tuple(in_row(member, group, row) for member in field.members),
    )


def is_edited(typed: QueryDict) -> bool:
    """Tell whether a button was pressed that only changes the form."""
    return ADD in typed or REMOVE in typed or PICK in typed


def edited(typed: QueryDict) -> QueryDict:
    """Do what the pressed button says: take a row away, or write the id that was picked."""
    name, _, key = typed.get(PICK, "").partition("=")
    if name and key:
        typed = typed.copy()
        typed[name] = key
    group, _, row = typed.get(REMOVE, "").rpartition(".")
    return _without_row(typed, group, int(row)) if group and _is_number(row) else typed


def _without_row(typed: QueryDict, group: str, row: int) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in typed:
        number = _number(group, name)
        if number == row:
            continue
        moved = name
        if number is not None and number > row:
            moved = f"{group}.{number - 1}{name.removeprefix(f'{group}.{number}')}"
        kept.setlist(moved, typed.getlist(name))
    return kept


def _number(group: str, name: str) -> int | None:
    """Give the number of the row that an input belongs to, None when it is in no row of these."""
    if not name.startswith(f"{group}."):
        return None
    found = name[len(group) + 1 :].partition(".")[0]
    return int(found) if _is_number(found) else None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}", text, re.ASCII) is not None
