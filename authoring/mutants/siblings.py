"""Sibling queries: what an agent asks the world that misses the question by one step.

The next month, one day less, the other date of the row, a condition forgotten, another status,
another customer, the next cheapest, the first page only.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.expected import QUERY, VALUE, Bound
from simulation.conditions import Condition
from simulation.errors import GymError
from simulation.operators import is_day, is_instant
from simulation.paths import read_path, reference_at
from simulation.query import Measure, WorldQuery
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.wording import shown, spoken, spoken_path

CHOICES_MOST = 3  # other values that are tried for one condition
EXTREMES = {"min": "max", "max": "min"}


@dataclass(frozen=True)
class Sibling:
    """A value that the question does not have, and the mistake that leads to it."""

    words: str
    value: Any


def siblings(bound: Bound, world: WorldState) -> Iterator[Sibling]:
    """Give values of sibling queries that differ from the value itself, each once."""
    seen = [_plain(bound.value)]
    for words, query, is_page in _asked(bound.query, world):
        try:
            rows = query.rows(world)
            value = query.measured(world, _first_page(world, query, rows) if is_page else rows)
        except GymError:
            continue
        if value not in (None, [], "") and _plain(value) not in seen:
            seen.append(_plain(value))
            yield Sibling(words, value)


def bounds_in(data: Any) -> Iterator[Bound]:
    """Give every bound value of a check's data."""
    if isinstance(data, Mapping):
        if QUERY in data:
            if data.get(VALUE) is not None:
                yield Bound.model_validate(dict(data))
            return
        for item in data.values():
            yield from bounds_in(item)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from bounds_in(item)


Asked = tuple[str, WorldQuery, bool]


def _asked(query: WorldQuery, world: WorldState) -> Iterator[Asked]:
    yield "only the first page is read", query, True
    for place, condition in enumerate(query.where):
        for words, other in _variants(query, condition, world):
            kept = [*query.where[:place], *([other] if other else []), *query.where[place + 1 :]]
            yield words, query.model_copy(update={"where": tuple(kept)}), False
    yield from _other_measures(query, world)


def _variants(
    query: WorldQuery, condition: Condition, world: WorldState
) -> Iterator[tuple[str, Condition | None]]:
    for make in (_other_days, _other_date, _other_choices, _other_rows):
        yield from make(query, condition, world)
    yield f"it is forgotten that {condition.says()}", None


def _other_days(
    query: WorldQuery, condition: Condition, world: WorldState
) -> Iterator[tuple[str, Condition]]:
    value = condition.value
    if condition.op != "between" or not (_is_time(value[0]) and _is_time(value[1])):
        return
    first, last = value
    for words, moved in (
        ("a month later", (month_on(first, 1), month_on(last, 1))),
        ("a month earlier", (month_on(first, -1), month_on(last, -1))),
        ("without the last day", (first, day_on(last, -1))),
        ("without the first day", (day_on(first, 1), last)),
    ):
        if moved[0] <= moved[1]:
            said = f"{spoken_path(condition.path)} is taken {words}"
            yield said, condition.model_copy(update={"value": moved})


def _other_date(
    query: WorldQuery, condition: Condition, world: WorldState
) -> Iterator[tuple[str, Condition]]:
    company = world.snapshot.company
    shape = read_path(company, query.entity_type, condition.path).shape
    if shape.kind not in ("instant", "day") or "." in condition.path:
        return
    for field in company.entity_types[query.entity_type].fields.values():
        other = read_path(company, query.entity_type, field.name).shape
        if other.kind == shape.kind and not other.many and field.name != condition.path:
            words = f"{spoken(field.name)} is taken for {spoken(condition.path)}"
            yield words, condition.model_copy(update={"path": field.name})


def _other_choices(
    query: WorldQuery, condition: Condition, world: WorldState
) -> Iterator[tuple[str, Condition]]:
    shape = read_path(world.snapshot.company, query.entity_type, condition.path).shape
    name = spoken_path(condition.path)
    if condition.op in ("in", "not_in"):
        for gone in condition.value:
            left = tuple(item for item in condition.value if item != gone)
            if left:
                words = f"{name} {shown(gone)} is forgotten"
                yield words, condition.model_copy(update={"value": left})
    elif condition.op == "eq":
        others = [choice for choice in shape.choices if choice != condition.value]
        for choice in others[:CHOICES_MOST]:
            words = f"{name} {shown(choice)} is taken for {shown(condition.value)}"
            yield words, condition.model_copy(update={"value": choice})


def _other_rows(
    query: WorldQuery, condition: Condition, world: WorldState
) -> Iterator[tuple[str, Condition]]:
    """Take another row for the one that is asked about: first of all a namesake."""
    if condition.op != "eq" or not isinstance(condition.value, str):
        return
    company = world.snapshot.company
    target = reference_at(company, query.entity_type, condition.path)
    row = world.get(target, condition.value) if target else None
    if target and row:
        for key in _like(world, target, row)[:CHOICES_MOST]:
            words = f"{spoken(target)} {key} is taken for {condition.value}"
            yield words, condition.model_copy(update={"value": key})


def _like(world: WorldState, entity_type: str, row: Mapping[str, Any]) -> list[str]:
    """Give the ids of other rows, those that share most values with this one first."""
    shared = {
        other["id"]: sum(other.get(name) == value for name, value in row.items())
        for other in world.rows(entity_type)
        if other["id"] != row["id"]
    }
    return sorted(shared, key=lambda key: (-shared[key], key))


def _other_measures(query: WorldQuery, world: WorldState) -> Iterator[Asked]:
    measure = query.measure
    opposite = EXTREMES.get(measure.kind)
    if opposite is None:
        return
    measured = {opposite: measure.paths[0], "of": measure.of}
    other = Measure.model_validate({name: value for name, value in measured.items() if value})
    word = {"min": "highest", "max": "lowest"}[measure.kind]
    words = f"the {word} is taken"
    yield words, query.model_copy(update={"measure": other}), False
    try:
        best = query.model_copy(update={"measure": Measure(count=True)}).rows(world)
        limit = WorldQuery(
            entity_type=query.entity_type,
            where=query.where,
            measure=Measure.model_validate({measure.kind: measure.paths[0]}),
        ).measured(world, best)
    except GymError:
        return
    beyond = Condition(path=measure.paths[0], op="ne", value=limit)
    next_best = query.model_copy(update={"where": (*query.where, beyond)})
    yield "the next one is taken", next_best, False


def _first_page(
    world: WorldState, query: WorldQuery, rows: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Give what a search without a limit shows of rows: the newest ones."""
    created = world.entity_types[query.entity_type].created_field
    by_id = sorted(rows, key=lambda row: str(row["id"]))
    if created:
        by_id.sort(key=lambda row: str(row.get(created, "")), reverse=True)
    return by_id[:DEFAULT_LIMIT]


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and (is_day(value) or is_instant(value))


def month_on(text: str, months: int) -> str:
    """Move a day or an instant by months; the last day of a month stays the last."""
    day = dt.date.fromisoformat(text[:10])
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    moved = dt.date(year, month + 1, length if is_last else min(day.day, length))
    return moved.isoformat() + text[10:]


def day_on(text: str, days: int) -> str:
    moved = dt.date.fromisoformat(text[:10]) + dt.timedelta(days=days)
    return moved.isoformat() + text[10:]


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
