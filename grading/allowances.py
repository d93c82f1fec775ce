"""Allowances: changes of rows that are fine, and which of them covers which change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import Field, model_validator

from grading import expectations
from grading.expectations import Expectation, first_broken, says_all
from grading.expected import ExpectedText, known, misfits, says
from grading.graders import Evidence
from grading.moments import unknown_fields
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import entity_type_of
from simulation.state import Change
from simulation.values import Frozen
from simulation.wording import listed, plural, spoken

Fields = frozenset[str]
_NONE: Fields = frozenset()


class Allowance(Frozen):
    """Changes that are fine: to fields of existing rows; with `created` rows that are made, with
    `deleted` rows that go."""

    entity_type: str
    id: ExpectedText = Field(None, description="of one row; without it, the lines of where choose")
    where: tuple[Expectation, ...] = Field(
        (), description="which rows, as they were at the start; new rows as they are at the end"
    )
    fields: tuple[str, ...] = Field((), description="only these; without it, every field")
    created: bool = Field(False, description="new rows instead of changed ones")
    deleted: bool = Field(False, description="rows that go instead of changed ones")
    count: int | None = Field(None, ge=1, description="so many rows at most")

    @model_validator(mode="after")
    def _agrees(self) -> "Allowance":
        if self.id is not None and (self.where or self.created):
            raise ValueError("id stands alone: leave out where and created")
        if self.created and self.fields:
            raise ValueError("a new row is new as a whole: leave out fields")
        if self.deleted and (self.fields or self.created):
            raise ValueError("a row goes as a whole: leave out fields and created")
        return self

    def covers(self, evidence: Evidence, change: Change) -> bool:
        """Tell whether the change of a row of this type is to such a row; its fields are another
        question."""
        before, after = change.before, change.after
        if self.created != (before is None) or self.deleted != (after is None):
            return False
        if self.id is not None:
            return bool(change.id == known(self.id))
        if not self.where:
            return True
        world, row = (evidence.before, before) if before else (evidence.world, after)
        return not first_broken(world, self.entity_type, row or {}, self.where)

    def says(self) -> str:
        adjective = "new " if self.created else "deleted " if self.deleted else ""
        noun = spoken(self.entity_type) if self.count == 1 else plural(self.entity_type)
        limit = f"at most {self.count} " if self.count else ""
        rows = f"{limit}{adjective}{noun}"
        if self.id is not None:
            rows = f"{adjective}{spoken(self.entity_type)} {says(self.id)}"
        where = f" where {says_all(self.where)}" if self.where else ""
        fields = f"{listed(map(spoken, self.fields))} of " if self.fields else ""
        return f"{fields}{rows}{where}"

    def problems(self, company: Environment) -> Iterator[str]:
        try:
            kind = entity_type_of(company, self.entity_type)
        except InvalidArgument as error:
            yield error.message
            return
        yield from misfits(company, "id", self.id, kinds={"text"})
        yield from expectations.problems_of(company, "where", kind.name, self.where)
        yield from unknown_fields(kind.name, kind.fields, self.fields)


class Demand(NamedTuple):
    """Fields of one changed row, by its place among the changes, and the numbered allowances that
    would do for all of them."""

    row: int
    fields: Fields
    options: Sequence[int]


@dataclass(slots=True)
class Seats:
    """Which rows the allowances with a number are used up by.

    Where two allowances would do for a row, rows move so that most of them are covered, whatever
    the order in which allowances and changes are written.
    """

    allowances: Sequence[Allowance]
    held: Mapping[int, dict[int, list[Demand]]]

    def take(self, demand: Demand, tried: set[int]) -> bool:
        """Cover a demand. False when all its allowances are used up."""
        for number in demand.options:
            if demand.row in self.held[number]:
                self.held[number][demand.row].append(demand)
                return True
        return any(self._enter(number, demand, tried) for number in demand.options)

    def _enter(self, number: int, demand: Demand, tried: set[int]) -> bool:
        if number in tried:
            return False
        tried.add(number)
        rows = self.held[number]
        if len(rows) >= (self.allowances[number].count or 0) and not self._leave(rows, tried):
            return False
        rows[demand.row] = [demand]
        return True

    def _leave(self, rows: dict[int, list[Demand]], tried: set[int]) -> bool:
        """Move one row to another allowance that would do for it."""
        for row, demands in list(rows.items()):
            if len(demands) == 1:
                del rows[row]
                if self.take(demands[0], tried):
                    return True
                rows[row] = demands
        return False


def uncovered(
    evidence: Evidence, allowances: Sequence[Allowance], changes: Sequence[tuple[Change, Fields]]
) -> list[Fields]:
    """Give the fields of each change that no allowance covers."""
    seats = Seats(allowances, {n: {} for n, each in enumerate(allowances) if each.count})
    of_type: dict[str, list[tuple[int, Allowance]]] = {}
    for number, each in enumerate(allowances):
        of_type.setdefault(each.entity_type, []).append((number, each))
    return [
        _uncovered(seats, row, names, _covering(evidence, of_type, change))
        for row, (change, names) in enumerate(changes)
    ]


def _covering(
    evidence: Evidence, of_type: Mapping[str, Sequence[tuple[int, Allowance]]], change: Change
) -> list[int]:
    there = of_type.get(change.entity_type, ())
    return [number for number, each in there if each.covers(evidence, change)]


def _uncovered(seats: Seats, row: int, names: Fields, covering: Sequence[int]) -> Fields:
    """Give the fields of a row for which no allowance is left, those without a number first."""
    if len(covering) < 2:
        return _uncovered_by(seats, row, names, covering[0]) if covering else names
    left = names
    for number in covering:
        if number not in seats.held:
            left = left.difference(seats.allowances[number].fields or left)
    if not left:
        return left
    together: dict[tuple[int, ...], Fields] = {}
    for name in left:
        options = tuple([n for n in covering if _takes(seats, n, name)])
        together[options] = together.get(options, _NONE) | {name}
    demands = [Demand(row, fields, found) for found, fields in together.items()]
    return _NONE.union(*[each.fields for each in demands if not seats.take(each, set())])


def _uncovered_by(seats: Seats, row: int, names: Fields, number: int) -> Fields:
    """Give the fields of a row for which its only allowance will not do."""
    left = names.difference(seats.allowances[number].fields or names)
    if number not in seats.held or len(left) == len(names):
        return left
    return left if seats.take(Demand(row, names - left, (number,)), set()) else names


def _takes(seats: Seats, number: int, name: str) -> bool:
    fields = seats.allowances[number].fields
    return number in seats.held and (not fields or name in fields)
