"""What is typed into the form of a check as the data of the check, and back, losing nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from grading.calls import shape_of_argument
from grading.check_forms.fields import KIND, form_of
from grading.expectations import TAKES_LIST
from grading.expected import QUERY
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.paths import read_path
from simulation.shapes import Shape
from simulation.text import clean_json

_TEXTS = ("text", "instant", "day")


@dataclass(frozen=True)
class Typed:
    """The data of a check as it was typed, and what could not be read, by the name of its input."""

    data: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)


def read_typed(kind: str, company: Environment | None, inputs: QueryDict) -> Typed:
    """Read a form. What is compared with text is text, even where it looks like a number."""
    values, problems = read_inputs(form_of(kind, company), inputs)
    try:
        data = clean_json({KIND: kind, **values})
    except InvalidArgument as error:
        return Typed({KIND: kind}, {**problems, "": error.message})
    return Typed(_fitted(data, company, {}) if company else data, problems)


def write_typed(kind: str, company: Environment | None, data: Mapping[str, Any]) -> QueryDict:
    """Give the inputs of a form that reads back as this check."""
    return write_inputs(form_of(kind, company), data)


def _fitted(data: Any, company: Environment, around: Mapping[str, Any]) -> Any:
    """Fit the values of conditions to what they are compared with.

    around: the nearest object that says which entity type or tool the paths belong to.
    """
    if isinstance(data, list):
        return [_fitted(item, company, around) for item in data]
    if not isinstance(data, dict) or QUERY in data:
        return data
    around = data if data.keys() & {"entity_type", "tool"} else around
    inside = {name: _fitted(item, company, around) for name, item in data.items()}
    if "path" not in inside:
        return inside
    shape = _shape(company, around, inside["path"])
    given = {n: _compared(inside[n], shape) for n in ("value", "from", "to") if n in inside}
    if inside.get("op") in TAKES_LIST and not isinstance(given.get("value", []), list | dict):
        given["value"] = [given["value"]]
    return {**inside, **given}


def _shape(company: Environment, around: Mapping[str, Any], path: Any) -> Shape | None:
    try:
        if "tool" in around:
            return shape_of_argument(company, str(around["tool"]), str(path))
        return read_path(company, str(around.get("entity_type")), str(path)).shape
    except InvalidArgument:
        return None


def _compared(value: Any, shape: Shape | None) -> Any:
    if isinstance(value, list):
        return [_compared(item, shape) for item in value]
    if shape is None or shape.kind not in _TEXTS or not isinstance(value, int | float):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)
