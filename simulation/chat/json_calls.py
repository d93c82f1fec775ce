"""Tool calls for models that know none: the tools are told, and the answer is held to a form.

What goes in and out of a client is the same as with tool calls of the protocol.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulation.chat.answers import read_json
from simulation.chat.blocks import unblocked
from simulation.chat.exchange import ChatRequest, ToolCall
from simulation.chat.history import read_arguments

Message = Mapping[str, Any]
TOLD = """You act by calling tools, one at a time. Answer with one JSON object and nothing else.
To call a tool: {"tool": "its name", "arguments": {…}}
The result is given to you in the next message.
When everything is done, or to say something: {"answer": "your words"}

The tools, one a line, with the JSON schema of their arguments:
"""


def without_tools(request: ChatRequest) -> ChatRequest:
    """Give a request that asks the same of a model that knows no tools."""
    told = TOLD + "\n".join(map(_line, request.tools))
    return replace(
        request,
        tools=(),
        messages=tuple(_messages(request.messages, told)),
        response_schema=_schema(request.tools),
        schema_name="next_step",
    )


def read_answer(text: str, *, is_whole: bool = True) -> tuple[str, tuple[ToolCall, ...]]:
    """Give the words and the calls of an answer.

    An object of another form is a call of a tool without a name, which tells the model what there
    is; what is no object at all are words, and so is what is left of one that was cut off.
    """
    bare = unblocked(text).strip()
    if not bare.startswith("{"):
        return text, ()
    given = read_json(bare.encode("utf-8", "replace"))
    if given is None and not is_whole:
        return text, ()
    given = given if isinstance(given, dict) else {}
    if isinstance(given.get("tool"), str):
        arguments = json.dumps(given.get("arguments", {}), ensure_ascii=False)
        return "", (ToolCall("", given["tool"], arguments),)
    if isinstance(given.get("answer"), str):
        return given["answer"], ()
    return "", (ToolCall("", "", bare),)


def _line(tool: Message) -> str:
    return json.dumps(tool["function"], ensure_ascii=False)


def _schema(tools: Sequence[Message]) -> dict[str, Any]:
    calls = [_call_schema(tool["function"]) for tool in tools]
    return {"anyOf": [*calls, _object({"answer": {"type": "string"}})]}


def _call_schema(function: Message) -> dict[str, Any]:
    return _object({"tool": {"const": function["name"]}, "arguments": function["parameters"]})


def _object(members: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(members),
        "required": list(members),
        "additionalProperties": False,
    }


def _messages(messages: Iterable[Message], told: str) -> Iterable[Message]:
    names: dict[str, str] = {}
    first, *others = messages
    if first["role"] == "system":
        yield {**first, "content": f"{first['content']}\n\n{told}"}
    else:
        yield {"role": "system", "content": told}
        others = [first, *others]
    for message in others:
        calls = message.get("tool_calls", ())
        names |= {call["id"]: call["function"]["name"] for call in calls}
        yield _plain(message, names)


def _plain(message: Message, names: Mapping[str, str]) -> Message:
    """Write a call, an answer or a result as it looks to a model that knows no tools."""
    if message["role"] == "tool":
        name = names.get(message["tool_call_id"], "")
        return {"role": "user", "content": f"Result of {name}:\n{message['content']}"}
    if message["role"] != "assistant":
        return message
    calls = [_written(call["function"]) for call in message.get("tool_calls", ())]
    content = "\n".join(calls) or json.dumps({"answer": message["content"]}, ensure_ascii=False)
    kept = {name: value for name, value in message.items() if name != "tool_calls"}
    return {**kept, "content": content}


def _written(function: Message) -> str:
    arguments = read_arguments(function["arguments"])
    return json.dumps({"tool": function["name"], "arguments": arguments}, ensure_ascii=False)
