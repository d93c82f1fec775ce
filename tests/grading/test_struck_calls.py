"""A call that was made to fail on purpose never reached its tool, whatever looks at the calls."""

import json

import pytest

from grading.graders import Evidence
from grading.judging.showing import show
from grading.summaries.conduct import read_conduct
from simulation.faults import WORDS
from simulation.models import Step
from simulation.play import play, prepare
from simulation.replay import rebuild, rerun
from simulation.runner import run_episode
from tests.factories import make_episode, make_rollout, make_spec, scripted
from tests.grading.evidence import STORE, grade

SELL = ["sell", json.dumps({"buyer": "dee", "item_id": "lamp"})]
BROKEN = ["sell", json.dumps({"buyer": "dee", "item_id": "ghost"})]
FAULTS = {"error_rate": 0.5, "only": "writes"}
SEED = 27  # of calls 1 to 4 it strikes 1 and 4


def make_struck(*calls: list[str], faults=FAULTS) -> Evidence:
    playing = prepare(STORE, make_spec(faults=faults, seed=SEED))
    turns = [{"calls": [call]} for call in calls]
    outcome = play(playing, scripted(*turns, {"text": "Done."}), lambda steps: None)
    return Evidence(playing.spec, playing.steps, outcome.final_response, playing.world)


def test_the_seed_strikes_what_these_tests_rest_on():
    evidence = make_struck(SELL, SELL, BROKEN, SELL)

    calls = [step for step in evidence.steps if step.kind == "tool_call"]
    assert [bool(step.fault) for step in calls] == [True, False, False, True]
    assert evidence.reached == calls[1:3]


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ({"tool": "sell", "called": {"eq": 1}}, True),
        ({"tool": "sell", "called": {"eq": 2}, "failed_too": True}, True),
        ({"total": "all", "called": {"eq": 2}, "failed_too": True}, True),
        ({"total": "writes", "called": {"eq": 2}, "failed_too": True}, True),
        ({"tool": "sell", "repeats": {"at_most": 1}, "failed_too": True}, True),
        ({"tool": "sell", "repeats": {"at_most": 1, "counted": "in_a_row"}}, True),
        ({"tool": "sell", "called": False}, False),
    ],
)  # fmt: skip
def test_struck_calls_do_not_count(fields, met):
    finding = grade({"kind": "tool_call", **fields}, make_struck(SELL, SELL, BROKEN, SELL))

    assert (finding.outcome == "met") is met, finding.reason


def test_all_of_them_would_count_without_faults():
    """The table above can fail: the same calls, none struck."""
    evidence = make_struck(SELL, SELL, BROKEN, SELL, faults=None)

    assert len(evidence.reached) == 4
    repeats = {"kind": "tool_call", "tool": "sell", "repeats": {"at_most": 1}}
    assert grade(repeats, evidence).outcome == "not_met"


def test_a_judge_sees_the_error_that_the_agent_saw_and_nothing_of_the_purpose():
    shown = show(make_struck(SELL), ("transcript",), limit=10_000)

    text = str(shown)
    assert WORDS in text
    assert "on purpose" not in text


@pytest.fixture
def stored(mock_world):
    turns = [{"calls": [call]} for call in (SELL, SELL, BROKEN, SELL)]
    episode = make_episode(world=mock_world, agent=scripted(*turns), faults=FAULTS, seed=SEED)
    run_episode(episode.pk)
    episode.refresh_from_db()
    return episode


def test_a_stored_episode_runs_again_to_the_same_without_executing_struck_calls(stored):
    faults = stored.steps.filter(kind="tool_call").order_by("index").values_list("fault", flat=True)

    assert list(faults) == ["tool_error", "", "", "tool_error"]
    assert rerun(stored).is_same(stored.state_hash)
    assert rebuild(stored).hash() == stored.state_hash


def test_a_fault_that_is_not_recorded_differs_when_it_is_run_again(stored):
    first = stored.steps.filter(fault="tool_error").order_by("index").first()
    stored.spec = {**stored.spec, "seed": SEED + 1}

    assert first.index in rerun(stored).differing_steps


def test_conduct_counts_no_error_and_no_repeat_that_was_made_on_purpose(mock_world):
    turns = [{"calls": [call]} for call in (SELL, SELL, BROKEN, SELL)]
    spec = make_spec(mock_world, faults=FAULTS, seed=SEED)
    rollout = make_rollout(world=mock_world, spec=spec, agent=scripted(*turns))
    run_episode(rollout.episode_id)

    assert Step.objects.filter(episode=rollout.episode_id, is_error=True).count() == 3
    conduct = read_conduct(rollout.run)[rollout.episode_id]
    assert (conduct.calls, conduct.errors, conduct.repeats) == (4, 1, 0)
