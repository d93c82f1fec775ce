"""kill -9 of real Celery workers in the middle of a run: nothing is lost and nothing done twice."""

import time
from collections import Counter

import pytest

from grading.models import Assessment, Verdict
from grading.tasks import sweep
from simulation import episodes, waiting
from simulation.models import Episode
from simulation.replay import rebuild
from tests.factories import (
    PAY_IT,
    SAY_DONE,
    SELL,
    make_plan,
    make_run,
    make_spec,
    make_world,
    reference,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

LOOK = {"call": "searchSales", "arguments": {"limit": 1}}
SHORT = [SELL, *[LOOK] * 20, PAY_IT, SAY_DONE]
LONG = [SELL, *[LOOK] * 7000, PAY_IT, SAY_DONE]  # takes longer than the second between two batches
QUICK = {"EG_LEASE_SECONDS": "2"}
PATIENCE = 60


def make_batch():
    """A run of many short episodes and a few that a kill meets half-way."""
    world = make_world()
    spec = make_spec(world, budgets={"max_turns": 8000})
    solutions = [LONG if number % 15 == 1 else SHORT for number in range(1, 31)]
    return make_run(
        *[
            make_plan(world, agent=reference(*solution), spec=spec, index=index)
            for index, solution in enumerate(solutions, start=1)
        ]
    )


def until(condition, *, meanwhile=lambda: None):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, where_things_stand()
        meanwhile()
        time.sleep(0.1)


def where_things_stand():
    states = Assessment.objects.values_list(
        "rollout__episode__status", "rollout__episode__stop_detail", "status"
    )
    return Counter(states)


def bring_back():
    """What the beat does all the time."""
    episodes.reap_expired_leases()
    waiting.repeat_lost_hints()
    sweep()


def is_half_way():
    running = Episode.objects.filter(status="running", step_count__gt=0)
    return running.exists() and Episode.objects.filter(status="ended").exists()


def all_are_graded():
    return not Assessment.objects.exclude(status="graded").exists()


def test_after_kill_9_every_episode_ends_once_is_graded_once_and_rebuilds(start_worker):
    run = make_batch()
    first = start_worker(**QUICK)
    until(is_half_way)

    first.kill()
    unfinished = Episode.objects.exclude(status="ended").count()
    start_worker(**QUICK)
    until(all_are_graded, meanwhile=bring_back)

    assert unfinished
    assert Episode.objects.filter(lease__gt=1).exists()
    for episode in Episode.objects.filter(rollout__run=run):
        solution = episode.agent["config"]["solution"]
        indexes = list(episode.steps.values_list("index", flat=True))
        assert (episode.status, episode.stop_reason) == ("ended", "done")
        assert indexes == list(range(len(solution) + 1)) == list(range(episode.step_count))
        assert rebuild(episode).hash() == episode.state_hash
    assert set(Assessment.objects.values_list("passed", flat=True)) == {True}
    assert Verdict.objects.count() == Assessment.objects.count() == 30


def test_an_episode_whose_message_was_lost_with_the_worker_is_run_and_graded(start_worker, queue):
    run = make_run()
    queue.purge()
    start_worker(**QUICK)
    until(all_are_graded, meanwhile=bring_back)

    assert run.rollouts.get().episode.stop_reason == "done"
