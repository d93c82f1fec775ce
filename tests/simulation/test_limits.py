"""Budgets of a task and limits of agent and run: the tightest holds, and what it does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.agent_settings import CALLS, NO_LIMITS, Limits, within
from simulation.faults import TOOL_ERROR
from simulation.play import Episode as Playing
from simulation.play import play
from simulation.spending import tally_of
from simulation.stops import GRADED, TRUNCATED, StopReason
from simulation.transcript import Budgets, StepRecord
from tests.factories import calls, make_playing, make_spec, make_step, scripted

SEARCH = ("searchSales", {})
SELL = ("sell", {"buyer": "x", "item_id": "lamp"})
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


BEYOND = [(1, 2), (2, 3), (3, 4), (3, 50)]


@pytest.mark.parametrize(("most", "asked"), BEYOND)
def test_calls_beyond_the_limit_are_left_out_and_said_to_be(most, asked):
    outcome, playing = stopped(calls(*[SELL] * asked), calls(SELL), max_calls=most)

    sold = 10 - playing.world.get("item", "lamp")["inStock"]
    (said,) = (step for step in playing.steps if step.kind == "assistant")
    assert (outcome.stop_reason, playing.calls, sold) == (StopReason.MAX_TURNS, most, most)
    assert [call["name"] for call in said.exchange["left_out"]] == ["sell"] * (asked - most)
    assert said.note.endswith(f"beyond the limit of {most} left out")
    assert outcome.detail.endswith(f"not executed: {asked - most}")
    assert outcome.stop_reason in TRUNCATED & GRADED


def test_the_limit_counts_the_calls_of_earlier_turns():
    turns = [calls(SEARCH, SEARCH), calls(SEARCH, SEARCH), calls(SEARCH)]
    outcome, playing = stopped(*turns, max_calls=3)

    assert (playing.calls, [step.turn for step in playing.steps]) == (3, [0, 1, 1, 2, 2])
    assert outcome.detail == "3 tool calls; asked for beyond them and not executed: 1"


def test_a_turn_that_just_fits_keeps_all_of_its_calls():
    outcome, playing = stopped(calls(SEARCH, SEARCH, SEARCH), calls(SEARCH), max_calls=3)

    assert (outcome.detail, playing.calls) == ("3 tool calls", 3)
    assert all(step.exchange is None for step in playing.steps)


def test_what_is_left_out_can_be_stored_whatever_the_agent_wrote():
    _, playing = stopped(calls(SEARCH, ("sell\x00", {"buyer": "\ud800"})), max_calls=1)

    (left,) = playing.steps[1].exchange["left_out"]
    assert left["name"] == "sell\ufffd"
    assert "\ud800" not in left["arguments"]


# what has been used up


STEP = st.builds(
    StepRecord,
    index=st.just(0),
    turn=st.just(1),
    kind=st.sampled_from(["assistant", "tool_call", "customer", "user", "error"]),
    tokens=st.dictionaries(st.sampled_from(["prompt", "completion", "cached"]), st.integers(0, 9)),
    cost=st.decimals(0, 1, places=6),
    is_error=st.booleans(),
    fault=st.sampled_from(["", TOOL_ERROR]),
)


@given(st.lists(st.lists(STEP, max_size=4), max_size=6))
def test_a_tally_that_goes_on_says_what_one_of_all_steps_says(batches):
    playing = Playing(make_spec(), None)
    for batch in batches:
        playing.steps.extend(batch)
        assert playing.tally == tally_of(playing.steps)

    steps = playing.steps
    calls_ = [s for s in steps if s.kind == "tool_call"]
    own = [s.is_error for s in calls_ if s.fault != TOOL_ERROR]
    assert playing.calls == len(calls_)
    assert playing.tally.errors_in_a_row == next(
        (n for n, failed in enumerate(reversed(own)) if not failed), len(own)
    )
    for kind, bill in (("assistant", playing.tally.agent), ("customer", playing.tally.customer)):
        counts = [s.tokens.get(part, 0) for s in steps if s.kind == kind
                  for part in ("prompt", "completion")]  # fmt: skip
        assert bill.tokens == sum(counts)
        assert bill.cost == sum(s.cost for s in steps if s.kind == kind)


def test_steps_that_were_taken_back_are_counted_no_more():
    playing = Playing(make_spec(), None)
    playing.steps += [make_step(kind="tool_call")] * 3
    assert playing.calls == 3

    del playing.steps[1:]
    assert playing.calls == 1


class Counted(list):
    """Steps that count how many of them were looked at."""

    seen = 0

    def __getitem__(self, key):
        found = super().__getitem__(key)
        self.seen += len(found) if isinstance(key, slice) else 0
        return found

    def __iter__(self):
        self.seen += len(self)
        return super().__iter__()


def test_what_a_long_episode_has_spent_is_counted_step_by_step():
    playing = Playing(make_spec(), None, Counted())
    for _ in range(2000):
        playing.steps.append(make_step(kind="assistant", tokens={"prompt": 1}))
        spent = playing.tally.spent

    assert (spent.usage, playing.steps.seen) == ({"prompt": 2000}, 2000)


def test_by_default_an_episode_has_200_turns_and_no_limit_of_calls():
    outcome, playing = stopped(*[calls(SEARCH)] * 201)

    assert (outcome.detail, playing.calls) == ("200 turns", 200)
    assert Budgets().max_calls is None
    assert Limits().max_calls == 200
