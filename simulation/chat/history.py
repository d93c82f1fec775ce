"""What was said before, as the server behind an endpoint takes it back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from simulation.chat.capabilities import Capabilities

Messages = Sequence[Mapping[str, Any]]
OWN = ("reasoning", "reasoning_details")  # members that no server is sent unless it takes them


def as_taken(messages: Messages, can: Capabilities) -> list[dict[str, Any]]:
    """Give the messages with their reasoning under the name that is taken, or without it."""
    return [_as_taken(message, can) for message in messages]


def _as_taken(message: Mapping[str, Any], can: Capabilities) -> dict[str, Any]:
    taken = {name: value for name, value in message.items() if name not in OWN}
    source = "reasoning_details" if can.reasoning_back == "reasoning_details" else "reasoning"
    if can.reasoning_back and message.get(source):
        taken[can.reasoning_back] = message[source]
    if can.arguments_back == "valid" and taken.get("tool_calls"):
        taken["tool_calls"] = [_valid(call) for call in taken["tool_calls"]]
    return taken


def _valid(call: Mapping[str, Any]) -> dict[str, Any]:
    """Give a call whose arguments are an object: some servers read them, and fail on others."""
    function = call["function"]
    is_fine = isinstance(read_arguments(function["arguments"]), dict)
    return {**call, "function": function if is_fine else {**function, "arguments": "{}"}}


def read_arguments(raw: str) -> Any:
    """Read what a model wrote as arguments; the text itself where it is no JSON."""
    try:
        return json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        return raw
