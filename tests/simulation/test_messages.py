"""Messages to the workers over the real queue: after commit, and never in the way."""

import datetime as dt

import pytest
from django.db import transaction

from config.celery import app
from simulation import episodes, tasks
from simulation.messages import queue_is_empty, send_after_commit
from simulation.models import Episode
from tests.beside import beside
from tests.factories import expire_lease, make_ended, make_episode, make_outcome, make_running

pytestmark = pytest.mark.django_db
RUN, GRADE = episodes.RUN_EPISODE, "grading.tasks.grade_episode"


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do something as if its transaction were committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_workers_are_told_of_a_queued_episode(queue, commit):
    with commit():
        episode = make_episode()

    assert queue.take() == [(RUN, episode.pk)]


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

    assert queue.take() == [(RUN, episode.pk), ("somewhere.else", episode.pk)]


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
        episodes.cancel_episode(episode.pk)
        episodes.cancel_episode(episode.pk)

    assert queue.take() == [(GRADE, episode.pk)]


def test_a_reaped_and_a_released_episode_are_told_of_again(queue, commit):
    episode, _ = make_running()
    expire_lease(episode)

    with commit():
        episodes.reap_expired_leases()
        lease = episodes.claim_episode(episode.pk)
        episodes.park_episode(episode.pk, "broken", lease=lease)
        episodes.release_episode(episode.pk)

    assert queue.take() == [(RUN, episode.pk)] * 2


def test_the_reaper_repeats_lost_messages_once_the_queue_is_empty(queue, commit):
    episode = make_episode()
    Episode.objects.update(queued_at=episode.queued_at - 2 * tasks.QUIET)

    with commit():
        tasks.reap()

    assert queue.take() == [(RUN, episode.pk)]


def test_the_reaper_repeats_nothing_while_messages_wait(queue, commit):
    with commit():
        episode = make_episode()
    Episode.objects.update(queued_at=episode.queued_at - dt.timedelta(days=1))

    with commit():
        tasks.reap()

    assert queue.take() == [(RUN, episode.pk)]


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
