"""A request as the server behind an endpoint takes it."""

from typing import Any

from simulation.chat.capabilities import Capabilities
from simulation.chat.exchange import ChatRequest
from simulation.chat.history import as_taken
from simulation.chat.json_calls import without_tools
from simulation.text import clean_json

DEEPEST = 64  # levels; a schema inside a request needs more of them than values do


def written(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    """Give the members of the request's body. Raises InvalidArgument for what is no JSON."""
    if asks_in_words(request, can):
        request = without_tools(request)
    messages = as_taken(request.messages, can)
    body: dict[str, Any] = {"model": request.model, "messages": messages}
    if request.temperature is not None and can.temperature:
        body["temperature"] = request.temperature
    if request.seed is not None and can.seed:
        body["seed"] = request.seed
    if request.max_tokens is not None:
        body[can.max_tokens_name] = request.max_tokens
    if can.reasoning_effort:
        body["reasoning_effort"] = can.reasoning_effort
    body |= {**_form(request, can), **can.extra_body, **request.extra}
    sent: dict[str, Any] = clean_json(body, depth=DEEPEST)
    # Tools are of our own making; to look through many costs each request a millisecond or more.
    return {**_tools(request, can), **sent}


def asks_in_words(request: ChatRequest, can: Capabilities) -> bool:
    """Tell whether the model is told of its tools in words, and answers in the form of them."""
    return bool(request.tools) and can.tools == "json"


def _tools(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    if not request.tools:
        return {}
    tools: dict[str, Any] = {"tools": request.tools}
    if can.parallel_tool_calls is not None:
        tools["parallel_tool_calls"] = can.parallel_tool_calls
    return tools


def _form(request: ChatRequest, can: Capabilities) -> dict[str, Any]:
    if request.response_schema is None or can.structured == "none":
        return {}
    if can.structured == "json_object":
        return {"response_format": {"type": "json_object"}}
    schema = {"name": request.schema_name, "schema": request.response_schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}
