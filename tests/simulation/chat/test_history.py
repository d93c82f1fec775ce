"""What was said before, as different servers take it back; and other protocols."""

import importlib.util

import pytest

from simulation.chat import ModelFailed
from simulation.chat.capabilities import Capabilities
from simulation.chat.history import as_taken
from tests.simulation.chat.conftest import question

CALL = {"id": "a", "type": "function", "function": {"name": "sell", "arguments": "{"}}
SAID = {
    "role": "assistant",
    "content": None,
    "tool_calls": [CALL],
    "reasoning": "hm",
    "reasoning_details": [{"data": "x"}],
}
PLAIN = {"role": "assistant", "content": None, "tool_calls": [CALL]}
VALID = {**PLAIN, "tool_calls": [{**CALL, "function": {"name": "sell", "arguments": "{}"}}]}


@pytest.mark.parametrize(
    ("can", "taken"),
    [
        ({}, PLAIN),
        ({"reasoning_back": "reasoning"}, {**PLAIN, "reasoning": "hm"}),
        ({"reasoning_back": "reasoning_content"}, {**PLAIN, "reasoning_content": "hm"}),
        ({"reasoning_back": "reasoning_details"}, {**PLAIN, "reasoning_details": [{"data": "x"}]}),
        ({"arguments_back": "valid"}, VALID),
        ({"provider": "anthropic"}, VALID),
    ],
)
def test_reasoning_and_arguments_go_back_as_the_endpoint_takes_them(can, taken):
    assert as_taken([SAID], Capabilities(**can)) == [taken]


@pytest.mark.skipif(importlib.util.find_spec("any_llm") is not None, reason="the extra is here")
def test_another_protocol_without_its_library_says_what_to_install(model_server, client):
    with pytest.raises(ModelFailed, match=r"pip install 'enterprisegym\[providers\]'") as raised:
        client(capabilities={"provider": "anthropic"}).ask(question())

    assert raised.value.needs_admin
    assert not model_server.requests
