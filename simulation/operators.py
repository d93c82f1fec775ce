"""Operators of conditions: what `op value` asks of the values at a place, given their shape.

Several values (lines of an order, tags) meet a test when one of them does; `ne` and `not_in` are
the opposites of `eq` and `in`: none of them may. A bare date is the whole day where the values are
instants: `lte 2025-07-31` includes the last second of July."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import regex

from simulation.entities import shorten
from simulation.errors import InvalidArgument
from simulation.patterns import pattern_problem
from simulation.shapes import IN_WORDS, Shape
from simulation.values import instant_key, read_day, read_instant, write_instant
from simulation.wording import listed, shown

MATCH_SECONDS = 0.2
Op = Literal[
    "eq",
    "ne",
    "in",
    "not_in",
    "lt",
    "lte",
    "gt",
    "gte",
    "between",
    "contains",
    "starts_with",
    "is_null",
    "not_null",
    "matches",
]
OPS: tuple[str, ...] = get_args(Op)
OP_WORDS: Mapping[str, str] = {
    "eq": "is",
    "ne": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "lt": "is below",
    "lte": "is at most",
    "gt": "is above",
    "gte": "is at least",
    "between": "is between",
    "contains": "contains",
    "starts_with": "starts with",
    "is_null": "is empty",
    "not_null": "is not empty",
    "matches": "matches a pattern",
}
Test = Callable[[Sequence[Any]], bool]
Maker = Callable[[Sequence[Any], Shape], Test]

_ORDERED = frozenset({"number", "instant", "day", "any"})
_TEXTUAL = frozenset({"text", "any"})
_SCALAR = frozenset(IN_WORDS) - {"object"}
_NEEDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("lt", "lte", "gt", "gte", "between"), _ORDERED),
    **dict.fromkeys(("starts_with", "matches"), _TEXTUAL),
    **dict.fromkeys(("is_null", "not_null"), frozenset(IN_WORDS)),
}
_SAYS = {
    "eq": "is {}",
    "ne": "is not {}",
    "in": "is {}",
    "not_in": "is none of {}",
    "lt": "is below {}",
    "lte": "is at most {}",
    "gt": "is above {}",
    "gte": "is at least {}",
    "between": "is between {}",
    "contains": "contains “{}”",
    "starts_with": "starts with “{}”",
    "is_null": "is empty",
    "not_null": "is not empty",
    "matches": "matches the pattern {}",
}


def op_says(op: str, value: Any) -> str:
    """Say what a value must be: "is paid", "is between 1 and 3"."""
    is_pair = op == "between" and isinstance(value, list | tuple)
    return _SAYS[op].format(listed(map(shown, value)) if is_pair else shown(value))


def operand_problem(op: str, value: Any) -> str:
    """Say what is wrong with a value for an op, whatever it is compared with; "" when nothing
    is."""
    if op in ("is_null", "not_null"):
        return "" if value is None else "takes no value"
    if value is None:
        return "write a value"
    if op in ("in", "not_in"):
        return "" if isinstance(value, tuple) and value else "write a list of values"
    if op == "between":
        is_pair = isinstance(value, tuple) and len(value) == 2
        return "" if is_pair else "write the first and the last value, such as [1, 3]"
    if isinstance(value, tuple):
        return "write one value; op in takes a list"
    return pattern_problem(value) if op == "matches" else ""


def read_test(path: str, op: str, value: Any, shape: Shape) -> Test:
    """Make the test of the values at a path.

    Raises InvalidArgument when the op or its value does not fit.
    """
    if shape.kind not in _kinds_for(op, shape):
        fitting = ", ".join(fitting_ops(shape))
        raise InvalidArgument(
            f"{path}: op {op} does not fit, because it is {shape.in_words}; use {fitting}",
            field=path,
        )
    operands = value if isinstance(value, tuple) else (value,)
    if op not in ("matches", "starts_with", "is_null", "not_null"):
        for operand in operands:
            _check_operand(path, op, operand, shape)
    return _TESTS[op](operands, shape)


def fitting_ops(shape: Shape) -> tuple[str, ...]:
    """Give the operators that can be asked of what has this shape."""
    return tuple(op for op in OPS if shape.kind in _kinds_for(op, shape))


def _kinds_for(op: str, shape: Shape) -> frozenset[str]:
    if op == "contains":
        return _SCALAR if shape.is_list else _TEXTUAL
    return _NEEDS.get(op, _SCALAR)


def _check_operand(path: str, op: str, operand: Any, shape: Shape) -> None:
    if shape.kind != "any" and not _FITS[shape.kind](operand):
        raise InvalidArgument(
            f"{path}: is {IN_WORDS[shape.kind]}, and {shorten(operand)} is not;"
            f" {_HINTS[shape.kind]}",
            field=path,
        )
    is_part = op == "contains" and not shape.is_list
    if shape.choices and not is_part and operand not in shape.choices:
        choices = ", ".join(map(str, shape.choices))
        raise InvalidArgument(f"{path}: {operand!r} is not one of {choices}", field=path)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_day(value: Any) -> bool:
    return isinstance(value, str) and _reads(read_day, value)


def is_instant(value: Any) -> bool:
    return isinstance(value, str) and _reads(read_instant, value)


def _reads(read: Callable[[str], Any], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "number": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "instant": lambda value: is_day(value) or is_instant(value),
    "day": is_day,
}
_HINTS = {
    "text": 'put it in quotes: "12"',
    "number": "write it without quotes or units, such as 153.5",
    "boolean": "write true or false",
    "instant": "write 2025-09-15T19:00:00Z, or 2025-09-15 for the whole day",
    "day": "write 2025-09-15",
}


@dataclass(frozen=True, slots=True)
class _Span:
    """What an operand covers: the whole day of a bare date, else one value."""

    low: Any
    high: Any


def _span(operand: Any, kind: str) -> _Span:
    if kind != "instant":
        return _Span(operand, operand)
    if is_day(operand):
        return _Span(f"{operand}T00:00:00", f"{operand}T23:59:59.999999")
    key = instant_key(write_instant(read_instant(operand)))
    return _Span(key, key)


def _comparing(decide: Callable[[Any, Sequence[_Span]], bool]) -> Maker:
    """Make tests that are met when one value stands so to the operands."""

    def make(operands: Sequence[Any], shape: Shape) -> Test:
        spans = [_span(operand, shape.kind) for operand in operands]
        if shape.kind == "instant":
            return lambda values: any(decide(instant_key(value), spans) for value in values)
        if shape.kind == "any":
            return lambda values: any(decide(value, _like(value, spans)) for value in values)
        return lambda values: any(decide(value, spans) for value in values)

    return make


def _like(value: Any, spans: Sequence[_Span]) -> list[_Span]:
    """Give the operands that a free-form value can be compared with."""
    return [span for span in spans if _family(span.low) == _family(value)]


def _family(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    return "number" if is_number(value) else type(value).__name__


def _is_one_of(value: Any, spans: Sequence[_Span]) -> bool:
    return any(span.low <= value <= span.high for span in spans)


def _is_between(value: Any, spans: Sequence[_Span]) -> bool:
    return len(spans) == 2 and bool(spans[0].low <= value <= spans[1].high)


def _opposite(make: Maker) -> Maker:
    def made(operands: Sequence[Any], shape: Shape) -> Test:
        test = make(operands, shape)
        return lambda values: not test(values)

    return made


_equal_as_spans = _comparing(_is_one_of)


def _equal(operands: Sequence[Any], shape: Shape) -> Test:
    if shape.kind in ("instant", "any"):
        return _equal_as_spans(operands, shape)
    wanted = frozenset(operands)
    return lambda values: not wanted.isdisjoint(values)


def _contains(operands: Sequence[Any], shape: Shape) -> Test:
    if shape.is_list:
        return _equal(operands, shape)
    wanted = str(operands[0]).casefold()
    return lambda values: any(wanted in v.casefold() for v in values if isinstance(v, str))


def _starts_with(operands: Sequence[Any], shape: Shape) -> Test:
    start = str(operands[0])
    return lambda values: any(v.startswith(start) for v in values if isinstance(v, str))


def _matches(operands: Sequence[Any], shape: Shape) -> Test:
    pattern = regex.compile(operands[0])

    def test(values: Sequence[Any]) -> bool:
        texts = (value for value in values if isinstance(value, str))
        try:
            return any(pattern.search(text, timeout=MATCH_SECONDS) for text in texts)
        except TimeoutError:
            shown_pattern = shorten(operands[0])
            raise TimeoutError(f"pattern {shown_pattern} takes over {MATCH_SECONDS} s") from None

    return test


def _is_null(operands: Sequence[Any], shape: Shape) -> Test:
    return lambda values: not values


_TESTS: Mapping[str, Maker] = {
    "eq": _equal,
    "in": _equal,
    "ne": _opposite(_equal),
    "not_in": _opposite(_equal),
    "lt": _comparing(lambda value, spans: any(value < span.low for span in spans)),
    "lte": _comparing(lambda value, spans: any(value <= span.high for span in spans)),
    "gt": _comparing(lambda value, spans: any(value > span.high for span in spans)),
    "gte": _comparing(lambda value, spans: any(value >= span.low for span in spans)),
    "between": _comparing(_is_between),
    "contains": _contains,
    "starts_with": _starts_with,
    "matches": _matches,
    "is_null": _is_null,
    "not_null": _opposite(_is_null),
}
