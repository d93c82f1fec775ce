"""Criteria and rubrics as frozen values: what an answer is measured by, apart from any episode."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from simulation.text import canonical, without_nulls
from simulation.values import Frozen

Category = Literal["completeness", "correctness", "constraint_satisfaction", "format_compliance"]
POINT_WORDS = {1: "standard", 2: "important", 3: "essential", -2: "harmful", -3: "critical harm"}


class Outcome(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"
    GRADER_ERROR = "grader_error"


class WrittenCriterion(Frozen):
    """A criterion as far as it is written: text and check may be missing."""

    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    text: str = Field("", max_length=1000)
    category: Category = "correctness"
    points: int = Field(1, ge=-100, le=100)
    note: str = Field("", max_length=4000)
    check: dict[str, Any] = Field(default_factory=dict)

    @field_validator("points")
    @classmethod
    def _not_zero(cls, points: int) -> int:
        if points == 0:
            raise ValueError("points are never 0; write 1, 2, 3, -2 or -3")
        return points

    @property
    def kind(self) -> str:
        return str(self.check.get("kind", ""))

    @property
    def points_word(self) -> str:
        return POINT_WORDS.get(self.points, f"{self.points:+d}")


class Criterion(WrittenCriterion):
    """One atomic requirement.

    `key` is stable across revisions, `check` is data for the grader of its kind.
    """

    text: str = Field(min_length=1, max_length=1000)
    note: str = Field("", max_length=4000, description="for graders")
    check: dict[str, Any]

    @cached_property
    def encoded_check(self) -> bytes:
        """The check in canonical bytes, by which graders know it again."""
        return canonical(self.check)

    @property
    def hash(self) -> str:
        """Tell two wordings or checks under one key apart."""
        return _hash(self.model_dump())


class RubricContent(Frozen):
    """The criteria of one task, in the order in which people read them."""

    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=100)

    @model_validator(mode="after")
    def _can_be_met(self) -> "RubricContent":
        keys = [criterion.key for criterion in self.criteria]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"two criteria have the key {', '.join(twice)}")
        if not any(criterion.points > 0 for criterion in self.criteria):
            raise ValueError("a rubric needs a criterion with positive points")
        return self

    @property
    def hash(self) -> str:
        return _hash(self.model_dump())


def reward_of(
    criteria: Sequence[Criterion], outcomes: Mapping[str, Outcome]
) -> tuple[float, bool] | None:
    """Give (reward, passed), or None while a criterion has no outcome or could not be graded.

    reward = max(0, Σ points of met) / Σ positive points; passed = every positive criterion met and
    no negative one. cannot_tell counts as not met.
    """
    decided = [outcomes.get(criterion.key, Outcome.GRADER_ERROR) for criterion in criteria]
    if Outcome.GRADER_ERROR in decided:
        return None
    met = [c for c, outcome in zip(criteria, decided, strict=True) if outcome == Outcome.MET]
    positive = [c for c in criteria if c.points > 0]
    reward = max(0, sum(c.points for c in met)) / sum(c.points for c in positive)
    passed = all(c in met for c in positive) and all(c.points > 0 for c in met)
    return reward, passed


def _hash(value: Any) -> str:
    return hashlib.sha256(canonical(without_nulls(value))).hexdigest()
