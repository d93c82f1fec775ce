"""Data read as a value of a declared form; what does not fit is said, one line for each field."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from simulation.errors import Problems

Form = TypeVar("Form", bound=BaseModel)

_WORDS: Mapping[str, str] = {
    "missing": "is required",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "int_type": "write a whole number",
    "float_parsing": "write a number",
    "float_type": "write a number",
    "greater_than": "write more than {gt}",
    "greater_than_equal": "write {ge} or more",
    "less_than": "write less than {lt}",
    "less_than_equal": "write {le} or less",
    "string_too_long": "write at most {max_length} characters",
    "too_long": "give at most {max_length}",
}
_TOO_SHORT = ("string_too_short", "too_short")


def place_of(problem: Any) -> str:
    return ".".join(map(str, problem["loc"]))


def reason_of(problem: Any) -> str:
    """Say it for people who do not program; what is rare is said as it was."""
    kind, limits = problem["type"], problem.get("ctx", {})
    if kind in _TOO_SHORT and limits["min_length"] == 1:
        return "is required"
    if kind not in _WORDS:
        return str(problem["msg"]).removeprefix("Value error, ")
    return _WORDS[kind].format(**{name: _written(limit) for name, limit in limits.items()})


def line_of(problem: Any) -> str:
    """Write a problem after its place; a problem of the whole says its place itself."""
    return ": ".join(filter(None, [place_of(problem), reason_of(problem)]))


def read_as(form: type[Form], data: Any, *, line: Callable[[Any], str] = line_of) -> Form:
    """Raises Problems that name every bad field, each line once."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise Problems(list(dict.fromkeys(map(line, error.errors())))) from None


def _written(limit: Any) -> Any:
    is_whole = isinstance(limit, int | float | Decimal) and limit == int(limit)
    return f"{int(limit):,}" if is_whole else limit
