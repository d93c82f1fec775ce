"""From what was typed to a world query, or to what is wrong, said beside the field it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from simulation.asking.address import Asked, Typed
from simulation.asking.typed import read_value
from simulation.conditions import Condition, read_rule
from simulation.entities import EntityType
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import fitting_ops
from simulation.paths import read_path, reference_at
from simulation.query import Measure, WorldQuery
from simulation.shapes import Shape
from simulation.wording import listed

VALUELESS = ("is_null", "not_null")
LISTS = ("in", "not_in")
WITH_OF = ("min", "max")


@dataclass(frozen=True, kw_only=True)
class ReadCondition:
    """One typed condition, and what it means.

    problems: what is wrong, by the part it is wrong with: path, op or value.
    is_unfinished: it only lacks a value so far, which is no mistake.
    """

    typed: Typed
    shape: Shape | None = None
    target: str | None = None
    condition: Condition | None = None
    problems: Mapping[str, str]
    is_unfinished: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The whole form, read. `query` is None while something is wrong or missing."""

    asked: Asked
    kind: EntityType
    conditions: tuple[ReadCondition, ...]
    problems: Mapping[str, str]
    query: WorldQuery | None

    @property
    def count_of_problems(self) -> int:
        return len(self.problems) + sum(len(each.problems) for each in self.conditions)

    @property
    def is_unfinished(self) -> bool:
        return any(each.is_unfinished for each in self.conditions)


def read_form(company: Environment, asked: Asked) -> Reading:
    """Read a form; a type that there is not is answered as the first one, with its problem."""
    kind, problems = _entity_type(company, asked)
    conditions = tuple(_condition(company, kind.name, typed) for typed in asked.conditions)
    measure, more = _measure(company, kind.name, asked)
    problems = {**problems, **more}
    is_whole = not problems and all(each.condition or each.typed.is_blank for each in conditions)
    where = tuple(each.condition for each in conditions if each.condition)
    query = (
        WorldQuery(entity_type=kind.name, where=where, measure=measure)
        if is_whole and measure
        else None
    )
    return Reading(asked=asked, kind=kind, conditions=conditions, problems=problems, query=query)


def _entity_type(company: Environment, asked: Asked) -> tuple[EntityType, dict[str, str]]:
    kind = company.entity_types.get(asked.entity_type)
    if kind:
        return kind, {}
    first = next(iter(company.entity_types.values()))
    if not asked.entity_type:
        return first, {}
    return first, {"type": f"{company.title} has no {asked.entity_type!r}; choose one of these"}


def _condition(company: Environment, entity_type: str, typed: Typed) -> ReadCondition:
    if typed.is_blank:
        return ReadCondition(typed=typed, problems={})
    try:
        shape = read_path(company, entity_type, typed.path).shape
    except InvalidArgument as error:
        return ReadCondition(typed=typed, problems={"path": _said(error, typed)})
    target = reference_at(company, entity_type, typed.path)
    read = ReadCondition(typed=typed, shape=shape, target=target, problems={})
    if typed.op not in fitting_ops(shape):
        said = f"cannot be asked here, because this is {shape.in_words}"
        return replace(read, problems={"op": said})
    return (
        replace(read, is_unfinished=True)
        if _lacks_value(typed)
        else _fit(company, entity_type, read)
    )


def _fit(company: Environment, entity_type: str, read: ReadCondition) -> ReadCondition:
    typed = read.typed
    try:
        value = operand(typed, read.shape or Shape("any"))
        condition = Condition(path=typed.path, op=typed.op, value=value)
        read_rule(company, entity_type, condition)
    except (InvalidArgument, ValidationError) as error:
        return replace(read, problems={"value": _said(error, typed)})
    return replace(read, condition=condition)


def operand(typed: Typed, shape: Shape) -> Any:
    """Give the value of a condition; an operator that takes one value takes the first typed."""
    values = [read_value(text, shape) for text in typed.values if text.strip()]
    if typed.op in VALUELESS:
        return None
    if typed.op in LISTS:
        return tuple(values)
    return tuple(values[:2]) if typed.op == "between" else values[0]


def _lacks_value(typed: Typed) -> bool:
    given = sum(1 for text in typed.values if text.strip())
    wanted = 0 if typed.op in VALUELESS else 2 if typed.op == "between" else 1
    return given < wanted


def _said(error: InvalidArgument | ValidationError, typed: Typed) -> str:
    """Give the reason without the path, which stands beside it."""
    if isinstance(error, InvalidArgument):
        text = error.message
    else:
        text = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return text.removeprefix(f"{typed.path} {typed.op}: ").removeprefix(f"{typed.path}: ")


def _measure(
    company: Environment, entity_type: str, asked: Asked
) -> tuple[Measure | None, dict[str, str]]:
    paths = tuple(filter(None, asked.paths))
    of = asked.of if asked.measure in WITH_OF else ""
    if asked.measure == "count":
        return Measure(count=True), {}
    if not paths:
        return None, {"path": f"choose what to take the {asked.measure} of"}
    chosen = paths if asked.measure == "list" and len(paths) > 1 else paths[0]
    problems = _misfits(company, entity_type, {asked.measure: chosen})
    if not problems and of:
        more = _misfits(company, entity_type, {asked.measure: chosen, "of": of})
        return _built(asked, chosen, of), {"of": more} if more else {}
    return _built(asked, chosen, of), {"path": problems} if problems else {}


def _built(asked: Asked, chosen: str | tuple[str, ...], of: str) -> Measure:
    given: dict[str, Any] = {asked.measure: chosen}
    if of:
        given["of"] = of
    if asked.measure == "list" and asked.keeps_repeats:
        given["distinct"] = False
    return Measure(**given)


def _misfits(company: Environment, entity_type: str, measure: Mapping[str, Any]) -> str:
    query = WorldQuery(entity_type=entity_type, measure=Measure(**measure))
    return listed(_sentences(query.problems(company)))


def _sentences(lines: Iterable[str]) -> list[str]:
    return [line.replace("; measure it with list", ": take the list of it") for line in lines]
