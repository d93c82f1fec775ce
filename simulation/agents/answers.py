"""A model's answer as a turn: what is done, what is kept, and whether the episode ends with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from simulation.chat import ChatAnswer, ToolCall
from simulation.stops import StopReason
from simulation.transcript import Call, Exchange, StepRecord, Turn

LONGEST_ID = 200  # characters; what a step keeps of the id of its call
CUT_OFF: Mapping[str, StopReason] = {
    "length": StopReason.MAX_TOKENS,
    "max_tokens": StopReason.MAX_TOKENS,
    "content_filter": StopReason.CONTENT_FILTER,
    "model_context_window_exceeded": StopReason.CONTEXT_OVERFLOW,
    "error": StopReason.PROVIDER_ERROR,
}
WHY = {
    StopReason.MAX_TOKENS: "the answer was cut off at the limit of its tokens",
    StopReason.CONTENT_FILTER: "the server's filter cut the answer off",
    StopReason.CONTEXT_OVERFLOW: "the answer was cut off where the model reads no further",
    StopReason.PROVIDER_ERROR: "the server broke off its answer",
}


def turn_of(answer: ChatAnswer, steps: Sequence[StepRecord]) -> Turn:
    """Make the next turn of an answer; calls of one that was cut off are never executed.

    Whether tools are called is told by the calls alone: servers disagree on what they call the end.
    """
    calls = _calls(answer.tool_calls, steps)
    stop = CUT_OFF.get(answer.finish_reason, "")
    exchange = _exchange(answer)
    if calls:
        exchange["left_out" if stop else "calls"] = calls
    return Turn(
        text=answer.text,
        calls=() if stop else [Call(c["name"], c["arguments"], c["id"]) for c in calls],
        tokens={name: count for name, count in asdict(answer.usage).items() if count},
        cost=answer.cost,
        reasoning=answer.reasoning,
        exchange=exchange,
        note="; ".join(answer.notes),
        stop=stop,
        detail=_detail(stop, len(calls)) if stop else "",
    )


def _exchange(answer: ChatAnswer) -> Exchange:
    kept: Exchange = {"finish": answer.finish_reason, "model": answer.model}
    if len(answer.attempts) > 1:
        kept["attempts"] = [asdict(attempt) for attempt in answer.attempts]
    if answer.reasoning_details:
        kept["reasoning_details"] = answer.reasoning_details
    return kept


def _detail(stop: str, left_out: int) -> str:
    why = WHY[StopReason(stop)]
    return f"{why}; tool calls in it that were not executed: {left_out}" if left_out else why


def _calls(asked: Iterable[ToolCall], steps: Sequence[StepRecord]) -> list[dict[str, str]]:
    """Give the calls as they are kept, each with an id that no other call of the episode has."""
    taken = {call["id"] for step in steps for call in (step.exchange or {}).get("calls", ())}
    return [_call(call, taken, len(steps)) for call in asked]


def _call(call: ToolCall, taken: set[str], index: int) -> dict[str, str]:
    own = call.id.strip()[:LONGEST_ID]
    name, number = own, 0
    while not name or name in taken:
        number += 1
        tail = f"_{index}_{number}"
        name = f"{own[: LONGEST_ID - len(tail)] or 'call'}{tail}"
    taken.add(name)
    kept = {"id": name, "name": call.name, "arguments": call.arguments_raw}
    return {**kept, "extra_content": call.extra_content} if call.extra_content else kept
