"""Publishing beside an open edit, in two real connections."""

from concurrent.futures import TimeoutError as StillWaiting
from threading import Event

import pytest
from django.db import IntegrityError, transaction

from simulation import worlds
from simulation.environments.mock_store.models import Item
from simulation.errors import Conflict
from simulation.models import Snapshot, World
from simulation.snapshots import pack
from tests.beside import PATIENCE, at_once, beside
from tests.factories import STORE, make_draft

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 0.3


@pytest.fixture
def draft(transactional_db):
    draft = make_draft()
    worlds.import_entities(draft, STORE)
    return draft


def is_waiting(future):
    try:
        future.result(A_MOMENT)
    except StillWaiting:
        return True
    return False


def add_pen(world):
    Item.objects.create(world=world, key="pen", name="Pen", price=1, in_stock=1)


def empty_the_shelf(world):
    Item.objects.filter(world=world).update(in_stock=0)


@pytest.mark.parametrize("edit", [add_pen, empty_the_shelf])
def test_publishing_waits_for_an_open_edit_and_has_it_in_its_snapshot(draft, edit):
    with transaction.atomic():
        edit(draft)
        publishing = beside(worlds.publish_world, draft)
        waited = is_waiting(publishing)

    published = publishing.result(PATIENCE)
    assert waited
    assert pack(worlds.dump_world(published))[0] == published.content_hash
    assert Snapshot.objects.get().content_hash == published.content_hash


def test_an_edit_that_is_taken_back_is_not_in_the_snapshot(draft):
    with transaction.atomic():
        add_pen(draft)
        publishing = beside(worlds.publish_world, draft)
        waited = is_waiting(publishing)
        transaction.set_rollback(True)

    assert waited
    assert publishing.result(PATIENCE).snapshot.counts["item"] == 2


@pytest.mark.parametrize("edit", [add_pen, empty_the_shelf])
def test_an_edit_waits_for_publishing_and_is_refused(draft, edit):
    with transaction.atomic():
        worlds.publish_world(draft)
        editing = beside(edit, draft)
        waited = is_waiting(editing)

    assert waited
    with pytest.raises(IntegrityError, match="is published"):
        editing.result(PATIENCE)
    world = World.objects.get()
    assert pack(worlds.dump_world(world))[0] == world.content_hash


def test_an_edit_goes_on_when_publishing_is_taken_back(draft):
    with transaction.atomic():
        worlds.publish_world(draft)
        editing = beside(add_pen, draft)
        waited = is_waiting(editing)
        transaction.set_rollback(True)

    editing.result(PATIENCE)
    assert waited
    assert Item.objects.filter(key="pen").exists()


def test_a_world_is_published_once_by_two_at_the_same_time(draft):
    def publish():
        try:
            return worlds.publish_world(draft).content_hash
        except Conflict:
            return "conflict"

    results = at_once(publish, publish)

    assert sorted(results) == sorted([World.objects.get().content_hash, "conflict"])


def test_equal_worlds_published_at_the_same_time_share_a_snapshot(draft):
    other = make_draft()
    worlds.import_entities(other, STORE)

    hashes = at_once(lambda: worlds.publish_world(draft), lambda: worlds.publish_world(other))

    assert hashes[0].content_hash == hashes[1].content_hash
    assert Snapshot.objects.count() == 1


def test_edits_in_two_drafts_do_not_wait_for_each_other(draft):
    other = make_draft()
    edited = Event()
    with transaction.atomic():
        add_pen(draft)
        beside(add_pen, other).add_done_callback(lambda _: edited.set())
        finished = edited.wait(PATIENCE)

    assert finished
    assert Item.objects.filter(key="pen").count() == 2
