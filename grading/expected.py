"""Expected values: literals, or bound to a world query whose result is frozen beside it.

    153.5
    {"query": {"entity_type": "refund", "measure": {"sum": "amount"}}, "value": 1234.5}

Grading uses the frozen value; lint computes it again and compares.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, field_validator

from simulation.conditions import plain
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import is_day, is_instant, is_number
from simulation.query import WorldQuery
from simulation.shapes import IN_WORDS
from simulation.state import WorldState
from simulation.values import INSTANT_EXAMPLE, Frozen
from simulation.wording import shown

QUERY, VALUE = "query", "value"


class Bound(Frozen):
    """What a query gives: `value` is its frozen result, None until it is bound."""

    query: WorldQuery
    value: Any = None

    @field_validator("value")
    @classmethod
    def _hashable(cls, value: Any) -> Any:
        return _tuples(value)


def known(expected: Any) -> Any:
    """Give the value itself. Raises InvalidArgument for a query that was never bound."""
    if not isinstance(expected, Bound):
        return expected
    if expected.value is None:
        raise InvalidArgument(f"{expected.query.sentence()} was never bound to a world")
    return expected.value


def says(expected: Any) -> str:
    """Say a value in a sentence; of a bound one also where it comes from."""
    if not isinstance(expected, Bound):
        return shown(expected)
    if expected.value is None:
        return expected.query.sentence()
    return f"{shown(expected.value)} ({expected.query.sentence()})"


def bind(data: Any, world: WorldState) -> Any:
    """Copy a check's data with the result of every query filled in.

    Raises GymError for a bad query.
    """
    if isinstance(data, Mapping):
        if _is_bound(data):
            query = WorldQuery.model_validate(data[QUERY])
            return {**data, VALUE: query.result(world)}
        return {name: bind(item, world) for name, item in data.items()}
    if isinstance(data, list | tuple):
        return [bind(item, world) for item in data]
    return data


def stale(data: Any, world: WorldState, place: str = "check") -> list[str]:
    """Name every frozen value of a check's data that its query does not give any more."""
    problems: list[str] = []
    for where, bound in _bounds(data, place):
        now = _tuples(bound.query.result(world))
        if now != bound.value:
            problems.append(
                f"{where}: {bound.query.sentence()} is {shown(now)}, frozen is {shown(bound.value)}"
            )
    return problems


def misfits(
    company: Environment, place: str, expected: Any, *, kinds: Collection[str], many: bool = False
) -> list[str]:
    """Say what is wrong with a bound value: its query, or what the query gives."""
    if not isinstance(expected, Bound):
        return []
    if problems := expected.query.problems(company):
        return [f"{place}.query: {line}" for line in problems]
    shape = expected.query.shape(company)
    if shape.kind not in {*kinds, "any"} or shape.many != many:
        wanted = " or ".join(f"a list of {k}s" if many else IN_WORDS[k] for k in sorted(kinds))
        return [f"{place}.query: gives {shape.in_words}, and {wanted} is expected"]
    return []


def _reader(fits: Callable[[Any], bool], hint: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, Bound):
            return value
        if isinstance(value, Mapping) and QUERY in value:
            return Bound.model_validate(dict(value))
        if not fits(value):
            raise ValueError(f"write {hint}, or bind it to a query")
        return plain(value)

    return read


def _is_plain(value: Any) -> bool:
    try:
        plain(value)
    except ValueError:
        return False
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


ExpectedAny = Annotated[
    Any,
    BeforeValidator(_reader(_is_plain, "text, a number, true, false or a list of them")),
    WithJsonSchema({"x-typed": "any"}),
]
ExpectedText = Annotated[
    Any, BeforeValidator(_reader(_is_text, "text")), WithJsonSchema({"x-typed": "text"})
]
ExpectedNumber = Annotated[
    Any,
    BeforeValidator(_reader(is_number, "a number without quotes, such as 12")),
    WithJsonSchema({"x-typed": "number"}),
]
ExpectedDate = Annotated[
    Any,
    BeforeValidator(
        _reader(lambda value: is_day(value) or is_instant(value), "a date such as 2025-07-27")
    ),
    WithJsonSchema({"x-typed": "date"}),
]
ExpectedInstant = Annotated[
    Any,
    BeforeValidator(_reader(is_instant, f"an instant such as {INSTANT_EXAMPLE}")),
    WithJsonSchema({"x-typed": "date"}),
]


def _is_bound(data: Mapping[str, Any]) -> bool:
    """Tell a bound value from other data with a member "query", such as a schema of JSON."""
    query = data.get(QUERY)
    return isinstance(query, Mapping) and "entity_type" in query and not set(data) - {QUERY, VALUE}


def _bounds(data: Any, place: str) -> Iterator[tuple[str, Bound]]:
    if isinstance(data, Mapping):
        if _is_bound(data):
            yield place, Bound.model_validate(dict(data))
            return
        for name, item in data.items():
            yield from _bounds(item, f"{place}.{name}")
    elif isinstance(data, list | tuple):
        for number, item in enumerate(data):
            yield from _bounds(item, f"{place}.{number}")


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list | tuple) else value
