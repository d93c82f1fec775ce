"""Graders: one module a kind of check. A grader is the check's schema, its rule, its sentence and its example.

Rules take values and give values: they work in memory and know no database.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import ValidationError

from grading.criteria import Criterion, Outcome
from simulation.errors import Problems
from simulation.registry import Registry
from simulation.state import WorldState
from simulation.transcript import Spec, StepRecord
from simulation.values import Frozen


@dataclass(frozen=True, slots=True)
class Cited:
    """A place in the transcript that a finding rests on."""

    step: int
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a grader decided, why, and on what evidence."""

    outcome: Outcome
    reason: str
    evidence: Sequence[Cited] = ()


@dataclass(frozen=True)
class Evidence:
    """All that may decide a criterion: the question, what happened, the last word and the world at the end."""

    spec: Spec
    steps: Sequence[StepRecord]
    final_response: str
    world: WorldState

    @property
    def before(self) -> WorldState:
        """The world after setup, before the agent acted."""
        return WorldState(self.world.snapshot, self.world.setup)


class Check(Frozen):
    """The base of all checks. Subclasses are registered in GRADERS under the value of their `kind`."""

    EXAMPLE: ClassVar[Mapping[str, Any]]

    @abstractmethod
    def grade(self, evidence: Evidence) -> Finding:
        """Decide. Whatever this raises is a grader error: no verdict on the agent."""

    @abstractmethod
    def sentence(self) -> str:
        """Say in English what is checked."""

    def bound(self, world: WorldState) -> "Check":
        """Give the check with every query's result filled in. Raises InvalidArgument for a bad query."""
        return self


GRADERS: Registry[type[Check]] = Registry("grader", __name__)


def read_check(data: Mapping[str, Any]) -> Check:
    """Make a check of its data. Raises Problems that name every bad field."""
    kind = data.get("kind")
    if kind not in GRADERS:
        raise Problems([f"check.kind {kind!r}: write one of {', '.join(GRADERS)}"])
    try:
        return GRADERS[str(kind)].model_validate(dict(data))
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None


def grade_criterion(criterion: Criterion, evidence: Evidence) -> Finding:
    """Decide one criterion. A grader that breaks says nothing about the agent."""
    try:
        return read_check(criterion.check).grade(evidence)
    except Exception as error:  # noqa: BLE001  a grader's failure is data here
        return Finding(Outcome.GRADER_ERROR, f"{type(error).__name__}: {error}")


def _line(problem: Any) -> str:
    place = ".".join(["check", *map(str, problem["loc"])])
    return f"{place}: {str(problem['msg']).removeprefix('Value error, ')}"
