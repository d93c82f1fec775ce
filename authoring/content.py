"""What a task says, as a frozen value: the content of drafts, revisions, files and packs."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from grading.criteria import POINT_WORDS, Category, Criterion, RubricContent
from grading.graders import read_check
from simulation.customers import read_customer
from simulation.errors import GymError, Problems
from simulation.faults import Faults
from simulation.refusals import plain_words
from simulation.setup import setup_changes
from simulation.state import MAX_RESULTS, WorldState
from simulation.text import canonical, without_nulls
from simulation.tools import find_tool
from simulation.transcript import Budgets
from simulation.values import Frozen

CATEGORIES = ("information_retrieval", "communication", "reasoning", "multi_step_workflow")


class Asker(Frozen):
    """Who writes the prompt: a customer or an employee of the world."""

    type: Literal["customer", "employee"]
    id: str = Field(min_length=1, max_length=200)


class CallStep(Frozen):
    """One tool call of a solution; arguments may hold {"$ref": "1.0.id"}."""

    call: str = Field(min_length=1, max_length=200)
    arguments: dict[str, Any] = Field(default_factory=dict)


class MessageStep(Frozen):
    """One message of a solution."""

    message: str = Field(min_length=1)


class NearMiss(Frozen):
    """A plausible solution that must fail."""

    name: str = Field(min_length=1, max_length=200)
    solution: tuple[CallStep | MessageStep, ...]


class DraftCriterion(Frozen):
    """A criterion as far as it is written; `check` may be empty or lack fields."""

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

    @property
    def hash(self) -> str:
        """Tell two states of a criterion apart: the hash of a Criterion that says the same."""
        return hashlib.sha256(canonical(without_nulls(self.model_dump()))).hexdigest()


class DraftRubric(Frozen):
    criteria: tuple[DraftCriterion, ...] = Field((), max_length=100)

    @field_validator("criteria")
    @classmethod
    def _keys_once(cls, criteria: tuple[DraftCriterion, ...]) -> tuple[DraftCriterion, ...]:
        keys = [criterion.key for criterion in criteria]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"two criteria have the key {', '.join(twice)}")
        return criteria


class DraftContent(Frozen):
    """A task as far as it is written: every field is of its type, none has to be filled.

    What is complete says the same, and has the same hash, as a TaskContent.
    """

    title: str = Field("", max_length=200)
    prompt: str = Field("", max_length=50_000)
    system_prompt: str = Field("", max_length=80)
    asker: Asker | None = None
    mode: Literal["autonomous", "copilot", "conversation"] = "autonomous"
    customer: dict[str, Any] | None = None
    world: str = Field("", max_length=100)
    setup: tuple[dict[str, Any], ...] = Field((), max_length=500)
    toolset: str = Field("default", max_length=80)
    max_results: int = Field(MAX_RESULTS, ge=1, le=MAX_RESULTS)
    budgets: Budgets = Field(default_factory=Budgets)
    faults: Faults | None = Field(None, description="none: a run may bring its own")
    reference: tuple[CallStep | MessageStep, ...] = Field((), max_length=1000)
    near_misses: tuple[NearMiss, ...] = Field((), max_length=50)
    rubric: DraftRubric = DraftRubric()
    category: Literal["information_retrieval", "communication", "reasoning", "multi_step_workflow"]
    difficulty: Literal["easy", "medium", "hard"] = "medium"
    target_level: int | None = Field(None, ge=1, le=5)
    tags: tuple[str, ...] = ()
    notes: str = Field("", max_length=50_000)

    @property
    def page_size(self) -> int:
        """Give how many rows a search gives at most."""
        return min(self.max_results, (self.faults and self.faults.max_results) or self.max_results)

    @property
    def hash(self) -> str:
        return hashlib.sha256(canonical(without_nulls(self.model_dump()))).hexdigest()


class TaskContent(Frozen):
    """All that decides a task, apart from who wrote it and where its review stands."""

    title: str = Field(min_length=1, max_length=200)
    prompt: str = Field(min_length=1, max_length=50_000)
    system_prompt: str = Field(min_length=1, max_length=80, description="name in the world")
    asker: Asker | None = None
    mode: Literal["autonomous", "copilot", "conversation"]
    customer: dict[str, Any] | None = None
    world: str = Field(pattern=r"^[a-z0-9-]+@[1-9]\d*$", description="SLUG@VERSION")
    setup: tuple[dict[str, Any], ...] = ()
    toolset: str = "default"
    max_results: int = Field(MAX_RESULTS, ge=1, le=MAX_RESULTS)
    budgets: Budgets = Field(default_factory=Budgets)
    faults: Faults | None = Field(None, description="none: a run may bring its own")
    reference: tuple[CallStep | MessageStep, ...] = Field(min_length=1)
    near_misses: tuple[NearMiss, ...] = ()
    rubric: RubricContent
    category: Literal["information_retrieval", "communication", "reasoning", "multi_step_workflow"]
    difficulty: Literal["easy", "medium", "hard"]
    target_level: int | None = Field(None, ge=1, le=5, description="failure level aimed at")
    tags: tuple[str, ...] = ()
    notes: str = ""

    @field_validator("reference")
    @classmethod
    def _ends_with_a_message(cls, steps: tuple[CallStep | MessageStep, ...]) -> Any:
        messages = [n for n, step in enumerate(steps) if isinstance(step, MessageStep)]
        if messages != [len(steps) - 1]:
            raise ValueError("a reference has exactly one message, its last step")
        return steps

    @field_validator("customer")
    @classmethod
    def _somebody_to_talk_to(cls, customer: dict[str, Any] | None) -> dict[str, Any] | None:
        """Check it, and keep it as it is written: equal content has the equal hash."""
        if customer is not None:
            try:
                read_customer(customer)
            except Problems as error:
                raise ValueError("; ".join(error.problems)) from None
        return customer

    @model_validator(mode="after")
    def _conversations_have_a_customer(self) -> "TaskContent":
        if self.mode == "conversation" and self.customer is None:
            raise ValueError("a conversation needs a customer to talk to")
        return self

    @property
    def page_size(self) -> int:
        """Give how many rows a search gives at most."""
        return min(self.max_results, (self.faults and self.faults.max_results) or self.max_results)

    @property
    def hash(self) -> str:
        return hashlib.sha256(canonical(without_nulls(self.model_dump()))).hexdigest()

    @property
    def labels(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "category": self.category,
            "difficulty": self.difficulty,
            "target_level": self.target_level,
            "tags": list(self.tags),
        }


def read_content(data: Mapping[str, Any]) -> TaskContent:
    """Make content of data from a file, a form or a row.

    Raises Problems that name every bad field.
    """
    try:
        return TaskContent.model_validate(data)
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None


def read_draft(data: Mapping[str, Any]) -> DraftContent:
    """Make a draft's content of data. Raises Problems that name every field of a wrong type."""
    try:
        return DraftContent.model_validate(data)
    except ValidationError as error:
        raise Problems([_line(problem) for problem in error.errors()]) from None


def bind_content(
    content: TaskContent, world: WorldState, prompts: Mapping[str, str]
) -> TaskContent:
    """Check content against its world and freeze the results of its queries.

    world: the published world, without setup. Raises Problems that name every field that does not
    fit.
    """
    problems = [*_misfits(content, world, prompts)]
    try:
        ready = WorldState(world.snapshot, setup_changes(world.snapshot, content.setup))
    except Problems as error:
        raise Problems([*problems, *error.problems]) from None
    criteria = []
    for number, criterion in enumerate(content.rubric.criteria, start=1):
        try:
            criteria.append(_bind_criterion(criterion, ready))
        except GymError as error:
            place = f"rubric {number} ({criterion.key})"
            problems += [f"{place}: {line}" for line in error.message.splitlines()]
    if problems:
        raise Problems(problems)
    return content.model_copy(update={"rubric": RubricContent(criteria=tuple(criteria))})


def _bind_criterion(criterion: Criterion, world: WorldState) -> Criterion:
    bound = read_check(criterion.check).bound(world)
    check = bound.model_dump(exclude_unset=True, by_alias=True)
    return criterion.model_copy(update={"check": check})


def _misfits(content: TaskContent, world: WorldState, prompts: Mapping[str, str]) -> Iterator[str]:
    if content.system_prompt not in prompts:
        known = ", ".join(prompts)
        yield f"system_prompt {content.system_prompt!r}: {content.world} has {known}"
    asker = content.asker
    if asker and (asker.type not in world.entity_types or not world.get(asker.type, asker.id)):
        yield f"asker.id: {content.world} has no {asker.type} {asker.id!r}"
    toolsets = world.snapshot.company.toolsets
    if content.toolset not in toolsets:
        yield f"toolset {content.toolset!r}: {content.world} has {', '.join(sorted(toolsets))}"
        return
    tools = toolsets[content.toolset]
    for number, step in enumerate(content.reference, start=1):
        if isinstance(step, CallStep) and find_tool(tools, step.call) is None:
            known = ", ".join(tools)
            missing = f"toolset {content.toolset} has no {step.call!r}"
            yield f"reference {number}: {missing}; it has {known}"
    for name in content.faults.tools if content.faults else ():
        if name not in tools:
            yield f"faults.tools: toolset {content.toolset} has no {name!r}"


def _line(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"])) or "task"
    got = problem["input"]
    shown = f", got {got!r}" if isinstance(got, str | int | float | bool) else ""
    return f"{place}: {plain_words(problem)}{shown}"
