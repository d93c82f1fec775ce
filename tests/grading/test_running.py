"""Steering runs, and what their monitor reads."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grading import running, runs
from grading.models import ReplacedEpisode
from grading.monitor.holds import read_holds
from grading.monitor.page import speed_words
from grading.monitor.progress import read_pace
from grading.monitor.slowest import read_slowest
from grading.monitor.stops import read_parked, read_stops
from simulation import episodes
from simulation.errors import Conflict, InvalidArgument
from simulation.models import Episode, Lane, ModelEndpoint
from simulation.stops import StopReason
from simulation.transcript import AgentSpec
from tests.factories import (
    SOLUTION,
    chatting,
    make_endpoint,
    make_outcome,
    make_plan,
    make_run,
    make_spec,
    make_world,
)

pytestmark = pytest.mark.django_db
REFUSED = "HTTP 503 after {} attempts"


def launch(count=3, **options):
    world = make_world()
    return make_run(*[make_plan(world, index=n, **options) for n in range(1, count + 1)])


def end(run, index, stop=StopReason.PROVIDER_ERROR, detail="", minutes=0):
    pk = run.rollouts.get(index=index).episode_id
    lease = episodes.claim_episode(pk)
    since = timezone.now() - dt.timedelta(minutes=minutes)
    Episode.objects.filter(pk=pk).update(started_at=since)
    episodes.finish_episode(pk, make_outcome(stop, detail=detail), lease=lease)


def park(run, index, why):
    pk = run.rollouts.get(index=index).episode_id
    episodes.park_episode(pk, why, lease=episodes.claim_episode(pk))


def endpoint_agent(endpoint):
    config = {"solution": SOLUTION, "endpoint_id": endpoint.pk}
    return AgentSpec(kind="reference", name="asks", config=config)


def wait_for(run, seconds):
    since = timezone.now() - dt.timedelta(seconds=seconds)
    Episode.objects.filter(lane=run.lane).update(queued_at=since)


def test_masked_rollouts_are_tried_again_together_and_others_are_left_alone():
    run = launch(4)
    end(run, 1)
    end(run, 2, StopReason.DONE)
    end(run, 3, StopReason.WORKER_LOST)

    assert runs.retry_masked(run) == 2

    assert ReplacedEpisode.objects.count() == 2
    states = run.rollouts.order_by("index").values_list("episode__status", flat=True)
    assert list(states) == ["queued", "ended", "queued", "queued"]
    assert {rollout.episode.lane_id for rollout in run.rollouts.all()} == {run.lane_id}
    assert runs.retry_masked(run) == 0


def test_trying_many_again_costs_the_same_number_of_queries():
    counts = []
    for size in (1, 6):
        run = launch(size)
        for index in range(1, size + 1):
            end(run, index)
        with CaptureQueriesContext(connection) as queries:
            runs.retry_masked(run)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_cancelling_many_costs_the_same_number_of_queries():
    counts = []
    for size in (1, 6):
        run = launch(size)
        with CaptureQueriesContext(connection) as queries:
            runs.cancel_run(run)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_parked_episodes_are_grouped_by_their_reason_and_released_together():
    run = launch(3)
    park(run, 1, "the disk is full")
    park(run, 2, "the disk is full")
    park(run, 3, "no key")

    assert [(each.words, each.count) for each in read_parked(run)] == [
        ("the disk is full", 2),
        ("no key", 1),
    ]
    assert running.release_parked(run) == 3
    assert running.release_parked(run) == 0
    assert set(run.rollouts.values_list("episode__status", flat=True)) == {"queued"}


def test_a_run_pauses_and_goes_on():
    run = launch()

    running.pause_run(run)
    paused = Lane.objects.get(pk=run.lane_id).paused_at
    running.resume_run(run)

    assert paused is not None
    assert Lane.objects.get(pk=run.lane_id).paused_at is None


def test_a_run_that_has_ended_is_not_paused():
    run = launch(1)
    runs.cancel_run(run)

    with pytest.raises(Conflict, match="has ended"):
        running.pause_run(run)


@pytest.mark.parametrize("most", [0, -1, running.MOST_RUNNING + 1])
def test_a_limit_is_a_number_from_1(most):
    with pytest.raises(InvalidArgument, match="from 1 to"):
        running.limit_run(launch(1), most)


def test_stops_are_grouped_by_reason_and_by_words_without_their_numbers():
    run = launch(5)
    end(run, 1, detail=REFUSED.format(6))
    end(run, 2, detail=REFUSED.format(12))
    end(run, 3, detail="connection refused")
    end(run, 4, StopReason.MAX_TURNS, detail="200 turns")
    end(run, 5, StopReason.DONE)

    provider, turns = read_stops(run)

    assert (provider.reason, provider.count, provider.is_masked) == ("provider_error", 3, True)
    assert [(a.words, a.count) for a in provider.alike] == [
        ("HTTP … after … attempts", 2),
        ("connection refused", 1),
    ]
    assert (turns.reason, turns.is_truncated, turns.is_masked) == ("max_turns", True, False)
    assert turns.alike[0].words == "200 turns"  # all said the same


def test_pace_counts_what_ended_of_late_and_says_how_long_the_rest_takes():
    run = launch(4)
    end(run, 1, StopReason.DONE, minutes=2)
    end(run, 2, StopReason.DONE)

    pace = read_pace(run)

    assert (pace.left, pace.recent) == (2, 2)
    assert pace.per_minute == pytest.approx(1, rel=0.1)
    assert pace.minutes_left == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize(
    ("started", "ended", "is_told"),
    [(60, 0, True), (60, 2, False), (5, 0, False), (5, 2, False)],
)
def test_that_nothing_ended_is_said_when_it_is_so(started, ended, is_told):
    run = launch(4)
    for index in range(1, ended + 1):
        end(run, index, StopReason.DONE)
    episodes.claim_episode(run.rollouts.get(index=4).episode_id)
    since = timezone.now() - dt.timedelta(seconds=started)
    Episode.objects.filter(lane=run.lane, status="running").update(started_at=since)

    assert (speed_words(read_pace(run)) == "No episode ended in its first minutes.") is is_told


def test_cost_is_that_of_all_attempts_and_says_what_was_lost():
    run = launch(1)
    usage = {"prompt": 90, "completion": 10, "cached": 50, "reasoning": 5}
    asked = {"usage": usage, "cost": Decimal("0.5"), "customer_cost": Decimal("0.25")}
    Episode.objects.filter(lane=run.lane).update(**asked, customer_usage={"prompt": 7})
    end_again = run.rollouts.get().episode
    Episode.objects.filter(pk=end_again.pk).update(
        status="ended", stop_reason="provider_error", ended_at=timezone.now(), state_hash="0" * 64
    )
    runs.retry_masked(run)

    used = read_pace(run).used

    assert (used.tokens, used.customer_tokens) == (100, 7)
    assert (used.cost, used.customer_cost, used.replaced) == (
        Decimal("0.5"),
        Decimal("0.25"),
        Decimal("0.75"),
    )


def holds(run):
    run.refresh_from_db()
    return [hold.kind for hold in read_holds(run)]


def test_what_holds_a_run_up_is_named():
    endpoint = make_endpoint(max_running=1)
    run = launch(3, agent=endpoint_agent(endpoint))
    assert holds(run) == []

    wait_for(run, 60)
    assert holds(run) == ["workers"]

    episodes.claim_episode(run.rollouts.get(index=1).episode_id)
    assert holds(run) == ["endpoint"]

    running.limit_run(run, 1)
    assert holds(run) == ["limit"]

    running.pause_run(run)
    assert holds(run) == ["paused"]


def spoken_to(endpoint):
    """What a spec says of a customer whom a model plays."""
    return {
        "mode": "conversation",
        "customer": {"kind": "played", "persona": "Dee", "goal": "lamps"},
        "customer_player": {"endpoint_id": endpoint.pk, "endpoint": endpoint.name, "model": "m"},
    }


def test_a_full_endpoint_of_customers_is_named_as_one():
    player, agents = make_endpoint(name="player", max_running=2), make_endpoint()
    run = make_run(
        *[
            make_plan(agent=chatting(agents), spec=make_spec(**spoken_to(player)), index=index)
            for index in (1, 2, 3)
        ]
    )
    wait_for(run, 60)
    assert holds(run) == ["workers"]

    for index in (1, 2):
        episodes.claim_episode(run.rollouts.get(index=index).episode_id)

    (hold,) = read_holds(run)
    assert (hold.kind, hold.title) == ("endpoint", "Endpoint player is full")
    assert hold.text == (
        "2 of at most 2 episodes of all runs ask it. It plays their customers."
        " 1 of this run waiting."
    )

    ModelEndpoint.objects.filter(pk=player.pk).update(is_active=False)
    assert holds(run) == ["off"]


def test_an_endpoint_that_is_off_and_a_worker_that_is_gone_are_named():
    endpoint = make_endpoint(is_active=False)
    run = launch(2, agent=endpoint_agent(endpoint))
    first = run.rollouts.get(index=1).episode_id
    episodes.claim_episode(first)
    gone = timezone.now() - dt.timedelta(seconds=5)
    Episode.objects.filter(pk=first).update(lease_expires_at=gone)

    assert holds(run) == ["lost", "off"]


def test_the_slowest_are_those_that_run_longest_and_those_that_took_longest():
    run = launch(3)
    for index, status in ((1, "running"), (2, "running"), (3, "ended")):
        pk = run.rollouts.get(index=index).episode_id
        lease = episodes.claim_episode(pk)
        since = timezone.now() - dt.timedelta(minutes=index)
        Episode.objects.filter(pk=pk).update(started_at=since)
        if status == "ended":
            episodes.finish_episode(pk, make_outcome(), lease=lease)

    slow = read_slowest(run)

    assert [(each.index, each.is_running) for each in slow] == [(2, True), (1, True), (3, False)]


def test_the_monitor_reads_as_often_however_large_the_run_is():
    counts = []
    for size in (2, 12):
        run = launch(size)
        end(run, 1)
        park(run, 2, "no key")
        with CaptureQueriesContext(connection) as queries:
            read_pace(run), read_stops(run), read_parked(run), read_holds(run), read_slowest(run)
        counts.append(len(queries))

    assert counts[1] <= counts[0] + 1  # of the larger one something waits
