"""What is sent: the request as the server behind an endpoint takes it."""

import pytest
from pydantic import ValidationError

from simulation.agent_settings import AgentSettings
from simulation.chat.capabilities import NO_MEMBERS, OURS, Capabilities
from simulation.errors import InvalidArgument
from tests.simulation.chat.conftest import question

SCHEMA = {"type": "object", "properties": {"met": {"type": "boolean"}}, "required": ["met"]}
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
MESSAGES = [{"role": "user", "content": "Hello?"}]
FORM = {"name": "verdict", "schema": SCHEMA, "strict": True}


@pytest.mark.parametrize(
    ("fields", "can", "sent"),
    [
        pytest.param({}, {}, {"temperature": 0.0}, id="as little as can be"),
        pytest.param({"temperature": None}, {}, {}, id="no temperature asked for"),
        pytest.param({}, {"temperature": False}, {}, id="no temperature taken"),
        pytest.param(
            {"temperature": 0.7, "seed": 3, "max_tokens": 9},
            {},
            {"temperature": 0.7, "seed": 3, "max_tokens": 9},
            id="everything said",
        ),
        pytest.param(
            {"seed": 3, "max_tokens": 9},
            {"seed": False, "max_tokens_name": "max_completion_tokens"},
            {"temperature": 0.0, "max_completion_tokens": 9},
            id="other names",
        ),
        pytest.param(
            {"response_schema": SCHEMA, "schema_name": "verdict"},
            {},
            {
                "temperature": 0.0,
                "response_format": {"type": "json_schema", "json_schema": FORM},
            },
            id="held to the schema",
        ),
        pytest.param(
            {"response_schema": SCHEMA},
            {"structured": "json_object"},
            {"temperature": 0.0, "response_format": {"type": "json_object"}},
            id="held to JSON",
        ),
        pytest.param(
            {"response_schema": SCHEMA}, {"structured": "none"}, {"temperature": 0.0}, id="not held"
        ),
        pytest.param(
            {"tools": (TOOL,)},
            {"parallel_tool_calls": False},
            {"temperature": 0.0, "tools": [TOOL], "parallel_tool_calls": False},
            id="tools one after the other",
        ),
        pytest.param(
            {}, {"parallel_tool_calls": False}, {"temperature": 0.0}, id="no tools, nothing said"
        ),
        pytest.param(
            {},
            {"reasoning_effort": "low", "extra_body": {"top_p": 0.9, "cache": {"on": True}}},
            {
                "temperature": 0.0,
                "reasoning_effort": "low",
                "top_p": 0.9,
                "cache": {"on": True},
            },
            id="members of the endpoint",
        ),
        pytest.param(
            {"extra": {"top_p": 0.5}},
            {"extra_body": {"top_p": 0.9}},
            {"temperature": 0.0, "top_p": 0.5},
            id="members of the request win",
        ),
    ],
)
def test_a_request_is_sent_as_the_endpoint_takes_it(fields, can, sent, model_server, client):
    client(capabilities=can).ask(question(**fields))

    assert model_server.requests[0].body == {"model": "small", "messages": MESSAGES, **sent}


def test_messages_go_out_as_they_are_whatever_they_hold(model_server, client):
    messages = (
        {"role": "system", "content": "Ünïcode \u2028 <b>"},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1", "odd": [1, None]}]},
        {"role": "tool", "tool_call_id": "1", "content": "{}"},
        {"role": "assistant", "content": "a", "reasoning_content": "kept"},
    )

    client().ask(question(messages=messages))

    assert model_server.requests[0].body["messages"] == [*messages]


def test_what_cannot_be_sent_is_replaced_or_refused_before_it_is_sent(model_server, client):
    client().ask(question("a\ud800\0b"))
    with pytest.raises(InvalidArgument, match=r"Infinity|inf"):
        client().ask(question(temperature=float("inf")))

    assert [each.body["messages"][0]["content"] for each in model_server.requests] == [
        "a\ufffd\ufffdb"
    ]


@pytest.mark.parametrize(
    "can",
    [
        {"structured": "xml"},
        {"colour": "red"},
        {"extra_body": {"model": "another"}},
        {"extra_body": {"stream": True}},
        {"max_tokens_name": "messages"},
    ],
)
def test_a_capability_that_is_none_is_refused(can):
    with pytest.raises(ValidationError):
        Capabilities.model_validate(can)


@pytest.mark.parametrize("name", sorted(NO_MEMBERS | OURS))
def test_no_further_member_is_an_address_a_key_or_a_header(name):
    for form, member in ((AgentSettings, "extra"), (Capabilities, "extra_body")):
        with pytest.raises(ValidationError, match=f"{name} is sent by the gym itself"):
            form.model_validate({member: {name: "https://evil.example"}})


def test_further_members_are_not_endless():
    with pytest.raises(ValidationError, match="at most 20,000 go in"):
        AgentSettings.model_validate({"extra": {"note": "x" * 20_000}})
