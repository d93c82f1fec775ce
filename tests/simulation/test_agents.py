"""The agents that need no model."""

import json

import pytest

from simulation.agents import AGENTS
from simulation.transcript import Turn
from tests.factories import PAY_IT, SAY_DONE, SELL, SOLUTION, make_spec, make_step, reference


def make_agent(kind="reference", **config):
    return AGENTS[kind](make_spec(prompt="Sell a {lamp} to Dee."), config, {})


def make_result(turn, result, *, is_error=False):
    return make_step(turn, turn=turn, kind="tool_call", result=result, is_error=is_error)


OPENING = [make_step(0, turn=0, kind="user")]
SOLD = make_result(1, '{"id": "sale-9"}')
PAID = make_result(2, '{"id": "sale-9", "status": "paid"}')


def test_the_reference_agent_makes_one_call_a_turn():
    turn = make_agent(solution=SOLUTION).turn(OPENING)

    (call,) = turn.calls
    assert (call.name, call.call_id) == ("sell", "call-1")
    assert json.loads(call.arguments_raw) == SELL["arguments"]


def test_the_reference_agent_puts_earlier_results_in():
    turn = make_agent(solution=SOLUTION).turn([*OPENING, SOLD])

    assert json.loads(turn.calls[0].arguments_raw) == {"saleId": "sale-9", "status": "paid"}


def test_the_reference_agent_says_its_messages_and_then_nothing():
    agent = make_agent(solution=SOLUTION)

    assert agent.turn([*OPENING, SOLD, PAID]) == Turn(text=SAY_DONE["message"])
    assert agent.turn([*OPENING, SOLD, PAID, make_step(3, turn=3)]) == Turn()


def test_a_message_between_calls_does_not_count_as_a_call():
    solution = [SAY_DONE, SELL, {"call": "updateSale", "arguments": {"saleId": {"$ref": "1.id"}}}]
    said = make_step(1, turn=1)
    sold = make_result(2, '{"id": "sale-9"}')

    turn = make_agent(solution=solution).turn([*OPENING, said, sold])

    assert json.loads(turn.calls[0].arguments_raw) == {"saleId": "sale-9"}


def test_the_reference_agent_gives_up_when_an_earlier_call_failed():
    failed = make_result(1, '{"error": {}}', is_error=True)

    turn = make_agent(solution=[SELL, PAY_IT]).turn([*OPENING, failed])

    assert (turn.stop, turn.calls) == ("gave_up", ())
    assert turn.detail == "call 2, updateSale: $ref '1.id': call 1 failed and has no result"


def test_a_call_may_leave_its_arguments_out():
    (call,) = make_agent(solution=[{"call": "searchSales"}]).turn(OPENING).calls

    assert call.arguments_raw == "{}"


def test_text_in_arguments_is_sent_as_it_is():
    (call,) = make_agent(solution=[{"call": "x", "arguments": {"t": "ü🛒"}}]).turn(OPENING).calls

    assert call.arguments_raw == '{"t": "ü🛒"}'


@pytest.mark.parametrize(
    ("kind", "text"), [("null", ""), ("echo", "Sell a {lamp} to Dee."), ("claims_only", None)]
)
def test_the_agents_that_do_nothing_call_nothing(kind, text):
    turn = make_agent(kind).turn(OPENING)

    assert not turn.calls
    assert text is None or turn.text == text


def test_claims_only_says_that_it_did_what_was_asked():
    text = make_agent("claims_only").turn(OPENING).text

    assert "Sell a {lamp} to Dee." in text
    assert "I have taken care of everything" in text


@pytest.mark.parametrize("kind", ["reference", "null", "echo", "claims_only"])
def test_an_agent_decides_from_the_steps_alone(kind):
    config = reference().config
    one, other = AGENTS[kind](make_spec(), config, {}), AGENTS[kind](make_spec(), config, {})
    one.turn(OPENING)

    assert one.turn([*OPENING, SOLD]) == other.turn([*OPENING, SOLD])
