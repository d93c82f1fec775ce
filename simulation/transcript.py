"""What an episode is asked and what happened in it, as frozen values."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal, TypedDict

from pydantic import Field

from simulation.state import MAX_RESULTS, Change
from simulation.values import Frozen

MODES = ("autonomous", "copilot", "conversation")


class Budgets(Frozen):
    """When an episode is stopped although the agent would go on."""

    max_turns: int = Field(200, ge=1, le=10_000)
    max_calls: int | None = Field(None, ge=1, le=100_000, description="tool calls in all")
    max_errors: int = Field(10, ge=1, description="tool errors in a row")
    wall_seconds: int = Field(1800, ge=1)
    max_tokens: int | None = Field(None, ge=1, description="of all of the agent's model calls")
    max_cost: float | None = Field(None, gt=0, description="USD, of the agent's model calls")


class Spec(Frozen):
    """All that decides an episode besides its world and its agent.

    customer_player: who plays a customer that no script plays, {"endpoint", "model", …}; see
    simulation.conversation. seed: decides the faults, and the model's sampling where it takes one.
    """

    prompt: str
    system_prompt: str = ""
    setup: list[dict[str, Any]] = Field(default_factory=list)
    toolset: str = "default"
    tools_hash: str = ""
    budgets: Budgets = Field(default_factory=Budgets)
    mode: Literal["autonomous", "copilot", "conversation"] = "autonomous"
    customer: dict[str, Any] | None = None
    customer_player: dict[str, Any] | None = None
    faults: dict[str, Any] | None = None
    seed: int = 0
    max_results: int = Field(MAX_RESULTS, ge=1, le=MAX_RESULTS)


class AgentSpec(Frozen):
    """Which agent acts: its kind, the name that people see, and what the kind needs."""

    kind: str
    name: str
    config: dict[str, Any] = Field(default_factory=dict)


class Exchange(TypedDict, total=False):
    """What came with the words of a step; all that a worker needs to go on from there.

    calls: those that the model asked for, [{"id", "name", "arguments"}]; the results are the
    tool_call steps that follow. left_out: calls that were asked for and are not executed.
    stop, detail: why the episode ends here. ends: the customer has ended the conversation.
    finish, model: the server's words. attempts: of the request, where the first one failed.
    reasoning_details: JSON that some servers want back. Calls may have such as "extra_content".

    Of customers besides: goes_on: they have read what was said and not answered yet. revealed:
    topics of which they may speak from then on, quotes: the agent's words that asked for each.
    lines: places of the lines of a script. refused: answers that were asked for again,
    [{"text", "problems"}]. why: what they made of the last message. prompt: version of the words
    that the model was asked with.
    """

    calls: list[dict[str, str]]
    left_out: list[dict[str, str]]
    stop: str
    detail: str
    ends: bool
    finish: str
    model: str
    attempts: list[dict[str, Any]]
    reasoning_details: str
    goes_on: bool
    revealed: list[str]
    quotes: list[str]
    lines: list[int]
    refused: list[dict[str, Any]]
    why: str
    prompt: int


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One thing that happened; `turn` is 0 before the agent speaks and counts its turns from 1.

    tokens, cost (USD), reasoning, exchange: of what a model said, the agent's or the customer's.
    exchange: what else came with it, see Exchange. fault: what was made to go wrong on purpose.
    """

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
    cost: Decimal = Decimal(0)
    reasoning: str = ""
    exchange: Exchange | None = None
    fault: str = ""
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
    """What an agent does when it is its turn: call tools, or say something.

    stop: why the episode ends here, when the agent is not simply done.
    kind: "error" for a turn in which the agent could not speak.
    tokens, cost, reasoning, exchange, note: what is kept of a model's answer. Calls are kept in the
    exchange of an agent that waits for models, and need not be there for others.
    """

    text: str = ""
    calls: Sequence[Call] = ()
    tokens: Mapping[str, int] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    reasoning: str = ""
    exchange: Exchange | None = None
    note: str = ""
    stop: str = ""
    detail: str = ""
    kind: Literal["assistant", "error"] = "assistant"


TOKENS_IN_ALL = ("prompt", "completion")  # cached ones are among the first, reasoning the second


def without_calls(step: StepRecord, why: str) -> StepRecord:
    """Give a step whose calls are left out and not pending; the note says why."""
    if not step.exchange or "calls" not in step.exchange:
        return step
    kept: Exchange = {**step.exchange}
    kept["left_out"] = [*kept.pop("calls"), *kept.get("left_out", ())]
    note = "; ".join(filter(None, (step.note, why)))
    return replace(step, exchange=kept, note=note)


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
