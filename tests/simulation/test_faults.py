"""What is made to go wrong on purpose, in memory: struck calls, delays, pages, descriptions."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.environments import environment
from simulation.errors import Problems
from simulation.fault_words import in_words, summary
from simulation.faults import (
    DELAY,
    NONE,
    TOOL_ERROR,
    WORDS,
    Faults,
    calmed,
    faults_of,
    page_size,
    read_faults,
    with_faults,
)
from simulation.play import play
from simulation.stops import StopReason
from simulation.text import canonical
from simulation.tools import function_definitions, tool_definitions
from simulation.transcript import tool_calls
from tests.factories import calls, make_playing, make_spec, reference, scripted

SELL = ("sell", {"buyer": "x", "item_id": "lamp"})
SEARCH = ("searchSales", {})
ALWAYS = {"error_rate": 1}
RATES = st.floats(0, 1)
NUMBERS = st.integers(1, 10_000)
SEEDS = st.integers(0, 2**62)
FAULTS = st.builds(
    Faults,
    error_rate=RATES,
    delay_rate=RATES,
    delay_seconds=st.floats(0, 30),
    only=st.sampled_from(["all", "reads", "writes"]),
    tools=st.sampled_from([(), ("sell",), ("sell", "updateSale")]),
)


def played(faults, *turns, agent=None, slept=None, **members):
    playing = make_playing(faults=faults, **members)
    playing.sleep = (slept if slept is not None else []).append
    outcome = play(playing, agent or scripted(*turns), lambda steps: None)
    return playing, outcome


# which calls


@given(FAULTS, SEEDS, NUMBERS, st.sampled_from(["sell", "updateSale"]), st.booleans())
def test_the_same_seed_number_and_tool_give_the_same_fault(faults, seed, number, tool, writes):
    again = read_faults(json.loads(faults.model_dump_json()))

    first = faults.strike(seed, number, tool, writes=writes)
    assert again.strike(seed, number, tool, writes=writes) == first


@given(FAULTS, RATES, RATES, SEEDS, NUMBERS)
def test_a_higher_rate_unstrikes_nothing(faults, more_errors, more_delays, seed, number):
    higher = faults.model_copy(
        update={
            "error_rate": max(faults.error_rate, more_errors),
            "delay_rate": max(faults.delay_rate, more_delays),
        }
    )
    before = faults.strike(seed, number, "sell", writes=True)
    after = higher.strike(seed, number, "sell", writes=True)

    if before is not None:
        assert after is not None
        assert after.seconds >= before.seconds
        assert before.kind == DELAY or after.kind == TOOL_ERROR


@given(FAULTS, SEEDS, NUMBERS)
def test_more_tools_unstrike_nothing(faults, seed, number):
    every = faults.model_copy(update={"tools": (), "only": "all"})

    before = faults.strike(seed, number, "sell", writes=True)
    assert before is None or every.strike(seed, number, "sell", writes=True) == before


def test_the_share_of_struck_calls_is_the_rate():
    struck = [Faults(error_rate=0.2).strike(7, n, "sell") is not None for n in range(1, 5001)]

    assert 0.18 < sum(struck) / 5000 < 0.22


@pytest.mark.parametrize(("rate", "struck"), [(0, 0), (1, 50)])
def test_rates_of_nothing_and_of_all(rate, struck):
    faults = Faults(error_rate=rate)

    assert sum(faults.strike(1, n, "sell") is not None for n in range(50)) == struck


def test_other_seeds_and_numbers_draw_afresh():
    faults = Faults(error_rate=0.5)
    by_seed = [[bool(faults.strike(s, n, "sell")) for n in range(1, 41)] for s in range(5)]

    assert all(one != other for one, other in pairwise(by_seed))
    assert all(len(set(row)) == 2 for row in by_seed)  # a call that is tried again may go well


@pytest.mark.parametrize(
    ("faults", "tool", "struck"),
    [
        ({"only": "writes"}, SELL, True),
        ({"only": "writes"}, SEARCH, False),
        ({"only": "reads"}, SELL, False),
        ({"only": "reads"}, SEARCH, True),
        ({"tools": ["sell"]}, SELL, True),
        ({"tools": ["sell"]}, ("mcp__store__sell", SELL[1]), True),
        ({"tools": ["sell"]}, SEARCH, False),
        ({}, ("search_sales", {}), True),
        ({}, ("nothingLikeIt", {}), False),
    ],
)  # fmt: skip
def test_whom_faults_strike(faults, tool, struck):
    playing, _ = played({**ALWAYS, **faults}, calls(tool))

    (step,) = tool_calls(playing.steps)
    assert (step.fault == TOOL_ERROR) is struck


# what becomes of a call


def test_a_call_that_is_made_to_fail_is_not_executed_and_tells_the_agent_to_try_again():
    playing, _ = played(ALWAYS, calls(SELL))

    (step,) = tool_calls(playing.steps)
    assert json.loads(step.result) == {"error": {"code": "unavailable", "message": WORDS}}
    assert (step.is_error, step.fault, step.changes) == (True, TOOL_ERROR, ())
    assert step.arguments == SELL[1]
    assert step.note == "on purpose: made to fail: not executed"
    assert playing.world.diff() == []


def test_the_words_of_the_error_can_be_chosen():
    playing, _ = played({**ALWAYS, "error_message": "back in a minute"}, calls(SELL))

    assert "back in a minute" in tool_calls(playing.steps)[0].result


@pytest.mark.parametrize("raw", ["{", "[]", '{"a": NaN}', "\x00"])
def test_broken_arguments_of_a_struck_call_are_kept_as_they_were_sent(raw):
    playing, outcome = played(ALWAYS, {"calls": [["sell", raw]]})

    (step,) = tool_calls(playing.steps)
    assert (step.fault, step.arguments) == (TOOL_ERROR, None)
    assert outcome.stop_reason == StopReason.DONE


def test_a_call_that_is_held_up_is_waited_for_and_then_made():
    slept: list[float] = []
    playing, _ = played({"delay_rate": 1, "delay_seconds": 3}, calls(SELL), slept=slept)

    (step,) = tool_calls(playing.steps)
    assert (slept, step.fault, step.note) == ([3], DELAY, "on purpose: held up for 3 s")
    assert not step.is_error
    assert step.changes


def test_a_delay_is_in_the_duration():
    playing = make_playing(faults={"delay_rate": 1, "delay_seconds": 0.03})
    play(playing, scripted(calls(SEARCH)), lambda steps: None)

    assert tool_calls(playing.steps)[0].duration_ms >= 30


def test_a_call_may_be_held_up_and_then_fail():
    slept: list[float] = []
    playing, _ = played({**ALWAYS, "delay_rate": 1}, calls(SELL), slept=slept)

    assert slept == [2]
    note = "on purpose: held up for 2 s and made to fail: not executed"
    assert tool_calls(playing.steps)[0].note == note


def test_failures_made_on_purpose_are_no_errors_of_the_agent():
    turns = [calls(SELL)] * 12
    _, outcome = played(ALWAYS, *turns, budgets={"max_errors": 3})

    assert outcome.stop_reason == StopReason.DONE


def test_own_errors_still_count_between_struck_ones():
    broken = ("sell", {"buyer": "x", "item_id": "ghost"})
    turns = [calls(SEARCH, broken)] * 12
    playing, outcome = played({"error_rate": 1, "only": "reads"}, *turns, budgets={"max_errors": 3})

    assert outcome.stop_reason == StopReason.TOO_MANY_ERRORS
    assert len([s for s in tool_calls(playing.steps) if not s.fault]) == 3


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.integers(0, 9))
def test_whoever_takes_an_episode_over_meets_the_same_faults(seed, taken_over_after):
    turns = [calls(SELL)] * 10
    faults = {"error_rate": 0.5, "delay_rate": 0.5}
    whole, outcome = played(faults, *turns, seed=seed)
    begun = [step for step in whole.steps if step.turn <= taken_over_after]

    playing = make_playing(faults=faults, seed=seed)
    playing.sleep = lambda _: None
    playing.steps.extend(begun)
    for step in begun:
        playing.world.apply(step.changes)
    again = play(playing, scripted(*turns), lambda steps: None)

    assert again.state_hash == outcome.state_hash
    seen = [[(s.fault, s.result) for s in tool_calls(p.steps)] for p in (whole, playing)]
    assert seen[0] == seen[1]


# pages and descriptions


@pytest.mark.parametrize(("own", "faulty", "most"), [(50, None, 50), (50, 2, 2), (2, 50, 2)])
def test_the_shorter_page_wins(own, faulty, most):
    spec = make_spec(max_results=own, faults={"max_results": faulty})
    playing, _ = played(spec.faults, calls(SEARCH), max_results=own)

    assert page_size(spec) == most
    rows = json.loads(tool_calls(playing.steps)[0].result)
    assert len(rows) == min(3, most)


TOOLS = environment("mock_store").toolsets["default"]


@pytest.mark.parametrize("define", [tool_definitions, function_definitions])
def test_without_degrading_agents_are_shown_the_definitions_as_they_are(define):
    assert Faults(error_rate=1).shown(define(TOOLS)) == define(TOOLS)


@pytest.mark.parametrize("define", [tool_definitions, function_definitions])
def test_descriptions_can_be_left_out(define):
    shown = Faults(descriptions="none", argument_descriptions=False).shown(define(TOOLS))

    inner = [each.get("function", each) for each in shown]
    assert {each["description"] for each in inner} == {""}
    assert '"description": "' not in json.dumps(
        [each.get("parameters", each.get("inputSchema")) for each in inner]
    )
    known = [each.get("function", each) for each in define(TOOLS)]
    assert [each["name"] for each in inner] == [each["name"] for each in known]


def test_only_the_first_sentence_is_kept():
    given_ = [{"name": "t", "description": "Find e.g. sales, v1.2. Newest first. All.", "x": 1}]

    (shown,) = Faults(descriptions="first_sentence").shown(given_)
    assert shown == {"name": "t", "description": "Find e.g. sales, v1.2.", "x": 1}


def test_a_property_may_be_named_description():
    schema = {
        "type": "object",
        "description": "words",
        "properties": {
            "description": {"type": "string", "description": "words"},
            "lines": {
                "anyOf": [
                    {"type": "array", "items": {"type": "string", "description": "words"}},
                    {"const": {"description": "kept"}},
                ]
            },
        },
        "required": ["description"],
    }
    (shown,) = Faults(argument_descriptions=False).shown(
        [{"name": "t", "description": "Words.", "inputSchema": schema}]
    )

    assert shown["description"] == "Words."
    assert shown["inputSchema"] == {
        "type": "object",
        "properties": {
            "description": {"type": "string"},
            "lines": {
                "anyOf": [
                    {"type": "array", "items": {"type": "string"}},
                    {"const": {"description": "kept"}},
                ]
            },
        },
        "required": ["description"],
    }


# values


@given(FAULTS)
def test_faults_are_the_same_bytes_after_every_way_that_they_go(faults):
    dumped = faults.model_dump(mode="json")
    again = read_faults(json.loads(json.dumps(dumped))).model_dump(mode="json")

    assert canonical(again) == canonical(dumped)
    assert canonical(read_faults({"error_rate": -0.0}).model_dump()) == canonical(
        read_faults({}).model_dump()
    )


@pytest.mark.parametrize(
    ("data", "places"),
    [
        ({"error_rate": 1.1}, ["error_rate"]),
        ({"error_rate": -0.1, "delay_seconds": 31}, ["error_rate", "delay_seconds"]),
        ({"only": "some", "descriptions": "few"}, ["only", "descriptions"]),
        ({"max_results": 0}, ["max_results"]),
        ({"error_message": ""}, ["error_message"]),
        ({"rate": 1}, ["rate"]),
        ({"delay_rate": float("nan")}, ["delay_rate"]),
    ],
)
def test_bad_faults_are_refused_by_name(data, places):
    with pytest.raises(Problems) as refused:
        read_faults(data)

    assert [line.partition(":")[0] for line in refused.value.problems] == places


def test_a_runs_faults_hold_where_a_task_has_none_of_its_own():
    own = make_spec(faults={"error_rate": 0.1})
    kept_away = make_spec(faults=NONE.model_dump())

    assert faults_of(with_faults(make_spec(), {"error_rate": 0.5})).error_rate == 0.5
    assert with_faults(own, {"error_rate": 0.5}) == own
    assert faults_of(with_faults(kept_away, {"error_rate": 0.5})) == NONE
    assert with_faults(make_spec(), None).faults is None
    assert with_faults(make_spec(), {}).faults is None


def test_calm_leaves_pages_and_descriptions():
    faults = Faults(error_rate=1, delay_rate=1, max_results=3, descriptions="none")
    spec = calmed(make_spec(faults=faults.model_dump()))

    assert faults != faults.calm
    assert faults_of(spec) == faults.calm
    assert (faults_of(spec).max_results, faults_of(spec).descriptions) == (3, "none")


def test_faults_in_words():
    faults = Faults(
        error_rate=0.125,
        delay_rate=0.2,
        delay_seconds=1.5,
        only="writes",
        tools=("sell", "updateSale"),
        max_results=5,
        descriptions="first_sentence",
        argument_descriptions=False,
        error_message="later",
    )

    assert in_words(faults) == (
        ("failing tools", "12.5% of writing calls of sell and updateSale"),
        ("words of the error", "later"),
        ("delays", "20% of writing calls of sell and updateSale, 1.5 s each"),
        ("rows of a page", "5 at most"),
        ("descriptions of tools", "their first sentence only"),
        ("descriptions of arguments", "left out"),
    )
    assert summary(NONE) == "none"
    assert summary(Faults(error_rate=0.05)) == "failing tools: 5% of calls"


def test_the_reference_is_played_without_failing_calls_only_where_it_is_asked_so():
    _, struck = played(ALWAYS, agent=reference())
    _, calm = played(calmed(make_spec(faults=ALWAYS)).faults, agent=reference())

    assert struck.stop_reason == StopReason.GAVE_UP
    assert calm.stop_reason == StopReason.DONE
