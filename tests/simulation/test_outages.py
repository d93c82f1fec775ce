"""What is repeated when the database is away; what a process hears of its leases and its end."""

import os
import time

import psycopg
import pytest
from django.db import OperationalError, connection
from psycopg import errors

from simulation import outages, resting
from simulation.errors import LeaseLost
from simulation.leases import KEEPER, Keeper, Lease
from simulation.models import Episode
from simulation.outages import OutageTooLong, is_steady, ridden_out
from simulation.resting import Resting
from tests.config.holders import eventually
from tests.factories import lease_gone, make_running


@pytest.fixture
def impatient(monkeypatch, settings):
    monkeypatch.setattr(outages, "FIRST_PAUSE", 0.001)
    settings.OUTAGE_SECONDS = 0.1


def failing(cause, times):
    """A piece of work that fails so often, and then gives how often it was tried."""
    tries = []

    def work():
        tries.append(1)
        if len(tries) <= times:
            raise OperationalError(str(cause)) from cause
        return len(tries)

    work.tries = tries
    return work


LOST = (
    errors.AdminShutdown("terminating connection"),
    errors.CannotConnectNow("the database system is starting up"),
    errors.ConnectionFailure("gone"),
    errors.TooManyConnections("sorry, too many clients already"),
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("cause", LOST, ids=lambda cause: type(cause).__name__)
def test_what_a_lost_connection_interrupted_is_done_again(cause):
    assert ridden_out(failing(cause, 3)) == 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("cause", [errors.QueryCanceled(), errors.DeadlockDetected()])
def test_what_was_refused_is_not_done_again(cause):
    work = failing(cause, 3)

    with pytest.raises(OperationalError):
        ridden_out(work)

    assert len(work.tries) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("impatient")
def test_a_database_that_stays_away_is_given_up_in_the_end():
    connection.close()
    with pytest.raises(OutageTooLong, match="after"):
        ridden_out(failing(psycopg.OperationalError("no server"), 10**6))


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "steady"), [(0.01, True), (10**8, False)])
def test_workers_come_before_the_reaper_when_the_server_has_just_started(seconds, steady, settings):
    settings.LEASE_SECONDS = seconds

    assert is_steady() is steady


@pytest.mark.django_db(transaction=True)
def test_one_thread_extends_all_leases_and_says_which_are_gone_and_which_rest(settings):
    settings.LEASE_SECONDS = 0.6
    keeper, running = Keeper(), [make_running() for _ in range(3)]
    kept, gone, asked = (Lease(episode.pk, lease) for episode, lease in running)
    with keeper.keeping(kept), keeper.keeping(gone), keeper.keeping(asked):
        lease_gone(running[1][0])
        Episode.objects.filter(pk=asked.episode_id).update(rests="pause")
        before = running[0][0].lease_expires_at

        assert eventually(lambda: gone.is_lost and asked.is_to_rest)

        kept.check()
        with pytest.raises(LeaseLost):
            gone.check()
        with pytest.raises(Resting):
            asked.check()
        running[0][0].refresh_from_db()
        assert running[0][0].lease_expires_at > before
    assert keeper.held() == []


@pytest.mark.django_db(transaction=True)
def test_what_cannot_rest_in_time_is_given_back():
    episode, lease = make_running()
    keeper = Keeper()

    with keeper.keeping(Lease(episode.pk, lease)):
        keeper.let_go()

    episode.refresh_from_db()
    assert (episode.status, episode.lease_expires_at) == (Episode.Status.QUEUED, None)


def test_whoever_lost_an_episode_does_not_let_go_of_it_for_the_one_who_has_it_now():
    keeper, old, new = Keeper(), Lease(1, 1), Lease(1, 2)

    before = keeper.keeping(old)
    before.__enter__()
    with keeper.keeping(new):
        before.__exit__(None, None, None)

        assert keeper.held() == [new]


def test_a_forked_process_has_no_leases_of_its_parent_and_hears_of_its_end():
    with KEEPER.keeping(Lease(1, 1)):
        child = os.fork()
        if not child:
            deadline = time.monotonic() + 5
            while not resting.ends_soon() and time.monotonic() < deadline:
                time.sleep(0.01)
            os._exit(0 if resting.ends_soon() and not KEEPER.held() else 1)
        try:
            resting.end_soon()
            assert os.waitpid(child, 0)[1] == 0
        finally:
            resting.go_on()
