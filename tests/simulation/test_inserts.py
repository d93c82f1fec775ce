"""Rows that are copied in are what one by one inserted rows would be."""

import pytest
from django.db import IntegrityError, transaction

from simulation import episodes
from simulation.errors import InvalidArgument
from simulation.inserts import insert_with_ids
from simulation.models import Episode, Lane
from simulation.storable import Storable
from simulation.transcript import AgentSpec, Spec
from tests.factories import make_world

pytestmark = pytest.mark.django_db


def test_rows_learn_their_ids_in_order_and_later_ones_follow():
    lanes = [Lane(max_running=n) for n in (3, 1, 2)]

    insert_with_ids(lanes)

    assert [Lane.objects.get(pk=lane.pk).max_running for lane in lanes] == [3, 1, 2]
    assert [lane.pk for lane in lanes] == sorted(lane.pk for lane in lanes)
    assert Lane.objects.create().pk > lanes[-1].pk
    lanes[0].max_running = 9
    lanes[0].save()  # it is known to be stored
    assert Lane.objects.get(pk=lanes[0].pk).max_running == 9


def test_what_the_database_fills_in_is_read_when_it_is_asked_for():
    world = make_world()
    plan = Spec(prompt="p"), AgentSpec(kind="null", name="null")

    (queued,) = episodes.queue_episodes(world=world, owner=world.owner, plans=[plan])

    stored = Episode.objects.get(pk=queued.pk)
    assert queued.queued_at == stored.queued_at is not None
    assert (queued.spec, queued.created_at) == (stored.spec, stored.created_at)


def test_what_the_database_refuses_is_refused_as_ever():
    world = make_world()
    ended = Episode(world=world, owner=world.owner, spec={}, agent={}, status="ended")

    with pytest.raises(IntegrityError, match="episode_"), transaction.atomic():
        insert_with_ids([ended])


def test_copies_are_stored_with_what_they_have_of_their_own():
    asked = Spec(prompt="a\0b", setup=[{"op": "create"}])
    other = asked.model_copy(update={"prompt": "c", "seed": 9})
    storable = Storable()

    made = [
        storable(each, own=["seed"])
        for each in (asked, asked.model_copy(update={"seed": 7}), other)
    ]

    assert [(one["prompt"], one["seed"]) for one in made] == [
        ("a\ufffdb", 0), ("a\ufffdb", 7), ("c", 9)
    ]  # fmt: skip
    for one, spec in zip(made, (asked, asked, other), strict=True):
        assert {**one, "prompt": 0, "seed": 0} == {**spec.model_dump(), "prompt": 0, "seed": 0}
    with pytest.raises(InvalidArgument):
        storable(asked.model_copy(update={"seed": 2**70}), own=["seed"])
