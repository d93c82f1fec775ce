"""The agent that a model plays: what it sends, does and keeps when its server behaves."""

import json
from decimal import Decimal

import pytest

from simulation.agents.chat import NUDGE
from simulation.stops import StopReason
from simulation.tools import function_definitions
from tests.model_server import Reply
from tests.simulation.agents.conftest import DONE, SEARCH, SELL

PROMPT = {"role": "user", "content": "Sell two lamps to Dee."}


def call(number=1, name=SELL[0], arguments=SELL[1]):
    function = {"name": name, "arguments": arguments}
    return {"id": f"call_{number}", "type": "function", "function": function}


def test_a_model_sells_in_the_world_and_says_so(talk):
    talked = talk(Reply(text=None, tool_calls=[SELL], finish="tool_calls"), DONE)

    assert (talked.stop, talked.outcome.final_response) == (StopReason.DONE, "Sold.")
    assert talked.kinds == ["user", "assistant", "tool_call", "assistant"]
    assert talked.playing.world.get("item", "lamp")["inStock"] == 8
    assert talked.outcome.state_hash == talked.playing.world.hash()


def test_it_is_sent_the_prompts_the_tools_and_what_became_of_each_call(talk):
    talked = talk(
        Reply(text=None, tool_calls=[SELL], finish="tool_calls"),
        DONE,
        spec={"system_prompt": "You sell."},
        instructions="Be brief.",
    )

    opening = [{"role": "system", "content": "You sell.\n\nBe brief."}, PROMPT]
    result = {"role": "tool", "tool_call_id": "call_1", "content": talked.calls()[0].result}
    asked = {"role": "assistant", "content": None, "tool_calls": [call()]}
    assert talked.sent == [opening, [*opening, asked, result]]
    assert talked.server.requests[0].body["tools"] == function_definitions(talked.playing.tools)
    assert json.loads(result["content"])["buyer"] == "dee"


def test_instructions_alone_are_a_system_message(talk):
    assert talk(instructions="Be brief.").sent[0][0] == {"role": "system", "content": "Be brief."}


def test_parallel_calls_are_made_in_order_and_answered_one_by_one(talk):
    talked = talk(Reply(text="Three.", tool_calls=[SELL, SEARCH, SELL], finish="tool_calls"), DONE)

    assert [step.tool for step in talked.calls()] == ["sell", "searchSales", "sell"]
    assert {step.turn for step in talked.calls()} == {1}
    results = talked.sent[1][2:]
    assert [m["tool_call_id"] for m in results] == ["call_1", "call_2", "call_3"]
    assert [m["content"] for m in results] == [step.result for step in talked.calls()]
    sales = json.loads(talked.calls()[1].result)
    assert [sale["buyer"] for sale in sales].count("dee") == 1


@pytest.mark.parametrize("finish", ["stop", "tool_calls", "function_call", "", None, "whatever"])
def test_whether_tools_are_called_is_told_by_the_calls_alone(finish, talk):
    talked = talk(Reply(text=None, tool_calls=[SELL], finish=finish), DONE)

    assert (talked.stop, len(talked.calls())) == (StopReason.DONE, 1)


def test_a_finish_of_tool_calls_without_any_is_an_answer(talk):
    talked = talk(Reply(text="Done.", finish="tool_calls"))

    assert (talked.stop, talked.outcome.final_response) == (StopReason.DONE, "Done.")
    assert len(talked.sent) == 1


@pytest.mark.parametrize("name", ["mcp__store__sell", "mcp__a__b__sell", "Sell", "sell"])
def test_prefixed_names_are_the_tool_and_go_back_as_they_came(name, talk):
    talked = talk(Reply(text=None, tool_calls=[(name, SELL[1])]), DONE)

    (made,) = talked.calls()
    assert (made.tool, made.is_error) == ("sell", False)
    assert talked.sent[1][1]["tool_calls"] == [call(name=name)]


def test_tokens_and_cost_of_each_answer_are_kept(talk):
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 500,
        "prompt_tokens_details": {"cached_tokens": 200},
        "completion_tokens_details": {"reasoning_tokens": 70},
    }

    said = talk(Reply(usage=usage)).said()

    assert said.tokens == {"prompt": 1000, "completion": 500, "cached": 200, "reasoning": 70}
    assert said.cost == Decimal("0.002")
    assert said.exchange == {"finish": "stop", "model": "small"}


def test_budgets_of_tokens_and_cost_end_it_graded(talk):
    looks = [Reply(text=None, tool_calls=[SEARCH])] * 9

    dear = talk(*looks, spec={"budgets": {"max_cost": 0.00003}})
    assert (dear.stop, len(dear.sent)) == (StopReason.COST_BUDGET, 2)


@pytest.mark.parametrize("seeded", [True, False])
@pytest.mark.parametrize("takes", [True, False])
def test_the_seed_of_the_episode_is_sent_where_both_want_it(seeded, takes, talk):
    talked = talk(spec={"seed": 77}, can={"seed": takes}, seeded=seeded)

    assert talked.server.requests[0].body.get("seed") == (77 if seeded and takes else None)


def test_its_settings_are_sent(talk):
    talked = talk(temperature=0.5, max_output_tokens=99, extra={"top_p": 0.9})

    body = talked.server.requests[0].body
    assert (body["temperature"], body["max_tokens"], body["top_p"]) == (0.5, 99, 0.9)


def test_what_is_left_to_the_server_is_not_sent(talk):
    assert talk().server.requests[0].body.keys() == {"model", "messages", "tools", "seed"}


# reasoning


@pytest.mark.parametrize("name", ["", "reasoning_content", "reasoning"])
def test_reasoning_is_kept_and_sent_back_only_under_the_name_that_is_taken(name, talk):
    talked = talk(
        Reply(text=None, reasoning="Dee wants lamps.", tool_calls=[SELL]),
        DONE,
        can={"reasoning_back": name},
    )

    assert talked.said().reasoning == "Dee wants lamps."
    assert talked.said().content == ""
    asked = {"role": "assistant", "content": None, "tool_calls": [call()]}
    assert talked.sent[1][1] == ({**asked, name: "Dee wants lamps."} if name else asked)


def test_details_of_reasoning_and_of_calls_go_back_as_they_came(talk):
    details = [{"type": "reasoning.encrypted", "data": "x/y=", "id": None}]
    signed = {**call(), "extra_content": {"google": {"thought_signature": "abc"}}}
    reply = Reply(text=None, tool_calls=[signed], message={"reasoning_details": details})

    talked = talk(reply, DONE, can={"reasoning_back": "reasoning_details"})

    asked = talked.sent[1][1]
    assert (asked["reasoning_details"], asked["tool_calls"]) == (details, [signed])


# saying nothing


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_an_answer_without_anything_is_nudged_once(text, talk):
    talked = talk(Reply(text=text), Reply(text=None, tool_calls=[SELL]), DONE)

    assert talked.kinds == ["user", "assistant", "user", "assistant", "tool_call", "assistant"]
    assert talked.steps[2].content == NUDGE
    silent = {"role": "assistant", "content": text or ""}
    assert talked.sent[1] == [PROMPT, silent, {"role": "user", "content": NUDGE}]
    assert talked.outcome.final_response == "Sold."


def test_silence_after_the_nudge_is_the_end(talk):
    talked = talk(Reply(text=None), Reply(text=None))

    assert (talked.stop, talked.outcome.final_response) == (StopReason.DONE, "")
    assert len(talked.sent) == 2


def test_an_agent_that_is_not_to_be_nudged_ends_with_its_silence(talk):
    talked = talk(Reply(text=None), nudge=False)

    assert (talked.stop, len(talked.sent)) == (StopReason.DONE, 1)
