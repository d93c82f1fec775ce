"""The state of the query builder as the query string of its address, both ways.

    type=refund&measure=sum&path=amount&path1=status&op1=eq&value1=processed

Conditions are numbered, so that each keeps its parts together; several values are repeated.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from simulation.asking.typed import join_moment, write_value
from simulation.environments import Environment
from simulation.paths import read_path
from simulation.query import MEASURES, WorldQuery
from simulation.text import clean_text

MAX_CONDITIONS = 20
MAX_PATHS = 8
MAX_VALUES = 500
MAX_TYPED = 2000  # characters of one input


@dataclass(frozen=True, slots=True)
class Typed:
    """A condition as it was typed."""

    path: str = ""
    op: str = "eq"
    values: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        return not self.path and not any(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that the builder holds."""

    entity_type: str = ""
    conditions: tuple[Typed, ...] = ()
    measure: str = "count"
    paths: tuple[str, ...] = ()
    of: str = ""
    keeps_repeats: bool = False

    def without(self, number: int) -> "Asked":
        kept = [typed for n, typed in enumerate(self.conditions, start=1) if n != number]
        return replace(self, conditions=tuple(kept))

    def with_condition(self, typed: Typed) -> "Asked":
        return replace(self, conditions=(*self.conditions, typed)[:MAX_CONDITIONS])

    def with_values(self, number: int, *values: str) -> "Asked":
        changed = [
            replace(typed, values=values) if n == number else typed
            for n, typed in enumerate(self.conditions, start=1)
        ]
        return replace(self, conditions=tuple(changed))

    def address(self, **more: str) -> str:
        """Give the query string that reads back as this; `more` comes after it."""
        pairs = [("type", self.entity_type), *_measure_pairs(self)]
        for number, typed in enumerate(self.conditions, start=1):
            pairs += [(f"path{number}", typed.path), (f"op{number}", typed.op)]
            pairs += [(f"value{number}", value) for value in typed.values]
        return urlencode([*pairs, *more.items()])


def read_asked(parameters: QueryDict) -> Asked:
    measure = parameters.get("measure") or "count"
    return Asked(
        entity_type=_text(parameters, "type"),
        conditions=tuple(_conditions(parameters)),
        measure=measure if measure in MEASURES else "count",
        paths=tuple(path.strip() for path in _texts(parameters, "path")[:MAX_PATHS]),
        of=_text(parameters, "of"),
        keeps_repeats=parameters.get("repeats") == "1",
    )


def asked_of(query: WorldQuery, company: Environment) -> Asked:
    """Give the state of the builder that shows a query."""
    return Asked(
        entity_type=query.entity_type,
        conditions=tuple(
            Typed(c.path, c.op, _written(company, query.entity_type, c.path, c.value))
            for c in query.where
        ),
        measure=query.measure.kind,
        paths=query.measure.paths,
        of=query.measure.of or "",
        keeps_repeats=not query.measure.distinct,
    )


def press(asked: Asked, buttons: QueryDict) -> Asked:
    """Do what the pressed button says: add or remove a condition, pick a row that was meant."""
    if path := buttons.get("add_path"):
        asked = asked.with_condition(Typed(path))
    if "add" in buttons:
        asked = asked.with_condition(Typed())
    if (removed := buttons.get("remove", "")).isdecimal():
        asked = asked.without(int(removed))
    place, _, key = buttons.get("pick", "").partition(":")
    if place.isdecimal() and key:
        asked = asked.with_values(int(place), key)
    return asked


def _written(company: Environment, entity_type: str, path: str, value: object) -> tuple[str, ...]:
    shape = read_path(company, entity_type, path).shape
    several = value if isinstance(value, tuple) else () if value is None else (value,)
    return tuple(write_value(each, shape) for each in several)


def _measure_pairs(asked: Asked) -> list[tuple[str, str]]:
    pairs = [("measure", asked.measure), *(("path", path) for path in asked.paths)]
    pairs += [("of", asked.of)] if asked.of else []
    return pairs + ([("repeats", "1")] if asked.keeps_repeats else [])


def _conditions(parameters: QueryDict) -> Iterator[Typed]:
    for number in range(1, MAX_CONDITIONS + 1):
        if f"path{number}" in parameters:
            path, op = _text(parameters, f"path{number}"), _text(parameters, f"op{number}")
            yield Typed(path, op or "eq", _values(parameters, number))


def _values(parameters: QueryDict, number: int) -> tuple[str, ...]:
    values, times = (_texts(parameters, f"{name}{number}") for name in ("value", "time"))
    if times:
        padded = [*times, *[""] * len(values)]
        values = [join_moment(*pair) for pair in zip(values, padded, strict=False)]
    lines = [line for text in _texts(parameters, f"lines{number}") for line in text.splitlines()]
    return tuple([*values, *filter(None, map(str.strip, lines))][:MAX_VALUES])


def _text(parameters: QueryDict, name: str) -> str:
    return clean_text(parameters.get(name) or "", limit=MAX_TYPED)[0].strip()


def _texts(parameters: QueryDict, name: str) -> list[str]:
    limit = MAX_TYPED if name.startswith(("path", "value", "time")) else MAX_TYPED * 20
    return [clean_text(text, limit=limit)[0] for text in parameters.getlist(name)]
