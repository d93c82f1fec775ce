"""Scratch clones: one a person and world, one call after the other, gone when unused."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from grading.verdicts import ungraded_episodes
from simulation import episodes, tasks, waiting
from simulation.agents import AGENTS
from simulation.calls import ToolCrashed
from simulation.errors import Conflict, InvalidArgument, Unavailable
from simulation.models import Episode, MaintenanceUse, Step
from simulation.playground import scratch
from simulation.playground.scenes import Scene
from simulation.playground.scratch import (
    MAX_CALLS,
    call_in_scratch,
    read_scratch,
    remove_idle_scratches,
    reset_scratch,
)
from simulation.replay import rebuild, rerun
from simulation.state import WorldState
from simulation.transcript import AgentSpec
from simulation.worlds import load_snapshot
from tests.beside import at_once
from tests.factories import make_draft, make_episode, make_spec, make_step, make_user, make_world

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(days=8)


def call(world, person, name="sell", *, call_id="", **arguments):
    arguments = arguments or {"buyer": "dee", "item_id": "lamp"}
    return call_in_scratch(
        world,
        person,
        tool=name,
        arguments_raw=json.dumps(arguments),
        call_id=call_id or f"{timezone.now().timestamp()}",
    )


def age(person, length=LONG_AGO):
    Episode.objects.filter(owner=person).update(lease_expires_at=timezone.now() - length)


def test_the_first_call_makes_the_clone_and_later_ones_see_what_it_did(mock_world, charlie):
    assert read_scratch(mock_world, charlie) is None

    first = call(mock_world, charlie)
    second = call(mock_world, charlie, "updateSale", sale_id="sale-250915-008", status="paid")

    assert json.loads(first.result)["id"] == "sale-250915-008"
    assert not second.is_error
    found = read_scratch(mock_world, charlie)
    assert [step.index for step in found.steps] == [0, 1]
    assert found.state.get("sale", "sale-250915-008")["status"] == "paid"


def test_nothing_touches_the_world_or_somebody_elses_clone(mock_world, charlie, author):
    call(mock_world, charlie)

    assert WorldState(load_snapshot(mock_world)).get("sale", "sale-250915-008") is None
    assert read_scratch(mock_world, author) is None
    assert json.loads(call(mock_world, author).result)["id"] == "sale-250915-008"


def test_a_clone_rebuilds_and_reruns_to_the_hash_that_it_stands_at(mock_world, charlie):
    call(mock_world, charlie)
    call(mock_world, charlie, "updateSale", sale_id="no", status="paid")
    call(mock_world, charlie, "updateSale", sale_id="sale-250901-002", status="void")

    episode = Episode.objects.scratches().get()

    assert rebuild(episode).hash() == episode.state_hash != ""
    assert rerun(episode).is_same(episode.state_hash)


def test_a_refused_call_is_a_step_and_changes_nothing(mock_world, charlie):
    step = call(mock_world, charlie, "sell", buyer="dee", item_id="lamp", qty=99)

    assert step.is_error
    assert json.loads(step.result)["error"]["field"] == "qty"
    assert read_scratch(mock_world, charlie).state.diff() == []


def test_a_call_that_is_sent_twice_is_made_once(mock_world, charlie):
    one, other = (call(mock_world, charlie, call_id="the form") for _ in range(2))

    assert (one.index, one.result) == (other.index, other.result)
    assert Step.objects.count() == 1


def test_a_draft_has_no_clones(charlie):
    draft = make_draft(charlie)

    with pytest.raises(Conflict, match="publish it first"):
        call(draft, charlie)

    assert not Episode.objects.exists()


def test_a_full_clone_says_that_it_wants_a_reset(mock_world, charlie, monkeypatch):
    monkeypatch.setattr(scratch, "MAX_CALLS", 1)
    call(mock_world, charlie)

    with pytest.raises(Conflict, match="reset it"):
        call(mock_world, charlie)

    assert MAX_CALLS > 100
    assert Episode.objects.get().status == Episode.Status.PAUSED


def test_a_broken_tool_is_ours_to_mend_and_leaves_the_clone_as_it_was(
    mock_world, charlie, monkeypatch
):
    def crash(*_, **__):
        raise ToolCrashed("sell: KeyError")

    call(mock_world, charlie)
    monkeypatch.setattr(scratch, "make_call", crash)

    with pytest.raises(Unavailable, match="ours to mend"):
        call(mock_world, charlie)

    assert Episode.objects.get().step_count == 1
    assert Episode.objects.get().status == Episode.Status.PAUSED


def test_the_database_keeps_a_second_clone_out(mock_world, charlie):
    call(mock_world, charlie)
    known = Episode.objects.get()

    with pytest.raises(IntegrityError, match="one_scratch"), transaction.atomic():
        Episode.objects.create(
            world=mock_world, owner=charlie, spec=known.spec, agent=known.agent, status="paused"
        )


# several at once


@pytest.mark.django_db(transaction=True)
def test_calls_of_several_tabs_follow_one_another():
    world, person = make_world(), make_user()

    steps = at_once(*[lambda: call(world, person, buyer="dee", item_id="lamp")] * 5)

    assert sorted(step.index for step in steps) == [0, 1, 2, 3, 4]
    sold = {json.loads(step.result)["id"] for step in steps}
    assert sold == {f"sale-250915-{number:03d}" for number in range(8, 13)}
    episode = Episode.objects.scratches().get()
    assert (episode.lease, episode.step_count, episode.status) == (5, 5, "paused")
    assert rebuild(episode).get("item", "lamp")["inStock"] == 5
    assert rerun(episode).is_same(episode.state_hash)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_two_tabs_at_once_is_one_call():
    world, person = make_world(), make_user()

    steps = at_once(*[lambda: call(world, person, call_id="the form")] * 4)

    assert {step.index for step in steps} == {0}
    assert Step.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_during_a_reset_lands_in_a_clone_that_is_there():
    world, person = make_world(), make_user()
    call(world, person)
    number = Episode.objects.get().pk

    _, step = at_once(
        lambda: reset_scratch(world, person, number=number), lambda: call(world, person)
    )

    assert step.index in (0, 1)
    episode = Episode.objects.get()
    assert episode.step_count == episode.steps.count() in (0, 1)


# reset and expiry


def test_a_reset_gives_a_fresh_clone_and_leaves_a_trace(mock_world, charlie):
    call(mock_world, charlie)
    old = read_scratch(mock_world, charlie)

    assert reset_scratch(mock_world, charlie, number=old.number)

    new = read_scratch(mock_world, charlie)
    assert new.number != old.number
    assert (list(new.steps), new.state.diff()) == ([], [])
    assert not Step.objects.filter(episode_id=old.number).exists()
    assert MaintenanceUse.objects.get().actor == charlie


def test_a_reset_that_comes_twice_spares_the_new_clone(mock_world, charlie):
    call(mock_world, charlie)
    old = read_scratch(mock_world, charlie).number
    reset_scratch(mock_world, charlie, number=old)
    call(mock_world, charlie)

    assert not reset_scratch(mock_world, charlie, number=old)

    assert len(read_scratch(mock_world, charlie).steps) == 1


def test_nobody_resets_another_persons_clone_or_an_episode_that_is_none(mock_world, charlie):
    call(mock_world, charlie)
    number = read_scratch(mock_world, charlie).number
    agents_own = make_episode(world=mock_world, owner=charlie)

    assert not reset_scratch(mock_world, make_user(), number=number)
    assert not reset_scratch(mock_world, charlie, number=agents_own.pk)
    assert Episode.objects.count() == 2


def test_clones_that_nobody_used_for_days_are_deleted_in_batches_with_one_trace_each(
    mock_world, monkeypatch
):
    monkeypatch.setattr(scratch, "BATCH", 2)
    people = [make_user() for _ in range(4)]
    for person in people:
        call(mock_world, person)
    for person in people[:3]:
        age(person)

    assert remove_idle_scratches() == 3
    assert remove_idle_scratches() == 0

    assert [e.owner for e in Episode.objects.all()] == people[3:]
    assert Step.objects.count() == 1
    assert MaintenanceUse.objects.count() == 2


def test_a_call_keeps_a_clone_for_another_seven_days(mock_world, charlie):
    call(mock_world, charlie)
    age(charlie, dt.timedelta(days=-1))

    call(mock_world, charlie)

    left = Episode.objects.get().lease_expires_at - timezone.now()
    assert dt.timedelta(days=6, hours=23) < left <= dt.timedelta(days=7)


def test_the_queue_removes_idle_clones_and_nothing_else(mock_world, charlie):
    call(mock_world, charlie)
    age(charlie)
    other = make_episode(world=mock_world, owner=charlie)

    tasks.remove_idle_scratches()

    assert list(Episode.objects.all()) == [other]


def test_steps_stay_frozen_outside_of_maintenance(mock_world, charlie):
    call(mock_world, charlie)

    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.all().delete()


# workers, reaper, grading


def test_workers_reaper_and_grading_leave_a_clone_alone(mock_world, charlie):
    call(mock_world, charlie)
    age(charlie)
    number = Episode.objects.get().pk

    assert episodes.claim_episode(number) is None
    assert episodes.reap_expired_leases() == (0, 0)
    assert waiting.places_of("celery") == []
    assert number not in ungraded_episodes()
    assert Episode.objects.get().status == Episode.Status.PAUSED


def test_a_person_cannot_be_queued_as_an_agent(mock_world, charlie):
    assert "person" not in AGENTS

    plan = make_spec(mock_world), AgentSpec(kind="person", name="charlie")

    with pytest.raises(InvalidArgument, match="agent kind 'person'"):
        episodes.queue_episodes(world=mock_world, owner=charlie, plans=[plan])


def test_a_clone_is_seen_by_its_person_only(mock_world, charlie, reviewer, admin_person):
    call(mock_world, charlie)
    agents_own = make_episode(world=mock_world)

    assert Episode.objects.visible_to(charlie).count() == 1
    assert list(Episode.objects.visible_to(reviewer)) == [agents_own]
    assert list(Episode.objects.visible_to(admin_person)) == [agents_own]


def test_a_lease_that_was_taken_over_stores_nothing(mock_world, charlie):
    call(mock_world, charlie)
    episode = Episode.objects.get()

    with pytest.raises(episodes.LeaseLost):
        episodes.record_steps(episode.pk, [make_step(1)], lease=episode.lease)


def test_each_scene_has_a_clone_of_its_own_that_knows_when_it_is_outdated(mock_world, charlie):
    setup = [{"op": "update", "entity_type": "item", "id": "lamp", "fields": {"inStock": 1}}]
    laid = Scene(name="mine", setup=setup, toolset="default")
    call(mock_world, charlie)

    step = call_in_scratch(
        mock_world,
        charlie,
        tool="sell",
        arguments_raw='{"buyer": "dee", "item_id": "lamp", "qty": 2}',
        call_id="1",
        scene=laid,
    )

    assert "only 1 of lamp in stock" in step.result
    assert len(read_scratch(mock_world, charlie).steps) == 1
    found = read_scratch(mock_world, charlie, scene=laid)
    assert (len(found.steps), found.is_outdated) == (1, False)
    assert read_scratch(mock_world, charlie, scene=replace(laid, setup=())).is_outdated
    assert reset_scratch(mock_world, charlie, number=found.number) is False
    assert reset_scratch(mock_world, charlie, number=found.number, scene=laid)
