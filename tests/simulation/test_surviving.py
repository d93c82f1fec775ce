"""Workers die, lose connections and leases, rest and end in the middle of a conversation."""

import json
import threading
import time
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.utils import timezone

from simulation import episodes, resting, waiting
from simulation.models import Episode, Lane, Step
from simulation.replay import rebuild
from simulation.runner import Buffer, run_claimed, run_episode
from simulation.spending import spent_in
from tests.beside import PATIENCE, beside
from tests.factories import (
    calls,
    cancel,
    chatting,
    expire_lease,
    lease_gone,
    make_endpoint,
    make_episode,
    make_spec,
    make_step,
    make_world,
    reference,
    scripted,
)
from tests.model_server import Reply

pytestmark = pytest.mark.django_db(transaction=True)
Status = Episode.Status
SELL = ("sell", json.dumps({"buyer": "dee", "itemId": "lamp", "qty": 2}))
LOOK, LOOKING = ("searchSales", "{}"), ("searchSales", {})
TWO_SALES = Reply(text=None, tool_calls=[SELL, LOOK, SELL], finish="tool_calls")
DONE = Reply(text="Sold twice.")
PRICES = {"small": {"prompt": "100", "completion": "200"}}
WHOLE = ["user", "assistant", "tool_call", "tool_call", "tool_call", "assistant"]


class WorkerDied(BaseException):
    """kill -9, as far as the code that runs can tell."""


def answering(body):
    """Sell twice, then be done: what the conversation so far says decides."""
    return TWO_SALES if len(body["messages"]) == 1 else DONE


@pytest.fixture
def server(model_server):
    model_server.answer = answering
    return model_server


@pytest.fixture
def episode(server):
    """A queued episode in which a model makes two sales with one answer."""
    return make_episode(agent=chatting(make_endpoint(server.url, prices=PRICES)))


@pytest.fixture
def going_on():
    """Whatever the test told about this process's end is taken back."""
    yield
    resting.go_on()


def meanwhile(server, act, *, request=1):
    """Do something while the model thinks about its first answer, or another one."""

    def answer(body):
        if len(server.requests) == request:
            beside(act).result(PATIENCE)
        return answering(body)

    server.answer = answer


def taken_up_again(episode):
    """Let the next worker have an episode whose worker is dead."""
    expire_lease(episode)
    episodes.reap_expired_leases()
    assert run_episode(episode.pk) is True


def is_whole(episode, server, *, requests=2):
    """Nothing is missing and nothing is there twice; each answer was asked for once."""
    episode.refresh_from_db()
    steps = list(episode.steps.all())
    assert [step.kind for step in steps] == WHOLE
    assert [step.index for step in steps] == list(range(episode.step_count))
    assert [step.call_id for step in steps if step.call_id] == ["call_1", "call_2", "call_3"]
    assert (episode.status, episode.stop_reason) == (Status.ENDED, "done")
    state = rebuild(episode)
    assert state.hash() == episode.state_hash
    assert state.get("item", "lamp")["inStock"] == 10 - 4
    assert episode.usage == {"prompt": 20, "completion": 10}
    assert float(episode.cost) == 0.004
    assert len(server.requests) == requests


def dies(monkeypatch, *, when, stored):
    """Let the worker die as it stores steps that end in such a step, before or after the commit."""
    original = episodes.record_steps

    def record(pk, steps, **options):
        is_now = steps[-1].kind == when
        if is_now and not stored:
            raise WorkerDied
        result = original(pk, steps, **options)
        if is_now:
            raise WorkerDied
        return result

    monkeypatch.setattr(episodes, "record_steps", record)


@pytest.mark.parametrize(
    ("when", "stored", "requests"),
    [
        ("user", False, 2),
        ("user", True, 2),
        ("assistant", False, 3),  # the one answer that nothing can save: it was never stored
        ("assistant", True, 2),
        ("tool_call", False, 2),
        ("tool_call", True, 2),
    ],
)
def test_wherever_a_worker_dies_no_call_is_made_twice_and_no_stored_answer_is_asked_for_again(
    when, stored, requests, episode, server, monkeypatch
):
    with monkeypatch.context() as patched:
        dies(patched, when=when, stored=stored)
        with pytest.raises(WorkerDied):
            run_episode(episode.pk)

    taken_up_again(episode)

    is_whole(episode, server, requests=requests)


def test_a_last_answer_that_was_stored_ends_the_episode_without_another_question(
    episode, server, monkeypatch
):
    def die(*_, **__):
        raise WorkerDied

    with monkeypatch.context() as patched:
        patched.setattr(episodes, "finish_episode", die)
        with pytest.raises(WorkerDied):
            run_episode(episode.pk)

    taken_up_again(episode)

    is_whole(episode, server)


# connections


def end_connection(pid):
    """End somebody's connection, as a server does that is shut down."""

    def end():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    beside(end).result(PATIENCE)


@pytest.mark.parametrize("is_committed", [False, True])
@pytest.mark.parametrize("number", range(1, 5))
def test_a_connection_lost_at_a_commit_costs_nothing(
    number, is_committed, episode, server, monkeypatch
):
    """Commits: the claim needs none; the question, the answer, its calls, the last answer, the end.

    Whoever loses the connection does not hear whether the commit was carried out.
    """
    commit, seen = connection._commit, []

    def lose():
        seen.append(1)
        if len(seen) != number:
            return commit()
        if is_committed:
            commit()
        end_connection(connection.connection.info.backend_pid)
        return connection.cursor().execute("SELECT 1") if is_committed else commit()

    monkeypatch.setattr(connection, "_commit", lose)

    assert run_episode(episode.pk) is True
    assert len(seen) > number
    is_whole(episode, server)


def test_a_database_that_is_away_while_a_model_thinks_is_not_noticed(episode, server):
    pid = connection.cursor().connection.info.backend_pid
    meanwhile(server, lambda: end_connection(pid))

    assert run_episode(episode.pk) is True
    is_whole(episode, server)


def test_a_failure_that_is_no_lost_connection_is_not_repeated(episode, monkeypatch):
    asked = []

    def fail(*_, **__):
        asked.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1ms'; SELECT 1 / 0")

    monkeypatch.setattr(episodes, "record_steps", fail)

    with pytest.raises(Exception, match="division by zero"):
        run_episode(episode.pk)

    episode.refresh_from_db()
    assert (len(asked), episode.status) == (1, Status.RUNNING)


def test_while_a_model_thinks_others_may_have_the_connection(episode, server, settings):
    settings.HAS_POOL = True
    wrapper, seen = connections["default"], []
    meanwhile(server, lambda: seen.append(wrapper.connection))

    run_episode(episode.pk)

    assert seen == [None]


# leases


def test_a_worker_whose_lease_went_while_a_model_thought_stops_without_a_word(episode, server):
    meanwhile(server, lambda: lease_gone(episode))

    assert run_episode(episode.pk) is False

    episode.refresh_from_db()
    assert (episode.status, episode.lease, episode.step_count) == (Status.RUNNING, 2, 1)
    assert run_claimed(episode.pk, 2) is True
    is_whole(episode, server, requests=3)


def test_an_episode_cancelled_while_a_model_thinks_keeps_its_end_and_is_billed(episode, server):
    meanwhile(server, lambda: cancel(episode.pk, detail="enough"))

    assert run_episode(episode.pk) is False

    episode.refresh_from_db()
    assert (episode.status, episode.stop_reason) == (Status.CANCELLED, "cancelled")
    assert (episode.stop_detail, len(server.requests)) == ("enough", 1)
    assert (episode.usage, float(episode.cost)) == ({"prompt": 10, "completion": 5}, 0.002)
    assert (episode.step_count, episode.state_hash, episode.final_response) == (2, "", "")
    asked, answered = episodes.read_steps(episode)
    assert spent_in([asked, answered]).usage == episode.usage
    assert [call["name"] for call in answered.exchange["left_out"]] == [SELL[0], LOOK[0], SELL[0]]
    assert ("calls" in answered.exchange, answered.note) == (False, episodes.CANCELLED)


def test_what_a_cancelled_episode_is_billed_is_billed_once_and_by_its_last_worker(episode):
    lease = episodes.claim_episode(episode.pk)
    cancel(episode.pk)
    step = make_step(kind="assistant", tokens={"prompt": 7}, cost=Decimal("0.5"))

    def bill(number):
        return episodes.bill_cancelled(episode.pk, [step], lease=number, spent=spent_in([step]))

    assert [bill(lease + 1), bill(lease), bill(lease)] == [False, True, False]
    episode.refresh_from_db()
    assert (episode.step_count, episode.usage, episode.cost) == (1, {"prompt": 7}, Decimal("0.5"))


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.CANCELLED}))
def test_what_is_not_cancelled_is_not_billed_behind_its_back(status, episode):
    ended = {"stop_reason": "done", "ended_at": timezone.now(), "state_hash": "x"}
    Episode.objects.filter(pk=episode.pk).update(
        status=status, lease=1, lease_expires_at=timezone.now(),
        **(ended if status == Status.ENDED else {}),
    )  # fmt: skip
    step = make_step(kind="assistant", tokens={"prompt": 7})

    billed = episodes.bill_cancelled(episode.pk, [step], lease=1, spent=spent_in([step]))

    episode.refresh_from_db()
    assert (billed, episode.usage, episode.step_count) == (False, {}, 0)


def test_the_last_answer_of_a_cancelled_episode_follows_all_that_was_stored(episode, server):
    meanwhile(server, lambda: cancel(episode.pk), request=2)
    assert run_episode(episode.pk) is False

    kinds = list(episode.steps.values_list("kind", flat=True))
    assert (kinds, len(server.requests)) == (WHOLE, 2)


# resting


def test_a_paused_episode_rests_after_the_answer_on_its_way_and_goes_on_from_there(server):
    lane, world = Lane.objects.create(), make_world()
    plan = make_spec(world), chatting(make_endpoint(server.url, prices=PRICES))
    (episode,) = episodes.queue_episodes(world=world, owner=world.owner, plans=[plan], lane=lane)
    meanwhile(server, lambda: waiting.pause_lane(lane))

    assert run_episode(episode.pk) is True

    episode.refresh_from_db()
    assert (episode.status, episode.step_count, episode.rests) == (Status.QUEUED, 2, "")
    assert (episode.lease_expires_at, len(server.requests)) == (None, 1)
    assert waiting.claim("models", 1) == []

    waiting.resume_lane(lane)
    (claim,) = waiting.claim("models", 1)
    run_claimed(claim.episode_id, claim.lease)
    is_whole(episode, server)


@pytest.mark.usefixtures("going_on")
def test_a_worker_that_is_to_end_lets_an_episode_rest_and_takes_no_other(episode, server):
    other = make_episode(world=episode.world)
    meanwhile(server, resting.end_soon)

    assert run_episode(episode.pk) is True
    assert run_episode(other.pk) is False

    episode.refresh_from_db()
    other.refresh_from_db()
    assert (episode.status, episode.step_count) == (Status.QUEUED, 2)
    assert (other.status, other.lease) == (Status.QUEUED, 0)
    resting.go_on()
    run_episode(episode.pk)
    is_whole(episode, server)


@pytest.mark.usefixtures("going_on")
def test_a_scripted_episode_rests_at_once_with_its_turn_stored(monkeypatch):
    episode = make_episode(agent=scripted(*[calls(LOOKING, LOOKING)] * 3))
    add = Buffer.add

    def add_and_end(buffer, steps):
        if buffer.steps:
            resting.end_soon()
        return add(buffer, steps)

    monkeypatch.setattr(Buffer, "add", add_and_end)

    assert run_episode(episode.pk) is True

    episode.refresh_from_db()
    kinds = list(episode.steps.values_list("kind", flat=True))
    assert (episode.status, kinds) == (Status.QUEUED, ["user", "tool_call", "tool_call"])
    resting.go_on()
    monkeypatch.undo()
    run_episode(episode.pk)
    episode.refresh_from_db()
    assert (episode.stop_reason, episode.step_count) == ("done", 8)


@pytest.mark.processes
def test_sigterm_lets_a_real_worker_store_the_answer_on_its_way_and_end(start_worker, server):
    asked = threading.Event()

    def answer(body):
        asked.set()
        time.sleep(0.7)
        return answering(body)

    server.answer = answer
    world = make_world()
    worker = start_worker()
    episode = make_episode(world=world, agent=chatting(make_endpoint(server.url, prices=PRICES)))
    looks = [{"call": "searchSales", "arguments": {"limit": 1}}] * 10_000
    budgets = {"max_turns": 10_000}
    endless = make_episode(world=world, agent=reference(*looks), budgets=budgets)
    assert asked.wait(60)

    assert worker.end(within=10) == 0

    episode.refresh_from_db()
    endless.refresh_from_db()
    assert (episode.status, endless.status) == (Status.QUEUED, Status.QUEUED)
    assert (episode.step_count, len(server.requests)) == (2, 1)
    assert Step.objects.filter(episode=endless).count() == endless.step_count
    server.answer = answering
    run_episode(episode.pk)
    is_whole(episode, server)
