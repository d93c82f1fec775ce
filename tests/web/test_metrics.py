"""/metrics: who reads it, what moves when episodes run, and what never becomes a label."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from simulation import episodes, metrics
from simulation.chat.counting import counted
from simulation.chat.exchange import Attempt
from simulation.chat.failures import ModelUnavailable
from simulation.models import Episode
from simulation.runner import run_episode
from tests.factories import (
    chatting,
    make_endpoint,
    make_plan,
    make_spec,
    make_world,
    reference,
    scripted,
)

TOKEN = "0123456789abcdef-metrics"


def read(text):
    """Give the values by name and labels."""
    families = text_string_to_metric_families(text)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.fixture
def scrape(settings):
    settings.METRICS_TOKEN = TOKEN

    def scrape():
        answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain; version=")
        return read(answer.content.decode())

    return scrape


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "header", "status"),
    [
        (TOKEN, f"Bearer {TOKEN}", 200),
        (TOKEN, f"bearer {TOKEN}", 200),
        (TOKEN, f"Basic {TOKEN}", 404),
        (TOKEN, f"Bearer {TOKEN}x", 404),
        (TOKEN, "Bearer ", 404),
        (TOKEN, "Bearer ü", 404),
        ("", "Bearer ", 404),
        ("", "", 404),
    ],
)
def test_metrics_are_for_whoever_has_the_token(token, header, status, settings):
    settings.METRICS_TOKEN = token

    assert Client().get("/metrics", headers={"authorization": header}).status_code == status
    assert reverse("metrics") == "/metrics"


@pytest.mark.django_db
def test_the_queue_and_what_ended_move_when_an_episode_runs(scrape, launch, runner):
    run = launch([make_plan(make_world(owner=runner), agent=reference())], is_finished=False)
    before = scrape()
    run_episode(run.rollouts.get().episode_id)
    after = scrape()

    waiting = ("eg_episodes_waiting", ("paused", "no"), ("pool", "celery"))
    recent = ("eg_episodes_ended_recently", ("stop_reason", "done"))
    ended = (
        "eg_episode_seconds_count",
        ("agent_kind", "reference"),
        ("stop_reason", "done"),
    )
    sold = ("eg_tool_call_seconds_count", ("outcome", "ok"), ("tool", "sell"))
    assert (before[waiting], after.get(waiting, 0)) == (1, 0)
    assert (before.get(recent, 0), after[recent]) == (0, 1)
    assert after[ended] == before.get(ended, 0) + 1
    assert after[sold] == before.get(sold, 0) + 1
    assert after[("eg_assessments_open",)] == 1
    assert after[("eg_database_up",)] == after[("eg_queue_up",)] == 1


@pytest.mark.django_db
def test_an_endpoint_counts_what_asks_it_for_agents_and_for_customers(scrape, launch, runner):
    player, agents = make_endpoint(name="player", max_running=4), make_endpoint(name="agents")
    world = make_world(owner=runner)
    spoken = make_spec(
        world,
        mode="conversation",
        customer={"persona": "Dee", "goal": "lamps"},
        customer_player={"endpoint_id": player.pk, "endpoint": player.name, "model": "m"},
    )
    asked = [(agents, spoken), (player, spoken), (player, make_spec(world)), (agents, spoken)]
    plans = [
        make_plan(world, agent=chatting(endpoint), spec=spec, index=index)
        for index, (endpoint, spec) in enumerate(asked, start=1)
    ]
    run = launch(plans, is_finished=False)
    for rollout in run.rollouts.exclude(index=4):
        episodes.claim_episode(rollout.episode_id)

    told = scrape()

    assert told[("eg_endpoint_running", ("endpoint", "player"))] == 3
    assert told[("eg_endpoint_running", ("endpoint", "agents"))] == 1
    assert told[("eg_endpoint_max_running", ("endpoint", "player"))] == 4


@pytest.mark.django_db
def test_what_waits_in_a_paused_lane_and_what_a_dead_worker_holds_are_told_apart(
    scrape, launch, runner
):
    world = make_world(owner=runner)
    run = launch([make_plan(world, index=i) for i in (1, 2)], is_finished=False)
    run.lane.paused_at = run.created_at
    run.lane.save()
    lost = run.rollouts.first().episode
    Episode.objects.filter(pk=lost.pk).update(
        status="running", lease=1, lease_expires_at=run.created_at - dt.timedelta(hours=1)
    )

    told = scrape()

    assert told[("eg_episodes_waiting", ("paused", "yes"), ("pool", "celery"))] == 1
    assert told[("eg_episodes_running", ("endpoint", "none"))] == 1
    assert told[("eg_leases_expired",)] == 1


HOSTILE = 'x"} 1\neg_fake{a="'


@pytest.mark.django_db
def test_no_label_is_what_an_agent_wrote(scrape, launch, runner):
    agent = scripted({"calls": [[HOSTILE, "{}"]]}, {"text": HOSTILE})
    run = launch([make_plan(make_world(owner=runner), agent=agent)], is_finished=False)
    run_episode(run.rollouts.get().episode_id)

    told = scrape()

    assert told[("eg_tool_call_seconds_count", ("outcome", "error"), ("tool", metrics.UNKNOWN))]
    assert not any("fake" in str(name) for name in told)


def test_requests_to_a_model_are_counted_when_there_is_no_answer_in_the_end():
    attempts = [Attempt(429, "busy", 0, 10), Attempt(None, "gone", 1, 20), Attempt(599, "?", 2, 5)]

    def ask():
        raise ModelUnavailable("gone", attempts=attempts)

    with pytest.raises(ModelUnavailable):
        counted("counted-in-a-test", ask)

    value = metrics.REGISTRY.get_sample_value
    endpoint = {"endpoint": "counted-in-a-test"}
    for status in ("429", "none", "5xx"):
        assert value("eg_model_errors_total", {**endpoint, "status": status}) == 1
    assert value("eg_model_retries_total", endpoint) == 2
    assert value("eg_model_failures_total", {**endpoint, "kind": "ModelUnavailable"}) == 1
    times = {**endpoint, "outcome": "no_answer"}
    assert value("eg_model_request_seconds_sum", times) == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("status", "label"),
    [(None, "none"), (429, "429"), (418, "4xx"), (999, "unknown"), (-1, "unknown")],
)
def test_statuses_that_no_server_should_send_share_a_label(status, label):
    assert metrics.status_label(status) == label
