"""The loop that lets an agent act, in memory."""

from itertools import chain

import pytest

from simulation.agents import ScriptedAgent
from simulation.environments import environment
from simulation.errors import Unavailable
from simulation.play import play, prepare
from simulation.replay import state_at
from simulation.state import WorldState
from simulation.stops import StopReason
from simulation.text import MAX_TEXT
from simulation.tools import tool
from tests.factories import AGENTS, calls, make_playing, make_spec, reference, scripted

SEARCH = ("searchSales", {})
FAIL = ("sell", {"buyer": "x", "item_id": "ghost"})
TAKE_LAMP = ("sell", {"buyer": "x", "item_id": "lamp"})


def played(agent, **members):
    """Play an episode; gives it, its outcome, and the batches of steps that were recorded."""
    playing, recorded = make_playing(**members), []
    outcome = play(playing, agent, lambda steps: recorded.append(list(steps)))
    return playing, outcome, recorded


@tool(writes=True)
def explode(world: WorldState, *, text: str = "boom") -> None:
    """Write and break."""
    world.update("item", "lamp", {"inStock": 0})
    raise RuntimeError(text)


@pytest.fixture
def explosive(monkeypatch):
    """A store whose toolset has a broken tool."""
    monkeypatch.setitem(environment("mock_store").toolsets["default"], "explode", explode)


@AGENTS.add("unavailable")
class UnavailableAgent(ScriptedAgent):
    def __init__(self, spec, config, tools):
        self._config = config

    def turn(self, steps):
        raise Unavailable("the provider\x00 does not answer")


def test_the_opening_is_the_system_prompt_and_the_prompt():
    playing, _, recorded = played(scripted(), system_prompt="You sell.", prompt="Sell.")

    assert [(s.index, s.turn, s.kind, s.content) for s in recorded[0]] == [
        (0, 0, "system", "You sell."),
        (1, 0, "user", "Sell."),
    ]
    assert playing.steps[:2] == recorded[0]


def test_an_empty_system_prompt_is_no_step():
    playing, _, _ = played(scripted())

    assert [step.kind for step in playing.steps] == ["user", "assistant"]


def test_the_reference_solution_ends_done_with_its_last_word():
    playing, outcome, _ = played(reference())

    assert (outcome.stop_reason, outcome.final_response) == (StopReason.DONE, "Sold and paid.")
    assert outcome.state_hash == playing.world.hash()
    assert playing.world.get("sale", "sale-250915-008")["status"] == "paid"


def test_every_turn_but_the_last_is_recorded_and_the_last_goes_with_the_end():
    playing, outcome, recorded = played(reference())

    assert [len(batch) for batch in recorded] == [1, 1, 1]
    assert [*chain(*recorded), *outcome.last_steps] == playing.steps
    assert [step.index for step in playing.steps] == [0, 1, 2, 3]


def test_a_turn_may_speak_and_call_several_tools_in_order():
    turn = {"text": "Selling.", **calls(TAKE_LAMP, TAKE_LAMP)}

    playing, _, _ = played(scripted(turn))

    assert [(step.kind, step.turn) for step in playing.steps] == [
        ("user", 0),
        ("assistant", 1),
        ("tool_call", 1),
        ("tool_call", 1),
        ("assistant", 2),
    ]
    assert playing.world.get("item", "lamp")["inStock"] == 8


def test_changes_of_each_call_are_in_its_step():
    playing, _, _ = played(scripted(calls(TAKE_LAMP, SEARCH, FAIL)))

    assert [len(step.changes) for step in playing.steps] == [0, 2, 0, 0, 0]
    assert [step.is_error for step in playing.steps] == [False, False, False, True, False]


def test_an_agent_may_stop_for_a_reason_of_its_own():
    _, outcome, _ = played(scripted({"text": "No.", "stop": "gave_up", "detail": "too hard"}))

    assert (outcome.stop_reason, outcome.detail, outcome.final_response) == (
        StopReason.GAVE_UP,
        "too hard",
        "No.",
    )


def test_calls_of_the_last_turn_are_still_made():
    playing, outcome, _ = played(scripted({**calls(TAKE_LAMP), "stop": "max_tokens"}))

    assert outcome.stop_reason == StopReason.MAX_TOKENS
    assert [step.kind for step in outcome.last_steps] == ["assistant", "tool_call"]
    assert playing.world.diff()


# budgets


def test_max_turns_ends_the_episode():
    turns = [calls(SEARCH)] * 5
    playing, outcome, _ = played(scripted(*turns), budgets={"max_turns": 3})

    assert (outcome.stop_reason, outcome.detail) == (StopReason.MAX_TURNS, "3 turns")
    assert (playing.turns, outcome.last_steps) == (3, ())


@pytest.mark.parametrize(
    ("turns", "stop"),
    [
        ([[FAIL], [FAIL], [FAIL]], StopReason.TOO_MANY_ERRORS),
        ([[FAIL, FAIL, FAIL, FAIL]], StopReason.TOO_MANY_ERRORS),
        ([[FAIL], [FAIL], [SEARCH], [FAIL]], StopReason.DONE),
        ([[FAIL, FAIL], [FAIL, SEARCH]], StopReason.DONE),
    ],
)
def test_errors_in_a_row_end_the_episode(turns, stop):
    agent = scripted(*(calls(*turn) for turn in turns))

    _, outcome, _ = played(agent, budgets={"max_errors": 3})

    assert outcome.stop_reason == stop


def test_words_between_errors_do_not_interrupt_their_row():
    turn = {"text": "Again.", **calls(FAIL)}

    _, outcome, _ = played(scripted(turn, turn), budgets={"max_errors": 2})

    assert (outcome.stop_reason, outcome.detail) == (
        StopReason.TOO_MANY_ERRORS,
        "2 tool errors in a row",
    )


def test_wall_time_counts_what_earlier_workers_spent(store):
    playing = prepare(store, make_spec(budgets={"wall_seconds": 60}), elapsed=61)

    outcome = play(playing, reference(), lambda steps: None)

    assert (outcome.stop_reason, outcome.detail) == (StopReason.WALL_TIME, "after 60 seconds")


def test_a_token_budget_ends_the_episode():
    turn = {
        **calls(SEARCH),
        "text": "Looking.",
        "tokens": {"prompt": 70, "completion": 30, "cached": 60, "reasoning": 20},
    }

    playing, outcome, _ = played(scripted(turn, turn, turn), budgets={"max_tokens": 200})

    assert outcome.stop_reason == StopReason.TOKEN_BUDGET
    assert playing.turns == 2


def test_tokens_of_a_turn_without_words_are_kept():
    turn = {**calls(SEARCH), "tokens": {"completion": 30}}

    playing, _, _ = played(scripted(turn))

    assert sum(step.tokens.get("completion", 0) for step in playing.steps) == 30


# what breaks


@pytest.mark.usefixtures("explosive")
def test_a_crashed_tool_ends_the_episode_and_its_half_turn_is_not_recorded():
    turns = calls(TAKE_LAMP), calls(TAKE_LAMP, ("explode", {}))

    playing, outcome, recorded = played(scripted(*turns))

    assert outcome.stop_reason == StopReason.TOOL_SERVER_ERROR
    assert outcome.detail == "explode: RuntimeError: boom"
    assert [step.turn for step in playing.steps] == [0, 1]
    assert (list(chain(*recorded)), outcome.last_steps) == (playing.steps, ())


@pytest.mark.usefixtures("explosive")
def test_after_a_crash_the_hash_is_that_of_the_recorded_steps(store):
    turns = calls(TAKE_LAMP), calls(TAKE_LAMP, ("explode", {}))

    playing, outcome, _ = played(scripted(*turns))

    assert state_at(store, playing.spec, playing.steps).hash() == outcome.state_hash


@pytest.mark.usefixtures("explosive")
def test_what_a_broken_tool_says_can_be_stored():
    _, outcome, _ = played(scripted(calls(("explode", {"text": "x"}))))

    assert "\x00" not in outcome.detail


def test_a_provider_that_fails_masks_the_episode():
    _, outcome, _ = played(scripted().model_copy(update={"kind": "unavailable"}))

    assert outcome.stop_reason == StopReason.PROVIDER_ERROR
    assert outcome.detail == "the provider\ufffd does not answer"


# hostile text


def test_text_of_agents_is_cleaned_and_noted():
    playing, outcome, _ = played(scripted({"text": "a\x00b\ud800"}), prompt="p\x00")

    assert [step.content for step in playing.steps] == ["p\ufffd", "a\ufffdb\ufffd"]
    assert all("U+FFFD" in step.note for step in playing.steps)
    assert outcome.final_response == "a\ufffdb\ufffd"


def test_endless_text_is_cut():
    _, outcome, _ = played(scripted({"text": "x" * (MAX_TEXT + 1)}))

    assert len(outcome.final_response) == MAX_TEXT


# taking over


def test_an_episode_prepared_from_steps_goes_on_where_it_stood(store):
    playing, outcome, recorded = played(reference())
    half = [step for batch in recorded[:2] for step in batch]

    again = prepare(store, playing.spec, half)
    ended = play(again, reference(), lambda steps: None)

    assert (ended.state_hash, ended.final_response) == (outcome.state_hash, "Sold and paid.")
    assert [(s.index, s.result) for s in again.steps] == [
        (s.index, s.result) for s in playing.steps
    ]


def test_a_step_starts_before_it_has_taken_its_time():
    playing, _, _ = played(reference())
    starts = [step.started_at for step in playing.steps]

    assert starts == sorted(starts)
    assert all(step.duration_ms >= 0 for step in playing.steps)
