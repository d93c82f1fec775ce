"""What a model was sent stands in the OpenAI form to the letter, and may be sent again."""

import json

import pytest
from openai.types.chat import ChatCompletionMessageParam, ChatCompletionToolParam
from pydantic import TypeAdapter

from grading.transcripts import FORMS
from grading.transcripts.reading import Wanted, read_transcripts, wanted_rollouts
from tests.factories import chatting, make_endpoint, make_plan, make_spec, make_world
from tests.model_server import Reply
from tests.simulation.agents.conftest import DONE, SEARCH, SELL

pytestmark = pytest.mark.django_db
SCRIPTED = {"kind": "script", "lines": [{"says": "The red one."}, {"says": "Thanks."}]}
MESSAGES = TypeAdapter(list[ChatCompletionMessageParam])
TOOLS = TypeAdapter(list[ChatCompletionToolParam])
THINKS = Reply(text="I look.", reasoning="Dee wants lamps.", tool_calls=[SELL, SEARCH])
SAME_ID = {"id": "a", "type": "function", "function": {"name": "searchSales", "arguments": "{}"}}
CUT = Reply(text="I se", finish="length", reasoning="Hm.", tool_calls=[("sell", '{"buyer": "d')])
EPISODES = {
    "words, parallel calls and reasoning": ([THINKS, DONE], {}, {}),
    "calls with one id, and none": (
        [Reply(text=None, tool_calls=[SAME_ID, SAME_ID, {**SAME_ID, "id": ""}]), DONE], {}, {},
    ),
    "no JSON, and no such tool": (
        [Reply(text=None, tool_calls=[("sell", '{"buyer":'), ("fly", "[]")]), DONE], {}, {},
    ),
    "a nudge": ([Reply(text=""), DONE], {}, {}),
    "instructions of the agent": ([DONE], {"instructions": "Be brief."}, {}),
    "faults": (
        [Reply(text=None, tool_calls=[SELL]), DONE],
        {}, {"faults": {"error_rate": 1, "descriptions": "none"}},
    ),
    "a customer": (
        [Reply(text="Which one?"), THINKS, DONE, Reply(text="Bye.")],
        {}, {"mode": "conversation", "customer": SCRIPTED},
    ),
    "an answer that was cut off": ([THINKS, CUT], {}, {}),
    "two answers of nothing": ([Reply(text=""), Reply(text="")], {}, {}),
}  # fmt: skip


@pytest.fixture
def export(launch, runner, model_server):
    """Play an episode with these answers and give it in a form."""

    def write(form, replies, settings, spec):
        model_server.replies.extend(replies)
        world = make_world(owner=runner, prompts={"clerk": "You sell lamps."})
        agent = chatting(make_endpoint(model_server.url), **settings)
        given = {"system_prompt": "clerk", **spec}
        run = launch([make_plan(world, agent=agent, spec=make_spec(world, **given))])
        (transcript,) = read_transcripts(wanted_rollouts(runner, Wanted(run=run.pk)))
        return json.loads(json.dumps(FORMS[form].write(transcript)))

    return write


@pytest.mark.parametrize("name", EPISODES)
def test_messages_are_those_that_were_sent_and_the_last_answer(name, export, model_server):
    row = export("openai", *EPISODES[name])

    sent = [request.body for request in model_server.requests]
    last = sent[-1]["messages"]
    assert row["messages"][: len(last)] == last
    assert row["tools"] == sent[-1]["tools"]
    after = row["messages"][len(last) :]
    assert [message["role"] for message in after][:1] == ["assistant"]


@pytest.mark.parametrize("name", EPISODES)
def test_messages_are_the_protocols_and_nothing_else(name, export):
    row = export("openai", *EPISODES[name])

    MESSAGES.validate_python(row["messages"], strict=True)
    TOOLS.validate_python(row["tools"], strict=True)


def test_what_a_model_thought_and_what_was_left_out_stand_beside_the_messages(export):
    row = export("openai", *EPISODES["an answer that was cut off"])

    first, last = row["beside"]
    left_out = [call["name"] for call in last["left_out"]]
    assert (first, last["reasoning"], left_out) == (
        {"message": 2, "reasoning": "Dee wants lamps."}, "Hm.", ["sell"],
    )  # fmt: skip
    assert row["messages"][last["message"]] == {"role": "assistant", "content": "I se"}
    assert (row["stop_reason"], row["is_truncated"]) == ("max_tokens", True)


@pytest.mark.parametrize("name", EPISODES)
def test_a_trajectory_tells_the_same(name, export):
    replies, settings, spec = EPISODES[name]
    steps = export("atif", replies, settings, spec)["steps"]

    agents = [step for step in steps if step["source"] == "agent"]
    assert [step["message"] for step in agents] == [reply.text or "" for reply in replies]
    thought = [step.get("reasoning_content", "") for step in agents]
    assert thought == [reply.reasoning for reply in replies]
    for step in agents:
        calls = [call["tool_call_id"] for call in step.get("tool_calls", ())]
        results = step.get("observation", {}).get("results", ())
        assert [result["source_call_id"] for result in results] == calls
    assert ("Be brief." in steps[0]["message"]) == bool(settings)
    assert ("left_out" in agents[-1].get("extra", {})) == (replies[-1] is CUT)
