"""One question to a model and its answer, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """What a model is asked, in OpenAI's message format.

    messages: `reasoning` and `reasoning_details` of a message are sent where the endpoint takes
    them back, and left out elsewhere.
    response_schema: the JSON schema of the answer. How far the server is held to it depends on the
    endpoint; the messages must ask for that form as well.
    temperature, max_tokens, seed: None leaves it to the server.
    extra: further members of the body, for one model alone.
    """

    model: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Mapping[str, Any], ...] = ()
    response_schema: Mapping[str, Any] | None = None
    schema_name: str = "answer"
    temperature: float | None = 0.0
    max_tokens: int | None = None
    seed: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. Those cached are among the prompt's, those of reasoning among the completion's."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was sent.

    status: None when no answer came. error: "" for the one that succeeded.
    waited_s: how long was waited before it.
    """

    status: int | None
    error: str
    waited_s: float
    duration_ms: float


# What servers call the end of an answer that is not whole.
CUT_OFF = frozenset(
    {"length", "max_tokens", "content_filter", "model_context_window_exceeded", "error"}
)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model asks for; the arguments are what it wrote, valid JSON or not.

    extra_content: JSON that the server wants back with the call, "" for nothing.
    """

    id: str
    name: str
    arguments_raw: str
    extra_content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAnswer:
    """What a model answered: storable text, as hostile as ever.

    finish_reason: the server's word; whether there are tool calls is said by `tool_calls` alone.
    cost: USD, at the prices of the endpoint when it was asked.
    reasoning_details: JSON that some servers want back with the text, "" for nothing.
    duration_ms: of all attempts and waits together.
    notes: what the boundary changed, and what the server left out.
    """

    text: str
    tool_calls: tuple[ToolCall, ...]
    finish_reason: str
    reasoning: str
    usage: Usage
    cost: Decimal
    model: str
    attempts: tuple[Attempt, ...]
    duration_ms: float
    reasoning_details: str = ""
    notes: tuple[str, ...] = ()


class ModelClient(Protocol):
    def ask(self, request: ChatRequest) -> ChatAnswer:
        """Ask once, with retries for what may pass.

        Raises ModelFailed, or InvalidArgument for a request that is no JSON.
        """
        ...
