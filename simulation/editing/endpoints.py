"""The form of an endpoint."""

from functools import partial
from typing import Any, get_args

from simulation.chat.capabilities import Capabilities
from simulation.chat.prices import ANY_MODEL
from simulation.endpoints import EXAMPLE_VARIABLE, EndpointContent
from simulation.forms.by_hand import field_below
from simulation.forms.fields import Field

PREFIX = "endpoint"
_field = partial(field_below, PREFIX)
_DEFAULTS = {
    name: EndpointContent.model_fields[name].default
    for name in ("is_active", "timeout_s", "connect_timeout_s")
}


def endpoint_fields() -> tuple[Field, ...]:
    return (
        _field("name", "text", hint="how runs and judges call it: small letters, digits, hyphens"),
        _field("base_url", "text", label="address", hint="as far as the /v1; http or https"),
        _field(
            "key_variable",
            "text",
            is_required=False,
            hint="the environment variable that holds the key; the key itself is never stored",
            placeholder=EXAMPLE_VARIABLE,
        ),
        _field("is_active", "truth", label="in use", hint="no: nothing may ask it"),
        _field("timeout_s", "number", label="seconds for an answer", hint="of one try; 1 to 3600"),
        _field("connect_timeout_s", "number", label="seconds for a connection", hint="1 to 60"),
        _field(
            "max_running",
            "number",
            label="episodes at one time",
            is_required=False,
            hint="that ask it, for agents or customers; more wait their turn."
            " Empty: as many as the workers take",
        ),
        _field("capabilities", "group", label="what the server takes", members=_capabilities()),
        _field(
            "prices",
            "rows",
            is_required=False,
            hint="USD per million tokens. A change counts for answers from now on."
            f" The model {ANY_MODEL} is any that has no price of its own.",
            members=_prices(),
        ),
    )


def new_endpoint() -> dict[str, Any]:
    """Give what the form of a new endpoint begins with."""
    given = Capabilities().model_dump()
    capabilities = {name: value for name, value in given.items() if value not in (None, "", {})}
    return {**_DEFAULTS, "capabilities": capabilities}


def _capabilities() -> tuple[Field, ...]:
    inside = "capabilities."
    return (*_of_answers(inside), *_of_turns(inside), *_of_protocol(inside))


def _of_answers(inside: str) -> tuple[Field, ...]:
    return (
        _field(
            f"{inside}structured",
            "select",
            label="structured answers",
            hint="how the server is held to a form: by its schema, to any JSON, or not at all",
            choices=_words("structured"),
        ),
        _field(
            f"{inside}max_tokens_name",
            "select",
            label="name of the token limit",
            choices=_words("max_tokens_name"),
        ),
        _field(f"{inside}temperature", "truth", label="takes a temperature"),
        _field(f"{inside}seed", "truth", label="takes a seed"),
    )


def _of_turns(inside: str) -> tuple[Field, ...]:
    """What is said of tools, and what goes back of earlier turns."""
    return (
        _field(
            f"{inside}tools",
            "select",
            label="tool calls",
            hint="native: as the protocol has them; json: for models that know none, which are"
            " told of the tools in words and answer in a form",
            choices=_words("tools"),
        ),
        _field(
            f"{inside}parallel_tool_calls",
            "truth",
            label="parallel tool calls",
            is_required=False,
            hint="what is said about them; not given: nothing",
        ),
        _field(
            f"{inside}reasoning_effort",
            "select",
            label="reasoning effort",
            is_required=False,
            choices=_words("reasoning_effort"),
        ),
        _field(
            f"{inside}reasoning_back",
            "select",
            label="reasoning is sent back as",
            is_required=False,
            hint="what the model thought at its earlier turns; not given: it is not sent",
            choices=_words("reasoning_back"),
        ),
        _field(
            f"{inside}arguments_back",
            "select",
            label="arguments are sent back",
            hint="valid: broken ones as {}, for servers that read them and fail",
            choices=_words("arguments_back"),
        ),
    )


def _of_protocol(inside: str) -> tuple[Field, ...]:
    return (
        _field(
            f"{inside}provider",
            "text",
            label="protocol of",
            is_required=False,
            hint="empty: OpenAI's, which most servers speak; else a provider of the extra"
            " “providers”, such as anthropic or gemini",
        ),
        _field(
            f"{inside}extra_body",
            "json",
            label="further members of every request",
            is_required=False,
            placeholder='{"top_p": 0.9}',
            expects="an object",
        ),
    )


def _prices() -> tuple[Field, ...]:
    """Amounts stay the text that was typed: they are no binary fractions."""
    amount = partial(_field, kind="number", is_number=False)
    return (
        _field("prices.model", "text"),
        amount("prices.prompt"),
        amount("prices.cached", is_required=False, hint="empty: as the prompt"),
        amount("prices.completion"),
    )


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in get_args(Capabilities.model_fields[name].annotation) if word)
