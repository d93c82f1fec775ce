"""Expectations: conditions of checks, whose values may be bound to queries."""

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

from pydantic import Field, model_validator

from grading.expected import Bound, ExpectedAny, known, misfits, says
from simulation import conditions
from simulation.conditions import Condition, Rule, read_rule
from simulation.entities import Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import Op, op_says, operand_problem
from simulation.paths import read_path
from simulation.state import WorldState
from simulation.values import Frozen
from simulation.wording import listed, shown, spoken_path

TAKES_LIST = ("in", "not_in", "between")


class Expectation(Frozen):
    """One thing that a row or a call must meet: `status eq refunded`."""

    path: str = Field(min_length=1, max_length=200, description="a field, or a path into it")
    op: Op = Field("eq", title="comparison")
    value: ExpectedAny = Field(None, description="several values: one a line")

    @cached_property
    def _hashed(self) -> int:
        return hash((self.path, self.op, self.value))

    def __hash__(self) -> int:
        return self._hashed

    @model_validator(mode="after")
    def _literal_fits_op(self) -> "Expectation":
        is_bound = isinstance(self.value, Bound)
        if not is_bound and (problem := operand_problem(self.op, self.value)):
            raise ValueError(f"{self.path} {self.op}: {problem}")
        return self

    def says(self) -> str:
        """Say it as a part of a sentence: "status is refunded"."""
        value = self.value
        said = says(value) if isinstance(value, Bound) else value
        return f"{spoken_path(self.path)} {op_says(self.op, said)}"

    def expected(self) -> str:
        """Say only what is expected: "refunded", "at least 3"."""
        words = op_says(self.op, known(self.value))
        return words.removeprefix("is ")


@lru_cache(maxsize=4096)
def condition_of(expectation: Expectation) -> Condition:
    """Give the condition with its value known.

    Raises InvalidArgument for a value that was never bound.
    """
    value = known(expectation.value)
    return Condition(path=expectation.path, op=expectation.op, value=value)


@lru_cache(maxsize=4096)
def rule_of(company: Environment, entity_type: str, expectation: Expectation) -> Rule:
    return read_rule(company, entity_type, condition_of(expectation))


def problems_of(
    company: Environment, place: str, entity_type: str, expectations: Iterable[Expectation]
) -> list[str]:
    """Say what does not fit a company, one line each."""
    problems: list[str] = []
    for number, expectation in enumerate(expectations):
        here = f"{place}.{number}"
        value = expectation.value
        if isinstance(value, Bound):
            problems += _bound_problems(company, here, entity_type, expectation)
        else:
            condition = condition_of(expectation)
            lines = conditions.misfits(company, entity_type, [condition])
            problems += [f"{here}: {line}" for line in lines]
    return problems


def first_broken(
    world: WorldState, entity_type: str, row: Row, expectations: Sequence[Expectation]
) -> Expectation | None:
    """Give the first expectation that a row does not meet, None when it meets all."""
    company = world.snapshot.company
    for expectation in expectations:
        if not rule_of(company, entity_type, expectation).holds(world, row):
            return expectation
    return None


def select(world: WorldState, entity_type: str, expectations: Sequence[Expectation]) -> list[Row]:
    return conditions.select(world, entity_type, [condition_of(each) for each in expectations])


def says_all(expectations: Iterable[Expectation]) -> str:
    return listed(expectation.says() for expectation in expectations)


def value_at(world: WorldState, entity_type: str, row: Row, path: str) -> str:
    """Show what a row has at a path: "paid", "a and b", "empty"."""
    return written(read_path(world.snapshot.company, entity_type, path).values(world, row))


def written(values: Sequence[Any]) -> str:
    return listed(map(_shortly, values)) if values else "empty"


def _shortly(value: Any, limit: int = 120) -> str:
    text = shown(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def _bound_problems(
    company: Environment, place: str, entity_type: str, expectation: Expectation
) -> list[str]:
    try:
        shape = read_path(company, entity_type, expectation.path).shape
    except InvalidArgument as error:
        return [f"{place}: {error.message}"]
    many = expectation.op in TAKES_LIST
    return misfits(company, f"{place}.value", expectation.value, kinds={shape.kind}, many=many)
