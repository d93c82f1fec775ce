"""Customers who say prepared lines, and how a message is found to ask about something."""

import pytest

from simulation.agents import AGENTS, ScriptedAgent
from simulation.conversation import check_can_converse, customer_of
from simulation.conversation.words import asking, mentions
from simulation.errors import InvalidArgument
from simulation.play import play
from simulation.stops import StopReason
from simulation.transcript import AgentSpec, Turn
from tests.factories import make_playing, make_spec, reference
from tests.simulation.conversation.scenes import CUSTOMER, words

SCRIPT = {
    "kind": "script",
    "lines": [
        {"asked": "delivery address", "says": "12 Elm Street."},
        {"says": "I also want a chair."},
        {"asked": "colour, color", "says": "Red."},
    ],
    "otherwise": "No idea.",
    "patience": 6,
}


@AGENTS.add("talker")
class Talker(ScriptedAgent):
    """An agent of the tests that says one thing after the other, and listens."""

    converses = True

    def __init__(self, spec, config, tools):
        self._says = config["says"]

    def turn(self, steps):
        said = sum(step.kind == "assistant" for step in steps)
        return Turn(text=self._says[said] if said < len(self._says) else "Thank you. Goodbye.")


def talked(*says, **members):
    given = {"mode": "conversation", "customer": SCRIPT, **members}
    playing = make_playing(**given)
    agent = AgentSpec(kind="talker", name="talker", config={"says": says})
    return playing, play(playing, agent, lambda steps: None)


def answers(playing):
    return [text for kind, text in words(playing.steps) if kind == "customer"]


def test_lines_follow_what_is_asked_then_their_order():
    playing, outcome = talked(
        "Hello.",
        "What is your Delivery Addresses?",
        "Noted: the delivery address is Elm Street. Which size?",
        "And what COLOURS do you like?",
    )

    assert answers(playing) == ["I also want a chair.", "12 Elm Street.", "No idea.", "Red.", ""]
    assert outcome.stop_reason == StopReason.DONE
    assert outcome.detail == "the customer has said everything and was asked for nothing more"
    assert outcome.final_response == "Thank you. Goodbye."


def test_two_questions_get_two_lines_and_a_repeated_one_its_line_again():
    ask = "Which colour, and to which delivery address?"

    playing, _ = talked(ask, ask)

    assert answers(playing)[:2] == ["12 Elm Street.\nRed.", "12 Elm Street.\nRed."]


def test_what_was_not_asked_for_is_never_said():
    playing, _ = talked("Hello.", "Sold.")

    assert "12 Elm Street." not in answers(playing)


def test_patience_counts_the_prompt_and_ends_it():
    playing, outcome = talked(*["Who are you?"] * 9)

    assert outcome.stop_reason == StopReason.GAVE_UP
    assert outcome.detail == "the customer's patience ended after 6 messages"
    assert answers(playing) == ["I also want a chair.", *["No idea."] * 4, ""]


def test_the_same_steps_get_the_same_answer():
    customer = customer_of(make_spec(mode="conversation", customer=SCRIPT))
    playing, _ = talked("Which colour?", "Which delivery address?")

    for place, step in enumerate(playing.steps):
        if step.kind == "customer":
            reply = customer.reply(playing.steps[:place])
            assert (reply.text, reply.exchange) == (step.content, step.exchange)


def test_agents_that_do_not_listen_are_not_answered():
    playing = make_playing(mode="conversation", customer=SCRIPT)

    outcome = play(playing, reference({"message": "Which colour?"}), lambda steps: None)

    assert [step.kind for step in playing.steps] == ["user", "assistant"]
    assert outcome.stop_reason == StopReason.DONE


@pytest.mark.parametrize(
    ("message", "about", "is_mentioned"),
    [
        ("What's your ADDRESS?", "the address", True),
        ("Which addresses are yours?", "address", True),
        ("When was it shipped?", "shipping", True),
        ("When do you ship?", "shipped", True),
        ("Two deliveries, then?", "delivery", True),
        ("Où est le café ?", "cafe", True),
        ("The number of your order?", "order number", True),
        ("The number?", "order number", False),
        ("Orders and numbers", "order number", True),
        ("Misaddressed", "address", False),
        ("What colour?", "color, colour", True),
        ("How are you?", "you", True),
        ("Hello", ",", False),
    ],
)
def test_words_are_found_in_any_form(message, about, is_mentioned):
    assert mentions(message, about) == is_mentioned


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("Done. Is there anything else I can do?", ""),
        ("Done. Please let me know if you need more.", ""),
        ("Done. Where to?", "Where to?"),
        ("¿Adónde", "¿Adónde"),
        ("Provide the number.", "Provide the number."),
        ("I need your order number.", "I need your order number."),
        ("I sold it. Goodbye.", ""),
        ("", ""),
    ],
)
def test_only_what_asks_for_something_is_asking(message, asks):
    assert asking(message) == asks


PLAYER = {"endpoint_id": 1, "endpoint": "local", "model": "m"}


@pytest.mark.parametrize(
    ("members", "wrong"),
    [
        ({"mode": "autonomous"}, ""),
        ({"customer": SCRIPT}, ""),
        ({"customer": CUSTOMER, "customer_player": PLAYER}, ""),
        ({}, "a conversation needs a customer"),
        ({"customer": CUSTOMER}, "choose an endpoint and a model"),
        ({"customer": {"persona": "Dee"}, "customer_player": PLAYER}, "goal: is required"),
        ({"customer": CUSTOMER, "customer_player": {"model": "m"}}, "endpoint_id: is required"),
        ({"customer": CUSTOMER, "customer_player": {**PLAYER, "prompt": 99}}, "prompt: there are"),
    ],
)
def test_what_keeps_a_conversation_from_being_held_is_said(members, wrong):
    spec = make_spec(**{"mode": "conversation", **members})

    check_can_converse(spec, reference())  # which listens to nobody
    if not wrong:
        check_can_converse(spec)
        return
    with pytest.raises(InvalidArgument, match=wrong):
        check_can_converse(spec)
