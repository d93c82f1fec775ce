"""A transcript as turns: what somebody said, and the calls that an agent made with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
    """One turn: words, and for an agent its calls. steps: those that it is made of.

    reasoning: what a model thought, as far as its server tells. left_out: calls that were asked for
    in an answer that was cut off or held back, and never executed.
    """

    role: str
    text: str
    calls: tuple[Made, ...]
    steps: tuple[StepRecord, ...]

    @property
    def reasoning(self) -> str:
        return "\n\n".join(step.reasoning for step in self.steps if step.reasoning)

    @property
    def left_out(self) -> list[dict[str, str]]:
        exchanges = [step.exchange or {} for step in self.steps]
        return [call for exchange in exchanges for call in exchange.get("left_out", ())]


def turns_of(steps: Sequence[StepRecord], instructions: str = "") -> Iterator[Said]:
    """Give the turns in order; an agent's words and calls of one turn belong together.

    A customer's step without words is no turn: the agent heard nothing of it.
    instructions: of the agent; they follow the system prompt, as its model was sent them.
    """
    ids = _call_ids(steps)
    waiting: list[StepRecord] = []
    for step in _instructed(audible(steps), instructions):
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


def _instructed(steps: Sequence[StepRecord], instructions: str) -> Sequence[StepRecord]:
    if not (instructions and steps):
        return steps
    if steps[0].kind != "system":
        return [replace(steps[0], kind="system", content=instructions), *steps]
    text = "\n\n".join(filter(None, [steps[0].content, instructions]))
    return [replace(steps[0], content=text), *steps[1:]]


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
