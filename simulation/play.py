"""The loop that lets an agent act in a world, turn by turn. A recorder keeps the steps.

A turn is kept whole or not at all: a worker that takes over asks the agent for an unfinished turn
again.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from simulation.agents import AGENTS, Agent
from simulation.calls import ToolCrashed, call_tool
from simulation.errors import Unavailable
from simulation.setup import setup_changes
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.stops import StopReason
from simulation.text import clean_text
from simulation.tools import Tool
from simulation.transcript import AgentSpec, Call, Spec, StepRecord, Stopwatch, Turn

Recorder = Callable[[Sequence[StepRecord]], None]


@dataclass(frozen=True)
class Outcome:
    """How an episode ended.

    `last_steps` are not recorded yet: they are stored with the end, or not at all.
    """

    stop_reason: StopReason
    detail: str
    final_response: str
    state_hash: str
    last_steps: Sequence[StepRecord] = ()


@dataclass
class Episode:
    """An episode in play: the world state, what happened, and how long it has taken."""

    spec: Spec
    world: WorldState
    steps: list[StepRecord] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def tools(self) -> Mapping[str, Tool]:
        return self.world.snapshot.company.toolsets[self.spec.toolset]

    @property
    def turns(self) -> int:
        return self.steps[-1].turn if self.steps else 0

    @property
    def tokens(self) -> int:
        """Give the tokens of all model calls together."""
        return sum(sum(step.tokens.values()) for step in self.steps)

    @property
    def errors_in_a_row(self) -> int:
        count = 0
        for step in reversed(self.steps):
            if step.kind == "tool_call":
                if not step.is_error:
                    break
                count += 1
        return count


def prepare(
    snapshot: Snapshot, spec: Spec, steps: Sequence[StepRecord] = (), *, elapsed: float = 0.0
) -> Episode:
    """Clone the world for an episode, with the setup and the steps that happened already.

    elapsed: seconds that earlier workers spent on it.
    """
    setup = setup_changes(snapshot, spec.setup) if spec.setup else ()
    world = WorldState(snapshot, setup, max_results=spec.max_results)
    for step in steps:
        world.apply(step.changes)
    return Episode(spec, world, list(steps), time.monotonic() - elapsed)


def play(episode: Episode, agent_spec: AgentSpec, record: Recorder) -> Outcome:
    """Let the agent act until the episode ends; `record` gets each turn's steps but the last's."""
    agent = AGENTS[agent_spec.kind](episode.spec, agent_spec.config)
    if not episode.steps:
        opening = _opening(episode)
        episode.steps.extend(opening)
        record(opening)
    while True:
        ended = _over_budget(episode) or _take_turn(episode, agent, record)
        if ended is not None:
            return ended


def _opening(episode: Episode) -> list[StepRecord]:
    steps: list[StepRecord] = []
    for kind, content in (("system", episode.spec.system_prompt), ("user", episode.spec.prompt)):
        if content:
            text, note = clean_text(content)
            steps.append(StepRecord(len(steps), 0, kind, content=text, note=note))
    return steps


def _take_turn(episode: Episode, agent: Agent, record: Recorder) -> Outcome | None:
    watch = Stopwatch()
    try:
        turn = agent.turn(episode.steps)
        steps = _carry_out(episode, turn, watch)
    except ToolCrashed as crash:
        return _outcome(episode, StopReason.TOOL_SERVER_ERROR, str(crash))
    except Unavailable as failure:
        return _outcome(episode, StopReason.PROVIDER_ERROR, failure.message)
    episode.steps.extend(steps)
    if turn.calls and not turn.stop:
        record(steps)
        return None
    reason = StopReason(turn.stop) if turn.stop else StopReason.DONE
    final = next((s.content for s in reversed(steps) if s.kind == "assistant"), "")
    return replace(_outcome(episode, reason, turn.detail, final), last_steps=steps)


def _carry_out(episode: Episode, turn: Turn, watch: Stopwatch) -> list[StepRecord]:
    """Execute the calls of a turn in order, in a world that later calls see changed."""
    number, start = episode.turns + 1, len(episode.steps)
    steps: list[StepRecord] = []
    length = len(episode.world.journal)
    if turn.text or not turn.calls:
        steps.append(_words(turn, watch, start, number))
    try:
        for call in turn.calls:
            steps.append(make_call(episode, call, index=start + len(steps), turn=number))
    except ToolCrashed:
        episode.world.rollback(length)
        raise
    if turn.tokens:
        steps[0] = replace(steps[0], tokens=turn.tokens)
    return steps


def _words(turn: Turn, watch: Stopwatch, index: int, number: int) -> StepRecord:
    text, note = clean_text(turn.text)
    return StepRecord(
        index=index,
        turn=number,
        kind="assistant",
        content=text,
        note=note,
        started_at=watch.started_at,
        duration_ms=watch.ms,
    )


def make_call(episode: Episode, call: Call, *, index: int, turn: int) -> StepRecord:
    """Execute one call in an episode's world; gives its step, which nobody has recorded yet.

    Raises ToolCrashed.
    """
    watch = Stopwatch()
    result = call_tool(episode.world, episode.tools, call.name, call.arguments_raw)
    call_id, _ = clean_text(call.call_id, limit=200)
    return StepRecord(
        index=index,
        turn=turn,
        kind="tool_call",
        tool=result.tool,
        call_id=call_id,
        arguments=result.arguments,
        arguments_raw=result.arguments_raw,
        result=result.text,
        is_error=result.is_error,
        changes=result.changes,
        note=result.note,
        started_at=watch.started_at,
        duration_ms=watch.ms,
    )


def _over_budget(episode: Episode) -> Outcome | None:
    budgets = episode.spec.budgets
    if time.monotonic() - episode.started > budgets.wall_seconds:
        return _outcome(episode, StopReason.WALL_TIME, f"after {budgets.wall_seconds} seconds")
    if episode.errors_in_a_row >= budgets.max_errors:
        detail = f"{budgets.max_errors} tool errors in a row"
        return _outcome(episode, StopReason.TOO_MANY_ERRORS, detail)
    if episode.turns >= budgets.max_turns:
        return _outcome(episode, StopReason.MAX_TURNS, f"{budgets.max_turns} turns")
    if budgets.max_tokens and episode.tokens >= budgets.max_tokens:
        return _outcome(episode, StopReason.TOKEN_BUDGET, f"{episode.tokens} tokens")
    return None


def _outcome(
    episode: Episode, reason: StopReason, detail: str = "", final_response: str = ""
) -> Outcome:
    detail, _ = clean_text(detail)
    return Outcome(reason, detail, final_response, episode.world.hash())
