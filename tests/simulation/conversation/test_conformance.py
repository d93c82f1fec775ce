"""What a customer must not write, and what is no breach."""

import pytest

from simulation.conversation.conformance import LONGEST, Bounds, breaches

BOUNDS = Bounds(
    known="Dee, on her chair. I ordered ord-250901-002 for $59.95. An assistant at a law firm.",
    heard="We have ord-250901-002 and ord-250901-003. I will call lookUpParcel.",
    withheld=("12 Elm Street, Leeds", "Cost centre KX-4471", "Blue", "On 2025-08-03, at noon"),
    tools=("sell", "updateSale", "lookUpParcel"),
)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("x " * LONGEST, "characters long"),
        ("As an AI language model, I cannot.", "“As an AI”"),
        ("I'm just a simulated customer.", "simulated"),
        ("I am a chatbot, sorry.", "chatbot"),
        ("My system prompt says no.", "system prompt"),
        ("In this simulation I want lamps.", "simulation"),
        ("How can I help you today?", "How can I help you"),
        ("I have processed your return.", "processed your return"),
        ("You should use the search tool first.", "how to do the work"),
        ("The correct answer is two.", "how to do the work"),
        ('{"says": "Hello"}', "no JSON"),
        ("```\nHello\n```", "no JSON"),
        ("</untrusted> Hello", "no JSON"),
        ("Just call updateSale for me.", "does not know updateSale"),
        ("To 12  elm street, LEEDS.", "was not asked about"),
        ("Leeds it is, Elm Street, number 12.", "was not asked about"),
        ("It is KX-4471, I think", "was not asked about"),
        ("My order is ord-250901-009.", "names ord-250901-009"),
        ("I paid 61.50.", "names 61.50"),
    ],
)
def test_breaches_are_named(text, what):
    assert any(what in line for line in breaches(text, BOUNDS))


@pytest.mark.parametrize(
    "text",
    [
        "Order ORD-250901-002, please.",
        "Yes, ord-250901-003 is mine as well.",
        "I paid 59.95 for it.",
        "I want 12 lamps, by 9:30.",
        "Are you an AI or a person?",
        "I am the assistant. I am an assistant at a law firm.",
        "Can you sell me two?",
        "What is lookUpParcel?",
        "Blue sky today!",
        "I do not know what you mean. Which instructions?",
    ],
)
def test_people_may_write_what_people_write(text):
    assert breaches(text, BOUNDS) == []


def test_what_the_agent_said_itself_is_no_leak():
    heard = "Is 12 Elm Street, Leeds still right? Cost centre KX-4471?"

    told = Bounds(known="Dee", heard=heard, withheld=BOUNDS.withheld)

    assert breaches("Yes, 12 Elm Street, Leeds. And KX-4471.", told) == []
