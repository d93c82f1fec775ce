"""A model is asked in a provider's own protocol, with the library of the extra `providers`."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.model_server import ModelServer, Reply
from tests.peers.environments import make_environment, run

pytestmark = pytest.mark.peers
ROOT = Path(__file__).parents[2]
ASK = """
import json, sys
from types import SimpleNamespace
sys.path.insert(0, sys.argv[1])
from simulation.chat import ChatRequest, ModelFailed, Pace, client_for

endpoint = SimpleNamespace(
    name="native", base_url=sys.argv[2], key_variable="", is_active=True, connect_timeout_s=5,
    timeout_s=10, prices={"*": {"prompt": 1, "completion": 2}},
    capabilities={"provider": "anthropic", "seed": False},
)
slept = []
client = client_for(endpoint, pace=Pace(sleep=slept.append, random=lambda: 1.0))
parameters = {"type": "object", "properties": {"qty": {"type": "integer"}}}
tool = {"type": "function", "function": {"name": "sell", "parameters": parameters}}
call = {"id": "a", "type": "function", "function": {"name": "sell", "arguments": "{"}}
messages = (
    {"role": "system", "content": "You sell."},
    {"role": "user", "content": "Sell."},
    {"role": "assistant", "content": None, "tool_calls": [call], "reasoning": "hm"},
    {"role": "tool", "tool_call_id": "a", "content": "no JSON"},
)
request = ChatRequest(
    model="large", messages=messages, tools=(tool,), max_tokens=500, temperature=None
)
answer = client.ask(request)
(made,) = answer.tool_calls
failures = []
for _ in range(2):
    try:
        client.ask(request)
    except ModelFailed as failure:
        failures.append([type(failure).__name__, failure.needs_admin])
print(json.dumps({
    "text": answer.text, "call": [made.id, made.name, json.loads(made.arguments_raw)],
    "cost": str(answer.cost), "tries": [each.status for each in answer.attempts], "slept": slept,
    "failures": failures,
}))
"""


def refused(status, kind, message, **headers):
    error = {"type": "error", "error": {"type": kind, "message": message}}
    return Reply(status=status, raw=json.dumps(error), headers=headers)


ANSWER = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "large",
    "content": [
        {"type": "text", "text": "Selling."},
        {"type": "tool_use", "id": "b", "name": "sell", "input": {"qty": 2}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {"input_tokens": 100, "output_tokens": 20},
}


def extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (library,) = project["optional-dependencies"]["providers"]
    return [library.replace(",gemini,bedrock", ""), "orjson"]


def test_a_provider_is_asked_in_its_own_protocol_and_understood(tmp_path):
    python = make_environment(tmp_path / "environment", *extra())
    with ModelServer("/v1/messages") as server:
        server.replies.extend(
            [
                refused(429, "rate_limit_error", "slow down", **{"Retry-After": "2"}),
                refused(529, "overloaded_error", "busy"),
                Reply(raw=json.dumps(ANSWER)),
                refused(400, "invalid_request_error", "prompt is too long: 9 > 8"),
                refused(401, "authentication_error", "bad key"),
            ]
        )
        address = server.url.removesuffix("/v1")
        told = json.loads(run(python, ASK, ROOT, address))

    assert told == {
        "text": "Selling.",
        "call": ["b", "sell", {"qty": 2}],
        "cost": "0.000140",
        "tries": [429, 529, 200],
        "slept": [2.0, 1.0],
        "failures": [["ContextOverflow", False], ["ModelRefusedRequest", True]],
    }
    assert len(server.requests) == 5  # the library repeats nothing by itself
    sent = server.requests[0].body
    assert (sent["system"], sent["max_tokens"]) == ("You sell.", 500)
    asked, result = sent["messages"][1:]
    assert asked["content"] == [{"type": "tool_use", "id": "a", "name": "sell", "input": {}}]
    assert result["content"][0]["tool_use_id"] == "a"
