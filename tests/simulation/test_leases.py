"""Two workers at one episode, in two real connections."""

import threading
import time
from dataclasses import asdict
from decimal import Decimal
from functools import partial

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from simulation import episodes, tasks
from simulation.agents import ScriptedAgent
from simulation.errors import Conflict, LeaseLost
from simulation.models import Episode, Lane, Step
from simulation.spending import Spent
from simulation.stops import StopReason
from simulation.transcript import AgentSpec, Turn
from simulation.waiting import WORK, claim, pause_lane
from tests.beside import PATIENCE, at_once, beside
from tests.factories import (
    AGENTS,
    cancel,
    chatting,
    expire_lease,
    lease_gone,
    make_endpoint,
    make_episode,
    make_outcome,
    make_running,
    make_step,
    make_world,
    reference,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_claims_at_once_one_wins():
    episode = make_episode()

    leases = at_once(*[lambda: episodes.claim_episode(episode.pk)] * 4)

    assert sorted(leases, key=str) == [1, None, None, None]


def test_a_claim_gives_its_own_number_even_to_a_worker_that_falls_asleep_over_it():
    episode = make_episode()
    tried = []

    def sleep_over_it(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        tried.append(beside(take_over, episode).result(PATIENCE))
        return result

    with connection.execute_wrapper(sleep_over_it):
        lease = episodes.claim_episode(episode.pk)

    assert lease == 1
    assert tried


def take_over(episode):
    """Let another worker have the episode, unless its row is locked."""
    try:
        with transaction.atomic():
            Episode.objects.select_for_update(nowait=True).get(pk=episode.pk, lease=1)
            lease_gone(episode)
    except (OperationalError, Episode.DoesNotExist):
        return False
    return True


def test_an_episode_is_finished_by_one_of_two():
    episode, lease = make_running()

    def finish(stop):
        try:
            step = make_step(0)
            episodes.finish_episode(episode.pk, make_outcome(stop), lease=lease, steps=[step])
        except LeaseLost:
            return "lost"
        return "finished"

    ends = at_once(lambda: finish(StopReason.DONE), lambda: finish(StopReason.GAVE_UP))

    assert sorted(ends) == ["finished", "lost"]
    assert Step.objects.count() == 1


def test_finishing_and_cancelling_at_once_end_the_episode_once(queue):
    episode, lease = make_running()
    queue.purge()

    def finish():
        try:
            episodes.finish_episode(episode.pk, make_outcome(), lease=lease)
        except LeaseLost:
            return False
        return True

    is_finished, is_cancelled = at_once(finish, lambda: cancel(episode.pk))

    assert is_finished is not is_cancelled
    told = episode.pk if is_finished else [episode.pk]  # one may be told of with others
    assert queue.take() == [("grading.tasks.grade_episode", told)]


def test_two_reapers_at_once_bring_an_episode_back_once(queue):
    episode, _ = make_running()
    expire_lease(episode)
    queue.purge()

    results = at_once(episodes.reap_expired_leases, episodes.reap_expired_leases)

    assert sorted(results) == [(0, 0), (1, 0)]
    assert queue.take() == [(WORK, "celery")]


def test_steps_of_a_lost_lease_are_not_stored_beside_those_of_the_new_one():
    episode, old = make_running()
    expire_lease(episode)
    episodes.reap_expired_leases()
    new = episodes.claim_episode(episode.pk)

    def record(lease):
        try:
            episodes.record_steps(episode.pk, [make_step(0, content=str(lease))], lease=lease)
        except LeaseLost:
            return "lost"
        return "stored"

    assert at_once(lambda: record(old), lambda: record(new)) == ["lost", "stored"]
    assert Step.objects.get().content == str(new)


# what is told twice, because the answer to the first commit was lost


def test_steps_that_are_told_twice_are_stored_once():
    episode, lease = make_running()
    episodes.record_steps(episode.pk, [make_step(0), make_step(1)], lease=lease)

    episodes.record_steps(episode.pk, [make_step(n) for n in range(4)], lease=lease)
    episodes.record_steps(episode.pk, [make_step(2), make_step(3)], lease=lease)

    episode.refresh_from_db()
    assert episode.step_count == 4
    assert [step.index for step in episodes.read_steps(episode)] == [0, 1, 2, 3]


def test_an_end_that_is_told_twice_ends_it_once_and_is_announced_again(queue):
    episode, lease = make_running()
    queue.purge()
    end = partial(
        episodes.finish_episode, episode.pk, make_outcome(), lease=lease, steps=[make_step(0)]
    )

    end()
    before = Episode.objects.values().get()
    end()

    assert Episode.objects.values().get() == before
    assert Step.objects.count() == 1
    assert queue.take() == [("grading.tasks.grade_episode", episode.pk)] * 2


def test_the_end_brings_steps_of_which_some_are_stored_already():
    episode, lease = make_running()
    episodes.record_steps(episode.pk, [make_step(0)], lease=lease)

    episodes.finish_episode(
        episode.pk, make_outcome(), lease=lease, steps=[make_step(0), make_step(1)]
    )

    episode.refresh_from_db()
    assert (episode.status, episode.step_count, Step.objects.count()) == ("ended", 2, 2)


def test_steps_that_leave_a_gap_are_refused():
    episode, lease = make_running()

    with pytest.raises(Conflict, match="step 3 does not follow"):
        episodes.record_steps(episode.pk, [make_step(3)], lease=lease)

    assert not Step.objects.exists()


# money and rest


SPENT = Spent(
    usage={"prompt": 9}, cost=Decimal("0.5"), customer_usage={"prompt": 2}, customer_cost=Decimal(1)
)


def spent_on(episode):
    episode.refresh_from_db()
    return {name: getattr(episode, name) for name in asdict(SPENT)}


def test_what_was_spent_is_known_with_every_flush():
    episode, lease = make_running()

    assert episodes.record_steps(episode.pk, [make_step(0)], lease=lease, spent=SPENT) is False

    assert spent_on(episode) == asdict(SPENT)


def test_a_cancelled_episode_keeps_what_was_paid():
    episode, lease = make_running()
    episodes.record_steps(episode.pk, [make_step(0)], lease=lease, spent=SPENT)

    cancel(episode.pk)
    with pytest.raises(LeaseLost):
        episodes.record_steps(episode.pk, [make_step(1)], lease=lease, spent=SPENT)

    assert spent_on(episode) == asdict(SPENT)
    assert (episode.status, episode.step_count, Step.objects.count()) == ("cancelled", 1, 1)


def test_an_episode_rests_with_its_steps_and_goes_on_later(queue):
    lane = Lane.objects.create()
    episode, lease = make_running(lane=lane)
    queue.purge()
    pause_lane(lane)

    assert episodes.record_steps(episode.pk, [make_step(0)], lease=lease) is True
    episodes.rest_episode(episode.pk, lease=lease, steps=[make_step(1)], spent=SPENT)

    assert spent_on(episode) == asdict(SPENT)
    assert (episode.status, episode.rests, episode.step_count) == ("queued", "", 2)
    assert (episode.fruitless_claims, episode.lease_expires_at) == (0, None)
    with pytest.raises(LeaseLost):
        episodes.rest_episode(episode.pk, lease=lease)
    assert queue.take() == [(WORK, "celery")]
    assert episodes.claim_episode(episode.pk) == lease + 1


def test_one_statement_keeps_many_leases_and_tells_which_are_held(django_assert_num_queries):
    (kept, one), (lost, two) = make_running(), make_running()
    lease_gone(lost)
    expire_lease(kept)

    with django_assert_num_queries(1):
        held = episodes.heartbeat_all({kept.pk: one, lost.pk: two, 0: 1})

    assert held == {kept.pk: ""}
    kept.refresh_from_db()
    assert kept.lease_expires_at > timezone.now()


def test_thousands_of_dead_workers_are_mourned_in_batches(monkeypatch):
    monkeypatch.setattr(episodes, "REAPED_AT_ONCE", 2)
    left = [make_running()[0] for _ in range(5)]
    for episode in left:
        expire_lease(episode)
    Episode.objects.filter(pk=left[3].pk).update(fruitless_claims=3)

    assert episodes.reap_expired_leases() == (4, 1)
    assert Episode.objects.get(status="parked") == left[3]


# claims of several workers at once


def test_claims_at_once_share_out_what_waits():
    world = make_world()
    for _ in range(7):
        make_episode(world=world)

    taken = at_once(*[lambda: claim("celery", 2)] * 4)

    numbers = [one.episode_id for claims in taken for one in claims]
    assert len(numbers) == len(set(numbers))
    assert 6 <= len(numbers) <= 7


def test_claims_at_once_keep_the_limit_of_an_endpoint_that_agents_and_customers_ask():
    world, agents = make_world(), [make_endpoint() for _ in range(3)]
    player = make_endpoint(max_running=3)
    spoken = {
        "mode": "conversation",
        "customer": {"persona": "Dee", "goal": "lamps"},
        "customer_player": {"endpoint_id": player.pk, "endpoint": player.name, "model": "m"},
    }
    for endpoint in [*agents, player] * 3:
        make_episode(world=world, agent=chatting(endpoint), **spoken)
    make_episode(world=world, agent=chatting(player))

    taken = at_once(*[lambda: claim("models", 2)] * 6)

    running = Episode.objects.filter(status="running")
    assert sum(map(len, taken)) == running.count() == 3
    assert claim("models", 9) == []


@pytest.mark.parametrize("limited", ["lane", "endpoint"])
def test_claims_at_once_keep_a_limit_exactly(limited):
    world, endpoint = make_world(), make_endpoint(max_running=3 if limited == "endpoint" else None)
    lane = Lane.objects.create(max_running=3 if limited == "lane" else None)
    agent = reference()
    asking = agent.model_copy(update={"config": {**agent.config, "endpoint_id": endpoint.pk}})
    for _ in range(10):
        make_episode(world=world, lane=lane, agent=asking)

    taken = at_once(*[lambda: claim("models", 2)] * 5)

    assert sum(map(len, taken)) == Episode.objects.filter(status="running").count() == 3


def test_a_claim_and_a_pause_at_once_leave_nothing_running_that_was_not_asked_to_rest():
    lane = Lane.objects.create()
    world = make_world()
    for _ in range(3):
        make_episode(world=world, lane=lane)

    at_once(*[lambda: claim("celery", 1)] * 3, lambda: pause_lane(lane))

    assert not Episode.objects.filter(status="running").exclude(rests="pause").exists()
    assert claim("celery", 9) == []


# claimed together


@AGENTS.add("held_up")
class HeldUpAgent(ScriptedAgent):
    """Does nothing until it is let go."""

    begun, may_go_on = threading.Event(), threading.Event()

    def __init__(self, spec, config, tools):
        pass

    def turn(self, steps):
        self.begun.set()
        assert self.may_go_on.wait(PATIENCE)
        return Turn(text="At last.")


@pytest.mark.usefixtures("queue")
def test_what_was_claimed_behind_a_long_episode_goes_to_others_while_that_one_runs(monkeypatch):
    monkeypatch.setitem(tasks.SECONDS, "celery", 0.2)
    HeldUpAgent.begun.clear(), HeldUpAgent.may_go_on.clear()
    world = make_world()
    long = make_episode(world=world, agent=AgentSpec(kind="held_up", name="held up"))
    others = [make_episode(world=world).pk for _ in range(3)]
    worker = beside(tasks.work, "celery")
    assert HeldUpAgent.begun.wait(PATIENCE)

    claims = []
    until = time.monotonic() + PATIENCE / 2
    while len(claims) < 3 and time.monotonic() < until:
        claims += claim("celery", 4)
        time.sleep(0.02)
    HeldUpAgent.may_go_on.set()
    worker.result(PATIENCE)

    assert [each.episode_id for each in claims] == others
    fruitless = Episode.objects.filter(pk__in=others).values_list("fruitless_claims", flat=True)
    assert set(fruitless) == {1}
    long.refresh_from_db()
    assert (long.status, long.stop_reason) == ("ended", "done")
