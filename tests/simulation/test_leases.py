"""Two workers at one episode, in two real connections."""

import pytest
from django.db import OperationalError, connection, transaction

from simulation import episodes
from simulation.errors import LeaseLost
from simulation.models import Episode, Step
from simulation.stops import StopReason
from simulation.waiting import WORK
from tests.beside import PATIENCE, at_once, beside
from tests.factories import (
    expire_lease,
    lease_gone,
    make_episode,
    make_outcome,
    make_running,
    make_step,
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

    results = at_once(finish, lambda: episodes.cancel_episode(episode.pk))

    assert sorted(results) == [False, True]
    assert queue.take() == [("grading.tasks.grade_episode", episode.pk)]


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
