"""What is typed into a form as values.

Empty is absent. What cannot be read as a number stays text, so that whoever takes the values says
what is wrong with it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from simulation.asking.typed import join_moment
from simulation.forms.fields import Field
from simulation.forms.items import ITEMS, read_items
from simulation.forms.repeated import count_rows, in_row
from simulation.forms.values import read_value, read_values
from simulation.text import MAX_ARGUMENTS, clean_text

ABSENT = object()
TIME = ".time"
AS = ":as"  # beside the name of an input: "json" when the value is typed as such
EMPTY = ":empty"  # ticked when an empty list or object is meant, not its absence
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)


def read_inputs(fields: Sequence[Field], typed: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the values, and what cannot be read at all by the name of its input."""
    problems: dict[str, str] = {}
    return _object(fields, typed, problems), problems


def read_input(field: Field, typed: QueryDict) -> Any:
    """Give the value of one field, ABSENT when there is none or when it cannot be read."""
    return _read(field, typed, {})


def is_json(field: Field, typed: QueryDict) -> bool:
    """Tell whether the value is typed as JSON, because its kind says so or the form does."""
    return field.kind == "json" or typed.get(field.name + AS) == "json"


def is_empty(field: Field, typed: QueryDict) -> bool:
    """Tell whether an empty list or object is asked for, should nothing be typed."""
    is_asked = bool(typed.get(field.name + EMPTY))
    return field.keeps_empty and (field.is_required or is_asked)


def is_blank(prefix: str, typed: QueryDict) -> bool:
    """Tell whether nothing is typed in all inputs whose names begin so."""
    names = (name for name in typed if name.startswith(prefix) and not name.endswith(AS))
    return not any(text.strip() for name in names for text in typed.getlist(name))


def _object(fields: Sequence[Field], typed: QueryDict, problems: dict[str, str]) -> dict[str, Any]:
    found = ((field, _read(field, typed, problems)) for field in fields)
    return {field.key: value for field, value in found if value is not ABSENT}


def _read(field: Field, typed: QueryDict, problems: dict[str, str]) -> Any:
    if is_json(field, typed):
        return _json(field, typed, problems)
    match field.kind:
        case "group":
            return _group(field, typed, problems)
        case "either":
            return _either(field, typed, problems)
        case "rows":
            return _one_or_all(field, list(_rows(field, typed, problems)), typed)
        case "boxes" | "lines":
            return _one_or_all(field, _several(field, typed), typed)
        case "moment":
            return _moment(field, typed)
        case "value" | "values":
            return _told(field, typed, problems)
    return _plain(field, typed)


def _several(field: Field, typed: QueryDict) -> list[Any]:
    if field.kind == "boxes":
        return [text for text in _texts(field, typed) if text]
    lines = [line.strip() for text in _texts(field, typed) for line in text.split("\n")]
    return [_scalar(field, line) for line in lines if line]


def _plain(field: Field, typed: QueryDict) -> Any:
    text = _text(field, typed)
    return _scalar(field, text) if text.strip() else ABSENT


def _group(field: Field, typed: QueryDict, problems: dict[str, str]) -> Any:
    if is_blank(f"{field.name}.", typed):
        return {} if is_empty(field, typed) else ABSENT
    return _object(field.members, typed, problems)


def _either(field: Field, typed: QueryDict, problems: dict[str, str]) -> Any:
    plain = _plain(replace(field, kind=field.plain), typed)
    if is_blank(f"{field.name}.", typed):
        return plain
    if plain is not ABSENT:
        problems[field.name] = "choose here or fill in what is below it, not both"
        return ABSENT
    return _object(field.members, typed, problems)


def _told(field: Field, typed: QueryDict, problems: dict[str, str]) -> Any:
    text = _text(field, typed)
    if not text.strip():
        return ABSENT
    try:
        if field.typed == ITEMS:
            return read_items(text)
        return (read_value if field.kind == "value" else read_values)(text, field.typed)
    except ValueError as error:
        problems[field.name] = str(error)
        return ABSENT


def _rows(field: Field, typed: QueryDict, problems: dict[str, str]) -> Iterator[dict[str, Any]]:
    for number in range(count_rows(field, typed)):
        if not is_blank(f"{field.name}.{number}.", typed):
            members = [in_row(member, field, number) for member in field.members]
            yield _object(members, typed, problems)


def _one_or_all(field: Field, values: Sequence[Any], typed: QueryDict) -> Any:
    if not values:
        return [] if is_empty(field, typed) else ABSENT
    return values[0] if field.takes_one and len(values) == 1 else list(values)


def _moment(field: Field, typed: QueryDict) -> Any:
    time = _clean(typed.get(field.name + TIME) or "")
    return join_moment(_text(field, typed), time) or time or ABSENT


def _scalar(field: Field, text: str) -> Any:
    if field.kind == "truth":
        return {"true": True, "false": False}.get(text, text)
    if field.target:
        return text.strip()
    found = _NUMBER.fullmatch(text.strip()) if field.is_number else None
    if not found:
        return text
    return float(found[0]) if found[1] else int(found[0])


def _json(field: Field, typed: QueryDict, problems: dict[str, str]) -> Any:
    text = _text(field, typed)
    if not text.strip():
        return ABSENT
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        problems[field.name] = f"is no JSON: {error}"
        return ABSENT


def _text(field: Field, typed: QueryDict) -> str:
    return (_texts(field, typed) or [""])[0]


def _texts(field: Field, typed: QueryDict) -> list[str]:
    return [_clean(text) for text in typed.getlist(field.name)]


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return clean_text(plain, limit=MAX_ARGUMENTS)[0]
