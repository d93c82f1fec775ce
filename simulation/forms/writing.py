"""Values as the inputs of a form that reads back as them.

A value that its inputs cannot hold as it is, such as a list with an item of two lines, is written
as JSON.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from simulation.asking.typed import split_moment
from simulation.forms.fields import Field
from simulation.forms.items import ITEMS, write_items
from simulation.forms.reading import AS, EMPTY, TIME, read_input
from simulation.forms.repeated import in_row
from simulation.forms.values import write_line, write_value

Pairs = Iterator[tuple[str, str]]


def write_inputs(fields: Sequence[Field], values: Mapping[str, Any]) -> QueryDict:
    """Give the inputs of a form that reads back as these values."""
    return _typed(_object(fields, values))


def _typed(pairs: Pairs) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, text in pairs:
        typed.appendlist(name, text)
    return typed


def _object(fields: Sequence[Field], value: Mapping[str, Any]) -> Pairs:
    for field in fields:
        if value.get(field.key) is not None:
            yield from _written(field, value[field.key])


def _written(field: Field, value: Any) -> Pairs:
    pairs = [*_as_inputs(field, value)]
    if _is_same(field, read_input(field, _typed(iter(pairs))), value):
        return iter(pairs)
    return iter([(field.name + AS, "json"), (field.name, _json(value))])


def _is_same(field: Field, read: Any, value: Any) -> bool:
    """Compare as JSON does, where 1, 1.0 and true differ."""
    if field.takes_one and isinstance(value, list) and len(value) == 1:
        value = value[0]
    try:
        return json.dumps(read, sort_keys=True) == json.dumps(value, sort_keys=True)
    except TypeError:  # ABSENT
        return False


def _as_inputs(field: Field, value: Any) -> Pairs:
    if value in ([], {}):
        yield field.name + EMPTY, "1"
    elif field.members and isinstance(value, Mapping):
        yield from _object(field.members, value)
    elif field.kind == "rows" and isinstance(value, list):
        yield from _rows(field, value)
    elif field.kind == "boxes":
        yield from ((field.name, str(item)) for item in dict.fromkeys(map(_text, _several(value))))
    elif field.kind == "moment" and (parts := split_moment(str(value))):
        yield from ((field.name, parts[0]), (field.name + TIME, parts[1]))
    else:
        yield field.name, _as_text(field, value)


def _as_text(field: Field, value: Any) -> str:
    match field.kind:
        case "lines":
            return "\n".join(map(_text, _several(value)))
        case "value":
            return write_value(value, field.typed)
        case "values" if field.typed == ITEMS:
            return write_items(value)
        case "values":
            return "\n".join(write_line(item, field.typed) for item in _several(value))
        case "json":
            return _json(value)
    if field.is_money and isinstance(value, int | float):
        return f"{value:.2f}"
    return _text(value)


def _rows(field: Field, values: Sequence[Any]) -> Pairs:
    for number, row in enumerate(values):
        members = [in_row(member, field, number) for member in field.members]
        yield from _object(members, row if isinstance(row, Mapping) else {})


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
