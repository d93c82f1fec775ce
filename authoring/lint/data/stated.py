"""Values that a criterion's text states, and those that its check expects."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grading.expected import Bound
from grading.graders import Check
from grading.graders.response import ResponseCheck
from grading.graders.state import StateCheck
from grading.reading.plain import plain
from grading.reading.values import Found, values_in
from simulation.operators import is_day, is_number

Value = Decimal | dt.date
_BEFORE = re.compile(
    r"(?:\b(?:gives?|states?|says(?: that)?|reports?|quotes?|names?|tells?|shows?|mentions?"
    r"|is|are|was|were|equals?|totals?|amounts to|comes to|set to|as|by)|[:=(])"
    r"\s*(?:exactly |a total of |a refund of |the amount |the amount of )?$",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|unless|whenever|where|whose|than|except)\b", re.IGNORECASE)
_AFTER = re.compile(r"\s*(?:[,.;)]|$)")
_VALUE_CLAIMS: Mapping[str, frozenset[str]] = {
    "money": frozenset({"money"}),
    "number": frozenset({"number"}),
    "date": frozenset({"date"}),
}
_IN_STATE = frozenset({"money", "number", "date"})


@dataclass(frozen=True, slots=True)
class Expected:
    """What a check asks for, as values of the kinds that a text may state. off: what it allows."""

    values: tuple[Value, ...]
    kinds: frozenset[str]
    off: Decimal = Decimal()

    def has(self, value: Value) -> bool:
        return any(_close(value, each, self.off) for each in self.values)


def expected_by(check: Check) -> Expected | None:
    """Give the values that a check asks for; None where it asks for something else as well."""
    match check:
        case ResponseCheck():
            return _by_claim(check)
        case StateCheck(expect=lines) if lines and all(line.op == "eq" for line in lines):
            values = tuple(_values([known_value(line.value) for line in lines]))
            return Expected(values, _IN_STATE) if len(values) == 1 else None
        case _:
            return None


def known_value(expected: Any) -> Any:
    """Give a value, of a query its frozen result; None where there is none."""
    return expected.value if isinstance(expected, Bound) else expected


def _by_claim(check: ResponseCheck) -> Expected | None:
    for name, kinds in _VALUE_CLAIMS.items():
        claim = getattr(check, name)
        if claim is not None:
            off = Decimal(str(getattr(claim, "tolerance", 0)))
            values = tuple(_values(known_value(claim.value)))
            return Expected(values, kinds, off) if values else None
    return None


def _values(data: Any) -> Iterator[Value]:
    """Give the numbers and days in data."""
    if isinstance(data, list | tuple):
        for item in data:
            yield from _values(item)
    elif is_number(data):
        yield Decimal(str(data))
    elif isinstance(data, str) and is_day(data):
        yield dt.date.fromisoformat(data)


def all_values(data: Any) -> set[Value]:
    """Give every number and day anywhere in a check's data, also those inside its texts."""
    if isinstance(data, Mapping):
        return set().union(*map(all_values, data.values())) if data else set()
    if isinstance(data, list | tuple):
        return set().union(*map(all_values, data)) if data else set()
    found = set(_values(data))
    if isinstance(data, str):
        found |= {
            abs(each.value) if isinstance(each.value, Decimal) else each.value
            for each in values_in(plain(data), 2000)
        }
    return found


def values_of(text: str, year: int) -> list[Found]:
    return [each for each in values_in(text, year) if not each.unit]


def stated(text: str, year: int, kinds: frozenset[str]) -> list[Found]:
    """Give those values of a text that it says are so: "gives $5.00", "the total, $5.00."

    Nothing where the text is about a case or compares.
    """
    if _CONDITION.search(text):
        return []
    found = [each for each in values_of(text, year) if _kind(each) in kinds]
    return [each for each in found if _is_stated(text, each)]


def _is_stated(text: str, found: Found) -> bool:
    before = text[: found.start]
    if _BEFORE.search(before):
        return True
    return before.endswith(", ") and bool(_AFTER.match(text[found.end :]))


def _kind(found: Found) -> str:
    return "money" if found.currency else found.kind


def _close(one: Value, other: Value, off: Decimal) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return abs(abs(one) - abs(other)) <= off
    return one == other
