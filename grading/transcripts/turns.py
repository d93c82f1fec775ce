"""A transcript as turns: what somebody said, and the calls that an agent made with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulation.conversation import audible
from simulation.transcript import StepRecord

AGENT = "assistant"
ROLES = {"system": "system", "user": "user", "customer": "user", "assistant": AGENT}


@dataclass(frozen=True)
class Made:
    """A tool call with an id that no other call of the episode has."""

    id: str
    step: StepRecord


@dataclass(frozen=True)
class Said:
    """One turn: words, and for an agent its calls. steps: those that it is made of."""

    role: str
    text: str
    calls: tuple[Made, ...]
    steps: tuple[StepRecord, ...]


def turns_of(steps: Sequence[StepRecord]) -> Iterator[Said]:
    """Give the turns in order; an agent's words and calls of one turn belong together.

    A customer's step without words is no turn: the agent heard nothing of it.
    """
    ids = _call_ids(steps)
    waiting: list[StepRecord] = []
    for step in audible(steps):
        is_agents = step.kind in (AGENT, "tool_call")
        if waiting and not (is_agents and _goes_on(waiting, step)):
            yield _agents(waiting, ids)
            waiting = []
        if is_agents:
            waiting.append(step)
        elif step.kind in ROLES:
            yield Said(ROLES[step.kind], step.content, (), (step,))
    if waiting:
        yield _agents(waiting, ids)


def _goes_on(waiting: Sequence[StepRecord], step: StepRecord) -> bool:
    """Tell whether a step belongs to the turn before it: words begin one."""
    return step.kind == "tool_call" and step.turn == waiting[0].turn


def _agents(steps: Sequence[StepRecord], ids: dict[int, str]) -> Said:
    calls = tuple(Made(ids[step.index], step) for step in steps if step.kind == "tool_call")
    text = "\n\n".join(step.content for step in steps if step.content)
    return Said(AGENT, text, calls, tuple(steps))


def _call_ids(steps: Sequence[StepRecord]) -> dict[int, str]:
    """Keep the ids that agents gave; one that is empty or there already gets another."""
    ids: dict[int, str] = {}
    taken: set[str] = set()
    for step in steps:
        if step.kind == "tool_call":
            name = step.call_id
            while not name or name in taken:
                name = f"{name or 'call'}_{step.index}"
            ids[step.index] = name
            taken.add(name)
    return ids
