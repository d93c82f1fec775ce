"""Graders: one module a kind of check. A grader is the check's schema, its rule, its sentence and
its example.

Rules take values and give values: they work in memory and know no database.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, NamedTuple, Self

import orjson

from grading.criteria import Criterion, Outcome
from grading.expected import bind
from simulation.entities import Row
from simulation.environments import Environment
from simulation.errors import Problems
from simulation.faults import TOOL_ERROR
from simulation.registry import Registry
from simulation.state import Change, WorldState
from simulation.text import canonical
from simulation.tools import find_tool
from simulation.transcript import Spec, StepRecord
from simulation.validating import place_of, read_as, reason_of
from simulation.values import Frozen


class Cited(NamedTuple):
    """A place in the transcript that a finding rests on."""

    step: int
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a grader decided, why, and on what evidence."""

    outcome: Outcome
    reason: str
    evidence: Sequence[Cited] = ()


def decided(met: bool, reason: str, evidence: Sequence[Cited] = ()) -> Finding:
    return Finding(Outcome.MET if met else Outcome.NOT_MET, reason, evidence)


@dataclass(frozen=True)
class Evidence:
    """All that may decide a criterion: the question, what happened, the last word and the world at
    the end.

    What several graders need of it is computed once.
    """

    spec: Spec
    steps: Sequence[StepRecord]
    final_response: str
    world: WorldState

    @cached_property
    def before(self) -> WorldState:
        """The world after setup, before the agent acted."""
        return WorldState(self.world.snapshot, self.world.setup)

    @cached_property
    def diff(self) -> Sequence[Change]:
        """The net differences to the state after setup."""
        return self.world.diff()

    @cached_property
    def writes(self) -> Mapping[tuple[str, str], Sequence[tuple[int, Change]]]:
        """Every write with its step, by entity type and id of the row, in their order."""
        writes: dict[tuple[str, str], list[tuple[int, Change]]] = {}
        for step in self.steps:
            for change in step.changes:
                writes.setdefault((change.entity_type, change.id), []).append((step.index, change))
        return writes

    @cached_property
    def last_step(self) -> Mapping[tuple[str, str], int]:
        """The step that wrote each row last, by entity type and id of the row."""
        last: dict[tuple[str, str], int] = {}
        for step in self.steps:
            for change in step.changes:
                last[change.entity_type, change.id] = step.index
        return last

    @cached_property
    def reached(self) -> Sequence[StepRecord]:
        """The calls that reached the tools, refused ones too; one that was made to fail did not."""
        return [
            step for step in self.steps if step.kind == "tool_call" and step.fault != TOOL_ERROR
        ]

    @cached_property
    def calls(self) -> Mapping[str, Sequence[StepRecord]]:
        """The calls of each tool by its own name, in whatever spelling it was called."""
        tools = self.world.snapshot.company.tools
        spelled: dict[str, list[StepRecord]] = {}
        for step in self.reached:
            spelled.setdefault(step.tool, []).append(step)
        calls: dict[str, list[StepRecord]] = {}
        for name, steps in spelled.items():
            if tool := tools.get(name) or find_tool(tools, name):
                others = calls.get(tool.name)
                calls[tool.name] = sorted([*others, *steps], key=_index) if others else steps
        return calls

    @cached_property
    def last_word(self) -> int | None:
        """The step in which the agent gave its final response."""
        for step in reversed(self.steps):
            if step.kind == "assistant" and step.content == self.final_response:
                return step.index
        return None

    def made(self, entity_type: str) -> list[Row]:
        """Give the rows that the agent created, as they are at the end."""
        return [
            change.after
            for change in self.diff
            if change.entity_type == entity_type and change.before is None and change.after
        ]

    def writes_of(self, entity_type: str, key: str) -> list[Cited]:
        """Cite the last step that wrote a row."""
        step = self.last_step.get((entity_type, key))
        return [] if step is None else [Cited(step)]

    def last_writes(self, rows: Sequence[tuple[str, str]]) -> list[Cited]:
        """Cite the last step that wrote each row, by entity type and id; in order, each once."""
        last = self.last_step if rows else {}
        return [Cited(step) for step in sorted({last[row] for row in rows if row in last})]


class Check(Frozen):
    """The base of all checks.

    Subclasses are registered in GRADERS under the value of their `kind`.
    """

    EXAMPLE: ClassVar[Mapping[str, Any]]
    IS_DETERMINISTIC: ClassVar[bool] = True  # False: a model or a person decides, outside `grade`

    @abstractmethod
    def grade(self, evidence: Evidence) -> Finding:
        """Decide. Whatever this raises is a grader error: no verdict on the agent."""

    @abstractmethod
    def sentence(self) -> str:
        """Say in English what is checked."""

    def problems(self, company: Environment) -> list[str]:
        """Say everything that does not fit a company: unknown types, fields, tools, values."""
        return []

    def bound(self, world: WorldState) -> Self:
        """Give the check with every query's result filled in.

        Raises Problems for what does not fit the company, InvalidArgument for a query without one
        answer.
        """
        if problems := self.problems(world.snapshot.company):
            raise Problems([f"check.{line}" for line in problems])
        return self.model_validate(bind(self.as_data(), world))

    def as_data(self) -> dict[str, Any]:
        """Give the check as JSON data, only with what was written."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


GRADERS: Registry[type[Check]] = Registry("grader", __name__)


def read_check(data: Mapping[str, Any]) -> Check:
    """Make a check of its data; equal data give one and the same.

    Raises Problems that name every bad field.
    """
    return _read_check(canonical(data))


@lru_cache(maxsize=4096)
def _read_check(encoded: bytes) -> Check:
    data = orjson.loads(encoded)
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in GRADERS:
        raise Problems([f"check.kind {kind!r}: write one of {', '.join(GRADERS)}"])
    return read_as(GRADERS[kind], data, line=_line)


def is_deterministic(criterion: Criterion) -> bool:
    """Tell whether a rule decides it; a check that cannot be read is its grader's error."""
    return _is_rule(criterion.kind)


@lru_cache(maxsize=64)
def _is_rule(kind: str) -> bool:
    return kind not in GRADERS or GRADERS[kind].IS_DETERMINISTIC


def grade_criterion(criterion: Criterion, evidence: Evidence) -> Finding:
    """Decide one criterion. A grader that breaks says nothing about the agent."""
    try:
        return _read_check(criterion.encoded_check).grade(evidence)
    except Exception as error:  # noqa: BLE001  a grader's failure is data here
        return Finding(Outcome.GRADER_ERROR, f"{type(error).__name__}: {error}")


def _index(step: StepRecord) -> int:
    return step.index


def _line(problem: Any) -> str:
    place = place_of({"loc": ["check", *problem["loc"]]})
    return f"{place}: {reason_of(problem)}"
