"""Conditions on rows: `path op value`, as data that forms edit, and the rows that meet them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import Field, field_validator, model_validator

from simulation.entities import Row, shorten
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.operators import Op, Test, op_says, operand_problem, read_test
from simulation.paths import Path, entity_type_of, read_path
from simulation.state import WorldState
from simulation.values import Frozen
from simulation.wording import listed, spoken_path


class Condition(Frozen):
    """One thing that a row must meet: `customerId.loyaltyTier in [gold, platinum]`."""

    path: str = Field(min_length=1, max_length=200)
    op: Op = "eq"
    value: Any = None

    @field_validator("value")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        return plain(value)

    @model_validator(mode="after")
    def _value_fits_op(self) -> "Condition":
        if problem := operand_problem(self.op, self.value):
            raise ValueError(f"{self.path} {self.op}: {problem}")
        return self

    def says(self) -> str:
        """Say it as a part of a sentence: "status is paid"."""
        return f"{spoken_path(self.path)} {op_says(self.op, self.value)}"


def plain(value: Any) -> Any:
    """Take text, a number, true, false, or a list of them; lists become tuples.

    Raises ValueError.
    """
    if isinstance(value, list | tuple):
        return tuple(_scalar(item) for item in value)
    return None if value is None else _scalar(value)


def says_all(conditions: Sequence[Condition]) -> str:
    return listed(condition.says() for condition in conditions)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that fits a company, ready to be asked."""

    condition: Condition
    path: Path
    test: Test

    def holds(self, world: WorldState, row: Row) -> bool:
        return self.test(self.path.values(world, row))


@lru_cache(maxsize=4096)
def read_rule(company: Environment, entity_type: str, condition: Condition) -> Rule:
    """Fit a condition to a company. Raises InvalidArgument that says what would fit."""
    path = read_path(company, entity_type, condition.path)
    test = read_test(condition.path, condition.op, condition.value, path.shape)
    return Rule(condition, path, test)


def misfits(company: Environment, entity_type: str, conditions: Sequence[Condition]) -> list[str]:
    """Say everything that does not fit a company, one line each."""
    problems = []
    for condition in conditions:
        try:
            read_rule(company, entity_type, condition)
        except InvalidArgument as error:
            problems.append(error.message)
    return problems


def meets(world: WorldState, entity_type: str, row: Row, conditions: Sequence[Condition]) -> bool:
    company = world.snapshot.company
    return all(read_rule(company, entity_type, c).holds(world, row) for c in conditions)


def select(world: WorldState, entity_type: str, conditions: Sequence[Condition] = ()) -> list[Row]:
    """Give all rows that meet every condition, by id.

    Raises InvalidArgument for what does not fit.
    """
    company = world.snapshot.company
    entity_type_of(company, entity_type)
    rules = [read_rule(company, entity_type, condition) for condition in conditions]
    rows = _candidates(world, entity_type, rules)
    found = {row["id"]: row for row in rows if all(rule.holds(world, row) for rule in rules)}
    return [found[key] for key in sorted(found)]


def _candidates(world: WorldState, entity_type: str, rules: Sequence[Rule]) -> Sequence[Row]:
    """Give the rows of the most selective index that the rules offer, or all of them."""
    best: list[Row] | None = None
    for rule in rules:
        path, condition = rule.path, rule.condition
        if path.hops or path.shape.kind != "text" or condition.op not in ("eq", "in"):
            continue
        wanted = condition.value if isinstance(condition.value, tuple) else (condition.value,)
        found = [row for value in wanted for row in world.find(entity_type, path.last, value)]
        if best is None or len(found) < len(best):
            best = found
    return list(world.rows(entity_type)) if best is None else best


def _scalar(value: Any) -> Any:
    is_scalar = isinstance(value, str | int | float | bool)
    if not is_scalar:
        raise ValueError(
            f"write text, a number, true, false or a list of them, not {shorten(value)}"
        )
    return value
