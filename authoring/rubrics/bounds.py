"""Values of a check that come from the world: which they are, and by which question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from grading.expected import QUERY, VALUE
from simulation.errors import GymError
from simulation.query import WorldQuery
from simulation.wording import shown, spoken, spoken_path

LONGEST = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundValue:
    """label: what of the check it is: "status". sentence: the question, in words."""

    label: str
    value: str
    sentence: str


def bound_values(check: Any, label: str = "") -> Iterator[BoundValue]:
    """Give the bound values of a check's data in their order."""
    if is_bound(check):
        yield BoundValue(label=label, value=value_words(check), sentence=sentence_of(check))
    elif isinstance(check, Mapping):
        named = spoken_path(str(check["path"])) if "path" in check else ""
        for name, inside in check.items():
            yield from bound_values(inside, named or _words(name, label))
    elif isinstance(check, list | tuple):
        for inside in check:
            yield from bound_values(inside, label)


def is_bound(data: Any) -> bool:
    return isinstance(data, Mapping) and isinstance(data.get(QUERY), Mapping)


def value_words(bound: Mapping[str, Any]) -> str:
    """Write what a bound value is, or that nobody could tell yet."""
    value = bound.get(VALUE)
    if value is None:
        return "no value yet"
    text = ", ".join(map(shown, value)) if isinstance(value, list | tuple) else shown(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def sentence_of(bound: Mapping[str, Any]) -> str:
    try:
        return WorldQuery.model_validate(bound[QUERY]).sentence()
    except (GymError, ValidationError):
        return "a question that cannot be read"


def _words(name: str, label: str) -> str:
    return label if name == "value" and label else spoken(name)
