"""The messages of chat models, made of steps alone: whoever takes an episode over sends the same.

`reasoning` and `reasoning_details` of an assistant's message are ours: whether and under which
name they are sent back is known by the endpoint, see simulation.chat.history.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from simulation.transcript import Exchange, StepRecord

Message = dict[str, Any]
USERS = ("user", "customer")


def messages_of(steps: Sequence[StepRecord], instructions: str = "") -> tuple[Message, ...]:
    """Give all that was said, each call with its result right after the words that asked for it.

    instructions: follow the system prompt.
    """
    prompts = [step.content for step in steps if step.kind == "system"]
    system = "\n\n".join(filter(None, [*prompts, instructions]))
    opening = [words("system", system)] if system else []
    return (*opening, *_conversation(steps))


def words(role: str, text: str) -> Message:
    return {"role": role, "content": text}


def asking(text: str, calls: Iterable[Mapping[str, str]]) -> Message:
    """Give what an assistant says when it calls tools. calls: see Exchange."""
    return {"role": "assistant", "content": text or None, "tool_calls": [*map(_call, calls)]}


def result(call_id: str, text: str) -> Message:
    return {"role": "tool", "tool_call_id": call_id, "content": text}


def _conversation(steps: Sequence[StepRecord]) -> Iterator[Message]:
    ids: Iterator[str] = iter(())
    for step in steps:
        exchange: Exchange = step.exchange or {}
        if step.kind == "assistant":
            yield _assistant(step, exchange)
            ids = iter([call["id"] for call in exchange.get("calls", ())])
        elif step.kind == "tool_call":
            yield result(next(ids), step.result)
        elif step.kind in USERS:
            yield words("user", step.content)


def _assistant(step: StepRecord, exchange: Exchange) -> Message:
    calls = exchange.get("calls")
    message = asking(step.content, calls) if calls else words("assistant", step.content)
    if step.reasoning:
        message["reasoning"] = step.reasoning
    if details := exchange.get("reasoning_details"):
        message["reasoning_details"] = json.loads(details)
    return message


def _call(call: Mapping[str, str]) -> dict[str, Any]:
    function = {"name": call["name"], "arguments": call["arguments"]}
    made: dict[str, Any] = {"id": call["id"], "type": "function", "function": function}
    extra = call.get("extra_content")
    return {**made, "extra_content": json.loads(extra)} if extra else made
