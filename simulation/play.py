"""The loop that lets an agent act in a world, turn by turn.

What comes next is decided from the steps so far alone: whoever takes an episode over goes on where
it stood, within a turn of an agent that waits for models with the call that has no result yet. Of
other agents a turn is kept whole or not at all: asking them again costs nothing.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from simulation.agents import AGENTS, Agent
from simulation.budgets import End, used_up, within_calls
from simulation.calls import ToolCrashed, call_tool
from simulation.conversation import Customer, CustomerFailed, audible, customer_of, goes_on
from simulation.errors import Unavailable
from simulation.faults import fault_of, page_size
from simulation.setup import setup_changes
from simulation.snapshots import Snapshot
from simulation.spending import Tally
from simulation.state import WorldState
from simulation.stops import StopReason
from simulation.text import clean_text
from simulation.tools import Tool
from simulation.transcript import AgentSpec, Call, Exchange, Spec, StepRecord, Stopwatch, Turn

Recorder = Callable[[Sequence[StepRecord]], None]


def _nothing() -> None:
    pass


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
    sleep: Callable[[float], None] = time.sleep  # how a call that is held up is waited for
    _tally: Tally = field(default_factory=Tally, init=False, repr=False)

    @property
    def tools(self) -> Mapping[str, Tool]:
        return self.world.snapshot.company.toolsets[self.spec.toolset]

    @property
    def last(self) -> StepRecord | None:
        return self.steps[-1] if self.steps else None

    @property
    def turns(self) -> int:
        return self.last.turn if self.last else 0

    @property
    def tally(self) -> Tally:
        """Give what all steps have used up; those that are new since the last time are counted."""
        if self._tally.counted > len(self.steps):
            self._tally = Tally()
        self._tally.add(self.steps[self._tally.counted :])
        return self._tally

    @property
    def calls(self) -> int:
        return self.tally.calls

    @property
    def said(self) -> StepRecord | None:
        """Give what was said last; nothing but calls came after it."""
        return next((step for step in reversed(self.steps) if step.kind != "tool_call"), None)

    @property
    def pending(self) -> Sequence[Call]:
        """Give the calls of the agent's last answer that have no result yet."""
        said = self.said
        if said is None or said.exchange is None or said.kind != "assistant":
            return ()
        done = len(self.steps) - 1 - said.index
        return [
            Call(call["name"], call["arguments"], call["id"])
            for call in said.exchange.get("calls", [])[done:]
        ]


def prepare(
    snapshot: Snapshot, spec: Spec, steps: Sequence[StepRecord] = (), *, elapsed: float = 0.0
) -> Episode:
    """Clone the world for an episode, with the setup and the steps that happened already.

    elapsed: seconds that earlier workers spent on it.
    """
    setup = setup_changes(snapshot, spec.setup) if spec.setup else ()
    world = WorldState(snapshot, setup, max_results=page_size(spec))
    for step in steps:
        world.apply(step.changes)
    return Episode(spec, world, list(steps), time.monotonic() - elapsed)


def play(
    episode: Episode,
    agent_spec: AgentSpec,
    record: Recorder,
    *,
    settle: Callable[[], None] = _nothing,
) -> Outcome:
    """Let the agent act until the episode ends; `record` gets each turn's steps but the last's.

    settle: stores what was recorded, and may raise to end it here. It is called before a model is
    waited for, and when an answer has come that was paid for.
    """
    agent = AGENTS[agent_spec.kind](episode.spec, agent_spec.config, episode.tools)
    return _Playing(episode, agent, record, settle).play()


@dataclass
class _Playing:
    """An episode, who acts in it, and where its steps go."""

    episode: Episode
    agent: Agent
    record: Recorder
    settle: Callable[[], None]
    unrecorded: list[StepRecord] = field(default_factory=list)

    @cached_property
    def customer(self) -> Customer | None:
        """Whoever the agent talks to. Raises CustomerFailed."""
        return customer_of(self.episode.spec, self.episode.tools) if self.agent.converses else None

    def play(self) -> Outcome:
        if not self.episode.steps:
            self._keep(*_opening(self.episode))
            self._record()
        while True:
            try:
                ended = self._go_on()
            except ToolCrashed as crash:
                ended = StopReason.TOOL_SERVER_ERROR, str(crash)
            except CustomerFailed as failure:
                ended = StopReason.CUSTOMER_FAILED, failure.message
            except Unavailable as failure:
                ended = StopReason.PROVIDER_ERROR, failure.message
            if ended is not None:
                return self._outcome(*ended)

    def _go_on(self) -> End | None:
        """Do what comes next; gives why the episode ends, None when it goes on."""
        episode = self.episode
        if pending := episode.pending:
            self._carry_out(pending, turn=episode.turns)
            return None
        if ended := self._ended() or self._used_up():
            return ended
        last = episode.last
        if last is not None and (last.kind == "assistant" or goes_on(last)):
            self._answer(last)
        else:
            self._take_turn()
        return None

    def _ended(self) -> End | None:
        """Tell whether the episode ends with what was said last."""
        said = self.episode.said
        exchange: Exchange = (said.exchange if said else None) or {}
        if stop := exchange.get("stop"):
            return StopReason(stop), exchange.get("detail", "")
        if exchange.get("ends"):
            return StopReason.DONE, exchange.get("detail", "")
        last = self.episode.last
        is_word = last is not None and last.kind == "assistant"
        is_answered = self.customer is not None or (last is not None and self._is_nudged(last))
        return (StopReason.DONE, "") if is_word and not is_answered else None

    def _used_up(self) -> End | None:
        episode = self.episode
        seconds = time.monotonic() - episode.started
        return used_up(episode.spec.budgets, episode.tally, turns=episode.turns, seconds=seconds)

    def _is_nudged(self, said: StepRecord) -> bool:
        """Tell whether the agent is told to go on: once in a row, when it did nothing at all."""
        nudge = self.agent.nudge if said.kind == "assistant" else ""
        was_nudged = bool(said.index) and self.episode.steps[said.index - 1].content == nudge
        return bool(nudge) and not said.content.strip() and not was_nudged

    def _answer(self, said: StepRecord) -> None:
        """Answer an agent that called no tool: with a nudge, or as its customer."""
        if self.customer is None or self._is_nudged(said):
            self._keep(self._step("user", self.agent.nudge, note="told to go on"))
            return
        self._settle()
        watch = Stopwatch()
        reply = self.customer.reply(self.episode.steps)
        self._keep(
            self._step(
                "customer",
                reply.text,
                watch,
                tokens=reply.tokens,
                cost=reply.cost,
                exchange=reply.exchange,
                note=reply.note,
            )
        )
        self._settle()

    def _take_turn(self) -> None:
        watch = Stopwatch()
        if self.agent.waits:
            self._settle()
        turn = self._within_calls(self.agent.turn(audible(self.episode.steps)))
        number, start = self.episode.turns + 1, len(self.episode.steps)
        exchange = _exchange(turn)
        if turn.text or turn.tokens or exchange or not turn.calls:
            self._keep(
                self._step(
                    turn.kind,
                    turn.text,
                    watch,
                    turn=number,
                    tokens=turn.tokens,
                    cost=turn.cost,
                    reasoning=turn.reasoning,
                    exchange=exchange,
                    note=turn.note,
                )
            )
        if self.agent.waits:
            self._settle()  # and then its calls, which are pending
            return
        self._carry_out_whole(turn, number, start)

    def _within_calls(self, turn: Turn) -> Turn:
        return within_calls(turn, self.episode.calls, self.episode.spec.budgets.max_calls)

    def _carry_out_whole(self, turn: Turn, number: int, start: int) -> None:
        length = len(self.episode.world.journal)
        try:
            self._carry_out(turn.calls, turn=number)
        except ToolCrashed:
            self.episode.world.rollback(length)
            del self.episode.steps[start:]
            self.unrecorded.clear()
            raise
        if turn.calls and not turn.stop:
            self._record()

    def _carry_out(self, calls: Sequence[Call], *, turn: int) -> None:
        """Execute calls in order, in a world that later calls see changed."""
        for call in calls:
            index = len(self.episode.steps)
            self._keep(make_call(self.episode, call, index=index, turn=turn))

    def _step(
        self, kind: str, content: str, watch: Stopwatch | None = None, **kept: Any
    ) -> StepRecord:
        watch = watch or Stopwatch()
        text, cleaned = clean_text(content)
        given = {
            "index": len(self.episode.steps),
            "turn": self.episode.turns,
            "started_at": watch.started_at,
            "duration_ms": watch.ms,
            **kept,
            "note": "; ".join(filter(None, (kept.get("note"), cleaned))),
        }
        return StepRecord(kind=kind, content=text, **given)

    def _keep(self, *steps: StepRecord) -> None:
        self.episode.steps.extend(steps)
        self.unrecorded.extend(steps)

    def _record(self) -> None:
        if self.unrecorded:
            given, self.unrecorded = self.unrecorded, []
            self.record(given)

    def _settle(self) -> None:
        self._record()
        self.settle()

    def _outcome(self, reason: StopReason, detail: str) -> Outcome:
        said = [s for s in self.episode.steps if s.kind != "customer"]  # theirs is no answer
        final = said[-1].content if said and said[-1].kind == "assistant" else ""
        detail, _ = clean_text(detail)
        world = self.episode.world
        return Outcome(reason, detail, final, world.hash(), tuple(self.unrecorded))


def _opening(episode: Episode) -> list[StepRecord]:
    steps: list[StepRecord] = []
    for kind, content in (("system", episode.spec.system_prompt), ("user", episode.spec.prompt)):
        if content:
            text, note = clean_text(content)
            steps.append(StepRecord(len(steps), 0, kind, content=text, note=note))
    return steps


def _exchange(turn: Turn) -> Exchange | None:
    if not turn.stop:
        return turn.exchange
    kept: Exchange = {**turn.exchange} if turn.exchange else {}
    kept["stop"], kept["detail"] = turn.stop, clean_text(turn.detail)[0]
    return kept


def make_call(episode: Episode, call: Call, *, index: int, turn: int) -> StepRecord:
    """Execute one call in an episode's world; gives its step, which nobody has recorded yet.

    Raises ToolCrashed.
    """
    watch = Stopwatch()
    fault = None
    if episode.spec.faults:
        fault = fault_of(episode.spec, episode.tools, episode.calls + 1, call.name)
    result = fault.result(call, sleep=episode.sleep) if fault else None
    if result is None:
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
        note="; ".join(filter(None, (fault.note if fault else "", result.note))),
        fault=fault.kind if fault else "",
        started_at=watch.started_at,
        duration_ms=watch.ms,
    )
