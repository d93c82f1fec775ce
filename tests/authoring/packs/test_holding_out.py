"""Freezing and launching at the same moment: what is held out is held out, whoever comes first."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse

from authoring.launch import launch_tasks
from authoring.models import Revision
from authoring.packs.composing import change_pack
from authoring.packs.freezing import freeze_pack
from grading.held_out import hold_out
from grading.models import Run
from grading.runs import retry_rollout
from simulation.models import Episode
from tests.beside import PATIENCE, beside
from tests.factories import signed_in
from tests.grading.stored import make_stored_run

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 0.02
SALE = {"arg.buyer": "dee", "arg.item_id": "lamp", "arg.qty": "1"}


def waits_for(first: Callable[[], Any], second: Callable[[], Any]) -> Any:
    """Do the second while the first is not committed; gives what it gave afterwards."""
    with transaction.atomic():
        first()
        later = beside(second)
        until = monotonic() + PATIENCE
        while not (is_waiting := somebody_waits()) and not later.done() and monotonic() < until:
            sleep(A_MOMENT)
        assert is_waiting
    return later.result(PATIENCE)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # or all that follows is the first look
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


@pytest.fixture
def to_hold_out(filled, author):
    """A pack whose tasks are all held out as soon as it is frozen."""
    return change_pack(filled, {"sizes": {"heldout": 4}}, by=author)


@pytest.fixture
def launch(to_hold_out, runner):
    known = list(Revision.objects.filter(task__slug="lamps").select_related("task"))
    return lambda: launch_tasks(
        known, agents=["null"], repeats=1, title="A run", kind=Run.Kind.EVALUATION, owner=runner
    )


def test_what_is_launched_before_a_freeze_is_found_by_it(to_hold_out, author, launch):
    waits_for(launch, lambda: freeze_pack(to_hold_out, by=author))

    assert Episode.objects.get().is_held_out


def test_what_is_launched_during_a_freeze_is_launched_as_held_out(to_hold_out, author, launch):
    waits_for(lambda: freeze_pack(to_hold_out, by=author), launch)

    episode = Episode.objects.select_related("rollout").get()
    assert (episode.is_held_out, episode.rollout.labels["split"]) == (True, "heldout")


@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_tried_again_meanwhile_is_held_out(is_first):
    run = make_stored_run({"quick": {"lamps": ["provider_error"]}})
    both = [lambda: retry_rollout(run.rollouts.get()), lambda: hold_out(["lamps"])]

    waits_for(*(both if is_first else reversed(both)))

    assert Episode.objects.count() == 2
    assert not Episode.objects.filter(is_held_out=False).exists()


def test_what_somebody_tries_out_meanwhile_is_not_made(to_hold_out, author):
    client = signed_in(author)
    url = reverse("reference:try_tool", args=["lamps", "sell"])

    assert client.post(url, SALE).status_code < 400
    before = Episode.objects.get()

    later = waits_for(lambda: freeze_pack(to_hold_out, by=author), lambda: client.post(url, SALE))

    assert later.status_code == 404
    assert (Episode.objects.get(), Episode.objects.get().is_held_out) == (before, True)
