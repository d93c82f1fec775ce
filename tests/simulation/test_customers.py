"""Customers: what a value must say, and what is named when it does not."""

import pytest

from simulation.customers import PlayedCustomer, ScriptedCustomer, read_customer
from simulation.errors import Problems

PLAYED = {
    "persona": "Dee, in a hurry.",
    "goal": "Two lamps by Friday.",
    "facts_known": ["She bought lamps before."],
    "facts_withheld": [{"topic": "the address", "fact": "12 Elm Street"}],
    "patience": 6,
}


def test_a_played_customer_has_a_person_and_a_goal():
    customer = read_customer(PLAYED)

    assert isinstance(customer, PlayedCustomer)
    assert customer.facts_withheld[0].fact == "12 Elm Street"
    assert customer.patience == 6


def test_a_scripted_one_says_lines():
    customer = read_customer({"kind": "script", "lines": [{"asked": "address", "says": "12 Elm"}]})

    assert isinstance(customer, ScriptedCustomer)
    assert customer.lines[0].asked == "address"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({}, ["persona: is required", "goal: is required"]),
        (
            {**PLAYED, "facts_withheld": [{"topic": "", "fact": "x"}], "patience": 0},
            ["facts_withheld.0.topic", "patience"],
        ),
        ({**PLAYED, "lines": []}, ["lines: Extra inputs"]),
        ({"kind": "script"}, ["lines: is required"]),
        (
            {"kind": "script", "lines": [{"says": "Hi."}, {"asked": "x"}]},
            ["lines.1.says: is required"],
        ),
        ({**PLAYED, "patience": "many"}, ["patience: write a whole number"]),
        ({**PLAYED, "patience": 200}, ["patience: write 100 or less"]),
        ({**PLAYED, "goal": "x" * 2001}, ["goal: write at most 2,000 characters"]),
        ({"kind": "robot"}, ["kind: "]),
    ],
)
def test_everything_that_is_wrong_is_named(data, problems):
    with pytest.raises(Problems) as found:
        read_customer(data)

    said = found.value.problems
    assert len(said) == len(problems)
    assert all(line.startswith(start) for line, start in zip(said, problems, strict=True))
