"""What an episode is asked and what happened in it, as frozen values."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from simulation.state import MAX_RESULTS, Change
from simulation.values import Frozen

MODES = ("autonomous", "copilot", "conversation")


class Budgets(Frozen):
    """When an episode is stopped although the agent would go on."""

    max_turns: int = Field(50, ge=1, le=10_000)
    max_errors: int = Field(10, ge=1, description="tool errors in a row")
    wall_seconds: int = Field(1800, ge=1)
    max_tokens: int | None = Field(None, ge=1, description="of all model calls together")
    max_cost: float | None = Field(None, gt=0, description="USD")


class Spec(Frozen):
    """All that decides an episode besides its world and its agent."""

    prompt: str
    system_prompt: str = ""
    setup: list[dict[str, Any]] = Field(default_factory=list)
    toolset: str = "default"
    tools_hash: str = ""
    budgets: Budgets = Field(default_factory=Budgets)
    mode: Literal["autonomous", "copilot", "conversation"] = "autonomous"
    customer: dict[str, Any] | None = None
    faults: dict[str, Any] | None = None
    seed: int = 0
    max_results: int = Field(MAX_RESULTS, ge=1, le=MAX_RESULTS)


class AgentSpec(Frozen):
    """Which agent acts: its kind, the name that people see, and what the kind needs."""

    kind: str
    name: str
    config: dict[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One thing that happened; `turn` is 0 before the agent speaks and counts its turns from 1."""

    index: int
    turn: int
    kind: str
    content: str = ""
    tool: str = ""
    call_id: str = ""
    arguments: Mapping[str, Any] | None = None
    arguments_raw: str = ""
    result: str = ""
    is_error: bool = False
    changes: Sequence[Change] = ()
    note: str = ""
    tokens: Mapping[str, int] = field(default_factory=dict)
    started_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call as the agent asked for it."""

    name: str
    arguments_raw: str
    call_id: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an agent does when it is its turn: call tools, or say its last word.

    stop: why the agent ends, when it is not simply done.
    """

    text: str = ""
    calls: Sequence[Call] = ()
    tokens: Mapping[str, int] = field(default_factory=dict)
    stop: str = ""
    detail: str = ""


def tool_calls(steps: Sequence[StepRecord]) -> list[StepRecord]:
    return [step for step in steps if step.kind == "tool_call"]


class Stopwatch:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self.started_at = dt.datetime.now(dt.UTC)
        self._start = time.perf_counter()

    @property
    def ms(self) -> float:
        return round((time.perf_counter() - self._start) * 1000, 3)
