"""Budgets of a task and limits of agent and run: the tightest holds, and what it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.agent_settings import CALLS, NO_LIMITS, Limits, within
from simulation.play import play
from simulation.stops import GRADED, TRUNCATED, StopReason
from simulation.transcript import Budgets
from tests.factories import calls, make_playing, scripted

SEARCH = ("searchSales", {})
TOKENS = {"prompt": 60, "completion": 40, "cached": 60, "reasoning": 40}
NUMBER = st.integers(0, 500)
LIMITS = st.builds(
    Limits, max_calls=NUMBER, max_turns=NUMBER, max_tokens=NUMBER, wall_seconds=NUMBER
)


def stopped(*turns, **budgets):
    playing = make_playing(budgets=budgets)
    outcome = play(playing, scripted(*turns), lambda steps: None)
    return outcome, playing


@pytest.mark.parametrize(
    ("budgets", "limits", "name", "found"),
    [
        ({}, [], "max_calls", None),
        ({}, [Limits()], "max_calls", CALLS),
        ({}, [NO_LIMITS], "max_calls", None),
        ({"max_calls": 30}, [Limits()], "max_calls", 30),
        ({"max_calls": 300}, [Limits()], "max_calls", CALLS),
        ({"max_calls": 300}, [NO_LIMITS], "max_calls", 300),
        ({}, [Limits(max_calls=80), Limits(max_calls=40)], "max_calls", 40),
        ({}, [Limits(max_calls=40), NO_LIMITS], "max_calls", 40),
        ({}, [NO_LIMITS], "max_turns", 200),
        ({}, [Limits(max_turns=1000)], "max_turns", 200),
        ({}, [Limits(max_turns=10)], "max_turns", 10),
        ({"max_tokens": 500}, [Limits(max_tokens=90)], "max_tokens", 90),
        ({}, [Limits(max_tokens=90)], "max_tokens", 90),
        ({"max_cost": 0.5}, [Limits(max_cost=0.25)], "max_cost", 0.25),
        ({"max_cost": 0.5}, [NO_LIMITS], "max_cost", 0.5),
        ({}, [Limits(wall_seconds=60)], "wall_seconds", 60),
    ],
)
def test_the_tightest_holds_and_0_is_no_limit(budgets, limits, name, found):
    assert getattr(within(Budgets(**budgets), *limits), name) == found


@given(LIMITS, LIMITS, st.integers(1, 500))
def test_limits_loosen_nothing_whatever_their_order(one, other, calls_):
    budgets = Budgets(max_calls=calls_)

    both = within(budgets, one, other)
    assert both == within(budgets, other, one) == within(within(budgets, one), other)
    for limits in (budgets, one, other):
        for name, most in limits.model_dump().items():
            if most:
                assert getattr(both, name) <= most


@pytest.mark.parametrize("field", Limits.model_fields)
def test_limits_below_0_are_refused(field):
    with pytest.raises(ValidationError, match=field):
        Limits(**{field: -1})


@pytest.mark.parametrize(
    ("budgets", "reason", "detail"),
    [
        ({"max_turns": 3}, StopReason.MAX_TURNS, "3 turns"),
        ({"max_calls": 3}, StopReason.MAX_TURNS, "3 tool calls"),
        ({"max_tokens": 250}, StopReason.TOKEN_BUDGET, "300 tokens"),
    ],
)
def test_what_is_used_up_ends_the_episode_graded_and_truncated(budgets, reason, detail):
    turn = {**calls(SEARCH), "tokens": TOKENS}
    outcome, playing = stopped(*[turn] * 9, **budgets)

    assert (outcome.stop_reason, outcome.detail, playing.calls) == (reason, detail, 3)
    assert outcome.stop_reason in TRUNCATED & GRADED


def test_calls_of_one_turn_that_goes_beyond_the_limit_are_still_made():
    """A turn is kept whole: its tool messages all have their answers."""
    outcome, playing = stopped(calls(SEARCH, SEARCH, SEARCH), calls(SEARCH), max_calls=2)

    assert (outcome.detail, playing.calls) == ("2 tool calls", 3)


def test_by_default_an_episode_has_200_turns_and_no_limit_of_calls():
    outcome, playing = stopped(*[calls(SEARCH)] * 201)

    assert (outcome.detail, playing.calls) == ("200 turns", 200)
    assert Budgets().max_calls is None
    assert Limits().max_calls == 200
