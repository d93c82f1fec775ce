"""The arguments of a call and the inputs of its form, both ways.

Empty is absent. What cannot be read as a number is sent as it was typed, so that the tool says what
is wrong with it, as it says it to agents.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from simulation.asking.typed import join_moment, split_moment
from simulation.playground.fields import PREFIX, Field
from simulation.text import MAX_ARGUMENTS, clean_text

ABSENT = object()
MAX_ROWS = 50
TIME = ".time"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)


def read_arguments(
    fields: Sequence[Field], typed: QueryDict
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the arguments, and what cannot be sent at all by the name of its input."""
    problems: dict[str, str] = {}
    return _object(fields, typed, problems), problems


def write_arguments(fields: Sequence[Field], arguments: Mapping[str, Any]) -> QueryDict:
    """Give the inputs of a form that reads back as these arguments."""
    typed = QueryDict(mutable=True)
    for name, text in _written_object(fields, arguments):
        typed.appendlist(name, text)
    return typed


def count_rows(field: Field, typed: QueryDict) -> int:
    """Give how many rows of a repeated group are typed."""
    inside = re.compile(rf"{re.escape(field.name)}\.(\d{{1,3}})\.")
    found = [int(hit[1]) + 1 for name in typed if (hit := inside.match(name))]
    return min(max(found, default=0), MAX_ROWS)


def in_row(field: Field, group: Field, row: int) -> Field:
    """Give a member of a repeated group as it is named in one row."""
    last = field.name.removeprefix(f"{group.name}.")
    return _renamed(field, f"{group.name}.{row}.{last}")


def _renamed(field: Field, name: str) -> Field:
    return Field(**{**vars(field), "name": name})


def _object(fields: Sequence[Field], typed: QueryDict, problems: dict[str, str]) -> dict[str, Any]:
    found = ((field, _read(field, typed, problems)) for field in fields)
    return {field.name.rpartition(".")[2]: value for field, value in found if value is not ABSENT}


def _read(field: Field, typed: QueryDict, problems: dict[str, str]) -> Any:
    texts = [_clean(text) for text in typed.getlist(field.name)]
    match field.kind:
        case "group":
            return _object(field.members, typed, problems) or ABSENT
        case "rows":
            return list(_rows(field, typed, problems)) or ABSENT
        case "boxes":
            return _one_or_all(field, [text for text in texts if text])
        case "lines":
            lines = [line.strip() for text in texts for line in text.split("\n")]
            return _one_or_all(field, [_scalar(field, line) for line in lines if line])
    text = texts[0] if texts else ""
    if field.kind == "moment":
        return join_moment(text, _clean(typed.get(field.name + TIME, ""))) or ABSENT
    if not text.strip():
        return ABSENT
    return _json(field, text, problems) if field.kind == "json" else _scalar(field, text)


def _rows(field: Field, typed: QueryDict, problems: dict[str, str]) -> Iterator[dict[str, Any]]:
    for number in range(count_rows(field, typed)):
        members = [in_row(member, field, number) for member in field.members]
        if row := _object(members, typed, problems):
            yield row


def _one_or_all(field: Field, values: Sequence[Any]) -> Any:
    if not values:
        return ABSENT
    return values[0] if field.takes_one and len(values) == 1 else list(values)


def _scalar(field: Field, text: str) -> Any:
    if field.kind == "truth":
        return {"true": True, "false": False}.get(text, text)
    is_number = field.kind == "number" or (field.kind == "lines" and field.is_whole)
    found = _NUMBER.fullmatch(text.strip()) if is_number else None
    if not found:
        return text
    return float(found[0]) if found[1] else int(found[0])


def _json(field: Field, text: str, problems: dict[str, str]) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        problems[field.name] = f"is no JSON: {error}"
        return ABSENT


def _clean(text: str) -> str:
    return clean_text(text.replace("\r\n", "\n"), limit=MAX_ARGUMENTS)[0]


def _written_object(fields: Sequence[Field], value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field in fields:
        name = field.name.rpartition(".")[2]
        if name in value and value[name] is not None:
            yield from _written(field, value[name])


def _written(field: Field, value: Any) -> Iterator[tuple[str, str]]:
    if field.kind == "group" and isinstance(value, Mapping):
        yield from _written_object(field.members, value)
    elif field.kind == "rows" and isinstance(value, list):
        for number, row in enumerate(value):
            members = [in_row(member, field, number) for member in field.members]
            yield from _written_object(members, row)
    elif field.kind == "boxes":
        yield from ((field.name, str(item)) for item in _several(value))
    elif field.kind == "lines":
        yield field.name, "\n".join(map(_text, _several(value)))
    elif field.kind == "moment" and (parts := split_moment(str(value))):
        yield from ((field.name, parts[0]), (field.name + TIME, parts[1]))
    else:
        yield field.name, _text(value, is_json=field.kind == "json")


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any, *, is_json: bool = False) -> str:
    if isinstance(value, str) and not is_json:
        return value
    return json.dumps(value, ensure_ascii=False, indent=2 if is_json else None)


def of_argument(field: str) -> str:
    """Give the name of the input that an error of a tool is about."""
    return f"{PREFIX}.{field}"
