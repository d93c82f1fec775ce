"""What a server answered, read with distrust: servers of one protocol leave different things out.

Every text passes the boundary, which also takes the key out: a server may say it back.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from simulation.chat.exchange import ToolCall, Usage
from simulation.chat.failures import ModelUnreadable
from simulation.chat.keys import KEY_REMOVED, SECRET_FROM
from simulation.errors import InvalidArgument
from simulation.text import MAX_TEXT, clean_json, clean_text

MAX_CALLS = 128
MAX_NAME = 300
LONGEST_ERROR = 20_000  # bytes
SHOWN = 300  # characters of what a server says about an error
_MOST_TOKENS = 2**31 - 1
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|context (length|window|size)"
    r"|(prompt|input|request) is too long|too many (input )?tokens",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content_filter|content_policy_violation|content management policy")


@dataclass(frozen=True, slots=True)
class Boundary:
    """Makes texts storable and free of the key, and notes what it changed."""

    key: str = field(repr=False)
    notes: list[str] = field(default_factory=list)

    def text(self, value: Any, what: str, *, limit: int | None = None) -> str:
        """Give a text, "" for anything that is none."""
        if not isinstance(value, str):
            return ""
        if len(self.key) >= SECRET_FROM and self.key in value:
            self.notes.append(f"{what}: held the endpoint's key")
            value = value.replace(self.key, KEY_REMOVED)
        text, note = clean_text(value, limit=limit) if limit else clean_text(value)
        if note:
            self.notes.append(f"{what}: {note}")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The first choice of an answer."""

    text: str
    tool_calls: tuple[ToolCall, ...]
    finish_reason: str
    reasoning: str
    reasoning_details: str
    usage: Usage
    model: str


def read_message(body: bytes, boundary: Boundary) -> Message:
    """Read the answer of a success. Raises ModelUnreadable."""
    answer = read_json(body)
    if not isinstance(answer, Mapping):
        # the key goes first: of one that is cut through, half would stay
        shown = boundary.text(body.decode("utf-8", "replace"), "answer")[:SHOWN]
        raise ModelUnreadable(f"the answer is no JSON object; it begins {shown!r}")
    choice = _first(answer.get("choices"))
    message = choice.get("message")
    if not isinstance(message, Mapping):
        raise ModelUnreadable(f"the answer has no choices[0].message{_told(answer, boundary)}")
    return Message(
        text=boundary.text(_content(message), "text"),
        tool_calls=tuple(_calls(message.get("tool_calls"), boundary)),
        finish_reason=boundary.text(choice.get("finish_reason"), "finish_reason", limit=MAX_NAME),
        reasoning=boundary.text(
            message.get("reasoning_content") or message.get("reasoning"), "reasoning"
        ),
        reasoning_details=_json(message.get("reasoning_details"), "reasoning details", boundary),
        usage=_usage(answer.get("usage"), boundary),
        model=boundary.text(answer.get("model"), "model", limit=MAX_NAME),
    )


def read_json(body: bytes) -> Any:
    """Read JSON as it is defined; None for anything else."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def meant_status(status: int | None, body: bytes) -> int | None:
    """Give the status that was meant: gateways answer 200 and put a failure into the body."""
    if status != 200 or len(body) > LONGEST_ERROR:
        return status
    answer = read_json(body)
    error = answer.get("error") if isinstance(answer, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else None
    is_failure = isinstance(code, int) and 400 <= code < 600
    return code if is_failure and not answer.get("choices") else status


def said(body: bytes, boundary: Boundary) -> str:
    """Give what a server says about an error, shortened, in one line."""
    answer = read_json(body)
    error = answer.get("error", answer) if isinstance(answer, Mapping) else None
    words = _error_words(error) if error else body.decode("utf-8", "replace")
    line = " ".join(boundary.text(words, "error").split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"


def is_overflow(status: int | None, words: str) -> bool:
    """Tell whether a refusal says that the messages are longer than the model can read."""
    return status in (400, 413, 422) and bool(_TOO_LONG.search(words))


def is_filtered(words: str) -> bool:
    """Tell whether a refusal says that a filter does not like what was sent."""
    return bool(_FILTERED.search(words))


def _error_words(error: Any) -> str:
    if not isinstance(error, Mapping):
        return _spoken(error)
    names = [_spoken(error[name]) for name in ("code", "type") if error.get(name)]
    message = error.get("message") or error.get("detail") or ""
    return f"{_spoken(message)} ({', '.join(names)})" if names else _spoken(message or error)


def _spoken(value: Any) -> str:
    """Write any JSON value, nested as deep as it may be."""
    try:
        return str(value)
    except RecursionError:
        return "something nested too deep to be written"


def _told(answer: Mapping[str, Any], boundary: Boundary) -> str:
    words = boundary.text(_error_words(answer["error"]), "error") if answer.get("error") else ""
    return f"; it says: {words[:SHOWN]}" if words else ""


def _first(choices: Any) -> Mapping[str, Any]:
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, Mapping) else {}


def _content(message: Mapping[str, Any]) -> Any:
    """Give the text, which may come in parts; that of a refusal where there is no other."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        content = "".join(part for part in parts if isinstance(part, str))
    return content or message.get("refusal")


def _calls(calls: Any, boundary: Boundary) -> Iterator[ToolCall]:
    """Give the calls as they were written; one that has no name is answered as an unknown tool."""
    if not isinstance(calls, list):
        return
    if len(calls) > MAX_CALLS:
        boundary.notes.append(f"{len(calls)} tool calls; the first {MAX_CALLS} were taken")
    for call in calls[:MAX_CALLS]:
        given = call if isinstance(call, Mapping) else {}
        asked = given.get("function")
        function = asked if isinstance(asked, Mapping) else {}
        arguments = function.get("arguments")
        if isinstance(arguments, Mapping):  # some servers send what they should have written
            arguments = json.dumps(arguments, ensure_ascii=False)
        yield ToolCall(
            id=boundary.text(given.get("id"), "call id", limit=MAX_NAME),
            name=boundary.text(function.get("name"), "tool name", limit=MAX_NAME),
            arguments_raw=boundary.text(arguments, "arguments"),
            extra_content=_json(given.get("extra_content"), "extra content", boundary),
        )


def _json(value: Any, what: str, boundary: Boundary) -> str:
    """Write what the server wants back as it is, "" for nothing."""
    if not value:
        return ""
    try:
        text = json.dumps(clean_json(value), ensure_ascii=False)
    except InvalidArgument as error:
        boundary.notes.append(f"{what}: left out, {error.message}")
        return ""
    if len(text) > MAX_TEXT:
        boundary.notes.append(f"{what}: left out, {len(text)} characters")
        return ""
    return boundary.text(text, what)


def _usage(usage: Any, boundary: Boundary) -> Usage:
    if not isinstance(usage, Mapping):
        boundary.notes.append("the server told no usage; it is counted as zero")
        return Usage()
    return Usage(
        prompt=_tokens(usage, "prompt_tokens"),
        completion=_tokens(usage, "completion_tokens"),
        cached=_tokens(usage.get("prompt_tokens_details"), "cached_tokens"),
        reasoning=_tokens(usage.get("completion_tokens_details"), "reasoning_tokens"),
    )


def _tokens(counts: Any, name: str) -> int:
    value = counts.get(name) if isinstance(counts, Mapping) else None
    is_count = isinstance(value, int | float) and 0 <= value <= _MOST_TOKENS
    return int(value) if is_count and value is not None else 0


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
