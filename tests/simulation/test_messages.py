"""Messages to the workers over the real queue: after commit, and never in the way."""

import pytest
from django.db import transaction
from django.utils import timezone

from config.celery import app
from simulation import episodes, many_episodes, tasks, waiting
from simulation.messages import gathered, queue_is_empty, send_after_commit
from simulation.models import Episode, Lane
from tests.beside import beside
from tests.factories import (
    cancel,
    expire_lease,
    make_ended,
    make_endpoint,
    make_episode,
    make_outcome,
    make_running,
    make_spec,
    make_world,
    reference,
)

pytestmark = pytest.mark.django_db
HINT, GRADE = (waiting.WORK, "celery"), "grading.tasks.grade_episode"


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do something as if its transaction were committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_workers_get_a_hint_that_something_waits(queue, commit):
    with commit():
        make_episode()

    assert queue.take() == [HINT]


def test_what_asks_a_model_is_hinted_at_in_a_queue_of_its_own(queue, commit):
    with commit():
        make_episode(agent=reference().model_copy(update={"config": asks(make_endpoint())}))

    assert (queue.take(), queue.take("models")) == ([], [(waiting.WORK, "models")])


def asks(endpoint):
    return {**reference().config, "endpoint_id": endpoint.pk}


def test_a_run_of_hundreds_gives_few_hints(mock_world, queue, commit):
    plan = make_spec(mock_world), reference()

    with commit():
        episodes.queue_episodes(world=mock_world, owner=mock_world.owner, plans=[plan] * 100)

    assert queue.take() == [HINT] * waiting.MAX_HINTS


@pytest.mark.django_db(transaction=True)
def test_nobody_is_told_before_the_commit_and_not_at_all_without_one(queue):
    with transaction.atomic():
        make_episode()
        before = queue.take()
        transaction.set_rollback(True)

    assert (before, queue.take()) == ([], [])


def test_the_end_is_told_to_the_task_that_settings_name(queue, settings, commit):
    settings.EPISODE_ENDED_TASK = "somewhere.else"

    with commit():
        episode = make_ended()

    assert queue.take() == [HINT, ("somewhere.else", episode.pk)]


@pytest.mark.django_db(transaction=True)
def test_the_end_is_told_once_and_on_commit_only(queue):
    episode, lease = make_running()
    queue.purge()

    with transaction.atomic():
        episodes.finish_episode(episode.pk, make_outcome(), lease=lease)
        before = queue.take()

    assert (before, queue.take()) == ([], [(GRADE, episode.pk)])


def test_a_cancelled_episode_has_ended_too(queue, commit):
    episode = make_episode()

    with commit():
        cancel(episode.pk)
        cancel(episode.pk)

    assert queue.take() == [(GRADE, [episode.pk])]


def test_the_ends_of_many_cancelled_episodes_are_told_in_few_messages(queue, monkeypatch, commit):
    monkeypatch.setattr(many_episodes, "AT_ONCE", 2)
    world = make_world()
    ids = [make_episode(world=world).pk for _ in range(3)]

    with commit():
        many_episodes.cancel_episodes(Episode.objects.filter(pk__in=ids))

    assert queue.take() == [(GRADE, ids[:2]), (GRADE, ids[2:])]


def test_a_reaped_and_a_released_episode_are_told_of_again(queue, commit):
    episode, _ = make_running()
    expire_lease(episode)

    with commit():
        episodes.reap_expired_leases()
        lease = episodes.claim_episode(episode.pk)
        episodes.park_episode(episode.pk, "broken", lease=lease)
        episodes.release_episode(episode.pk)

    assert queue.take() == [HINT] * 2


def test_the_reaper_hints_again_once_the_queue_is_empty(queue, commit):
    make_episode()

    with commit():
        tasks.reap()

    assert queue.take() == [HINT]


@pytest.mark.parametrize("wait", ["a hint is there", "nothing waits", "the lane is paused"])
def test_the_reaper_gives_no_hint_that_helps_nobody(queue, commit, wait):
    lane = Lane.objects.create(paused_at=timezone.now() if "paused" in wait else None)
    if wait != "nothing waits":
        make_episode(lane=lane)
    there = 1 if wait == "a hint is there" else 0
    with commit():
        waiting.tell_workers("celery", there)

    with commit():
        tasks.reap()

    assert queue.take() == [HINT] * there


def test_the_ends_of_several_episodes_are_told_in_one_message(queue, commit):
    running = [make_running() for _ in range(2)]

    with gathered():
        with commit():
            for episode, lease in running:
                episodes.finish_episode(episode.pk, make_outcome(), lease=lease)
        before = queue.take()

    assert (before, queue.take()) == ([], [(GRADE, [episode.pk for episode, _ in running])])


def test_an_empty_queue_is_told_from_one_with_messages(queue, commit):
    assert queue_is_empty()
    with commit():
        make_episode()
    assert not queue_is_empty()


def test_threads_send_to_the_same_queue(queue):
    beside(send_after_commit, "some.task", [1, 2]).result(10)

    assert queue.take() == [("some.task", 1), ("some.task", 2)]


@pytest.mark.usefixtures("queue")
def test_a_queue_that_cannot_be_reached_loses_no_episode(monkeypatch, tmp_path, commit):
    dead = type(app)("dead", broker=f"redis+socket://{tmp_path}/nobody.sock", set_as_current=False)
    dead.conf.broker_transport_options = {"max_retries": 0}
    monkeypatch.setattr("simulation.messages.current_app", dead)

    with commit():
        episode = make_episode()

    assert episodes.claim_episode(episode.pk) == 1
    assert not queue_is_empty()
