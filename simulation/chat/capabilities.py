"""What the server behind an endpoint takes: servers that speak one protocol differ in the small."""

import json
from typing import Any, Literal

from pydantic import Field, field_validator

from simulation.values import Frozen

OURS = frozenset({"model", "messages", "tools", "stream", "stream_options", "n", "response_format"})
# what is no member of a body, but means an address, a key or a header to libraries of providers
NO_MEMBERS = frozenset(
    {"api_key", "api_base", "base_url", "headers", "extra_headers", "extra_query", "extra_body",
     "timeout", "http_client", "client_args", "functions", "function_call"}
)  # fmt: skip
LONGEST_EXTRA = 20_000  # characters of further members of a body, as JSON

PROVIDER = r"^[a-z0-9_]*$"


def further(members: dict[str, Any]) -> dict[str, Any]:
    """Give further members of a body. Raises ValueError for what is not theirs to say."""
    if taken := sorted((OURS | NO_MEMBERS) & members.keys()):
        raise ValueError(f"{taken[0]} is sent by the gym itself; leave it out")
    if (length := len(json.dumps(members))) > LONGEST_EXTRA:
        raise ValueError(f"is {length:,} characters long as JSON; at most {LONGEST_EXTRA:,} go in")
    return members


class Capabilities(Frozen):
    """Which parameters are sent, and under which names.

    tools: "json" for a model that knows no tool calls; it is told of the tools in words.
    parallel_tool_calls: what is said about them where there are tools; None says nothing.
    arguments_back: "valid" for servers that read what a model wrote, and fail where it is no JSON.
    reasoning_back: the name under which a model's reasoning is sent back; "" for not at all.
    provider: whose own protocol is spoken, by the extra `providers`; "" for that of OpenAI.
    reasoning_effort: "" leaves it to the server.
    """

    structured: Literal["json_schema", "json_object", "none"] = "json_schema"
    max_tokens_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True
    seed: bool = True
    tools: Literal["native", "json"] = "native"
    parallel_tool_calls: bool | None = None
    reasoning_effort: Literal["", "none", "minimal", "low", "medium", "high", "xhigh"] = ""
    arguments_back: Literal["as_written", "valid"] = "as_written"
    reasoning_back: Literal["", "reasoning_content", "reasoning", "reasoning_details"] = ""
    provider: str = Field("", max_length=40, pattern=PROVIDER)
    extra_body: dict[str, Any] = Field(default_factory=dict)

    @field_validator("extra_body")
    @classmethod
    def _adds_only(cls, value: dict[str, Any]) -> dict[str, Any]:
        return further(value)
