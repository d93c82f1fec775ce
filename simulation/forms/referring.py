"""Forms whose values may be taken from earlier results: {"$ref": "3.0.id"} in place of a value.

Beside an input stands another for the path; when that is filled in, it is what counts. In a list
with one value a line, a line "$ref 3.0.id" is one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as member
from typing import Any

from django.http import QueryDict

from simulation.forms.fields import Field
from simulation.forms.inputs import Form, Input, RefInput
from simulation.forms.reading import is_json, read_inputs
from simulation.forms.repeated import count_rows, in_row
from simulation.forms.writing import write_inputs
from simulation.refs import REF

FROM = ":ref"  # beside the name of an input: the path of the value that is taken
LINE = f"{REF} "
MAX_PATH = 200
_MARK = "\ue000"  # stands before a path while a form is read or written, and in no text of people
_ONE = ("text", "area", "number", "select", "truth", "day")


def read_referring(
    fields: Sequence[Field], typed: QueryDict
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the values, references among them, and what cannot be read by the name of its input."""
    marked = typed.copy()
    for each in _plain_fields(fields, typed):
        path = typed.get(each.name + FROM, "").strip()[:MAX_PATH]
        if each.kind in _ONE and path:
            marked[each.name] = _MARK + path
        elif each.kind == "lines":
            marked.setlist(each.name, [_marked_lines(text) for text in typed.getlist(each.name)])
    values, problems = read_inputs(fields, marked)
    return _unmarked(values), problems


def write_referring(fields: Sequence[Field], values: Mapping[str, Any]) -> QueryDict:
    """Give the inputs of a form that reads back as these values."""
    typed = write_inputs(fields, _marked_members(fields, values))
    for each in [*_plain_fields(fields, typed)]:
        texts = typed.getlist(each.name)
        if each.kind == "lines" and texts:
            typed.setlist(each.name, [text.replace(_MARK, LINE) for text in texts])
        elif texts and texts[0].startswith(_MARK):
            del typed[each.name]
            typed[each.name + FROM] = texts[0].removeprefix(_MARK)
    return typed


@dataclass(frozen=True)
class ReferringForm(Form):
    """lists: the id of the list of results that is offered, by the entity type that an input takes
    ("" for every other). means: says what a path leads to."""

    lists: Mapping[str, str] = member(default_factory=dict)
    means: Callable[[str], str] = str

    def _input(self, field: Field, *, must: bool) -> Input:
        made = super()._input(field, must=must)
        if field.kind == "lines" and self.lists:
            said = f"a line such as {LINE}2.0.id takes an earlier value"
            return replace(made, hint=f"{made.hint}; {said}" if made.hint else said)
        if field.kind not in _ONE or made.is_json:
            return made
        name = field.name + FROM
        path = self.typed.get(name, "").strip()[:MAX_PATH]
        offered = self.lists.get(field.target) or self.lists.get("", "")
        if not offered and not path:
            return made
        reference = RefInput(
            name=name,
            id=f"id_{name}",
            path=path,
            means=self.means(path) if path else "",
            offered=offered,
        )
        return replace(made, reference=reference, is_open=made.is_open or bool(path))


def _plain_fields(fields: Sequence[Field], typed: QueryDict) -> Iterator[Field]:
    """Give every field that is one value or a list of plain ones, as it is named in the form."""
    for field in fields:
        if is_json(field, typed):
            continue
        if field.kind == "rows":
            for row in range(count_rows(field, typed)):
                members = [in_row(each, field, row) for each in field.members]
                yield from _plain_fields(members, typed)
        elif field.members:
            yield from _plain_fields(field.members, typed)
        else:
            yield field


def _marked_lines(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(
        _MARK + line.removeprefix(LINE).strip() if line.startswith(LINE) else line for line in lines
    )


def _unmarked(value: Any) -> Any:
    if isinstance(value, str):
        return {REF: value.removeprefix(_MARK)} if value.startswith(_MARK) else value
    if isinstance(value, dict):
        return {key: _unmarked(item) for key, item in value.items()}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value


def _marked_members(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    by_key = {field.key: field for field in fields}
    return {
        key: _marked(by_key[key], value) if key in by_key else value
        for key, value in values.items()
    }


def _marked(field: Field, value: Any) -> Any:
    """Put marks where an input of its own holds the reference; others are written as JSON."""
    if field.kind == "rows" and isinstance(value, list):
        return [
            _marked_members(field.members, row) if isinstance(row, Mapping) else row
            for row in value
        ]
    if field.members and isinstance(value, Mapping):
        return value if _is_ref(value) else _marked_members(field.members, value)
    if field.kind == "lines" and isinstance(value, list):
        return [_MARK + str(item[REF]) if _is_ref(item) else item for item in value]
    if field.kind in (*_ONE, "lines") and _is_ref(value):
        return _MARK + str(value[REF])
    return value


def _is_ref(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {REF}
