"""Data read as a value of a declared form; what does not fit is said, one line for each field."""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from simulation.errors import Problems

Form = TypeVar("Form", bound=BaseModel)


def place_of(problem: Any) -> str:
    return ".".join(map(str, problem["loc"]))


def reason_of(problem: Any) -> str:
    return str(problem["msg"]).removeprefix("Value error, ")


def line_of(problem: Any) -> str:
    """Write a problem after its place; a problem of the whole says its place itself."""
    reason = "is required" if problem["type"] == "missing" else reason_of(problem)
    return ": ".join(filter(None, [place_of(problem), reason]))


def read_as(form: type[Form], data: Any, *, line: Callable[[Any], str] = line_of) -> Form:
    """Raises Problems that name every bad field, each line once."""
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise Problems(list(dict.fromkeys(map(line, error.errors())))) from None
