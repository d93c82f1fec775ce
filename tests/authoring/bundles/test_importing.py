"""Bringing a bundle in: whole or not at all, twice the same, and out again to the byte."""

import pytest

from authoring.bundles.importing import import_bundle
from authoring.bundles.reading import bundle_files, read_bundle
from authoring.models import (
    Draft,
    Pack,
    PackEntry,
    PackTask,
    PackVersion,
    ReviewEvent,
    Revision,
    Task,
)
from simulation.models import World
from tests.authoring.bundles.elsewhere import empty
from tests.authoring.bundles.made import approve, bundle_of, make_version, zipped
from tests.authoring.tasks import make_revision, make_task
from tests.factories import STORE, make_world

MODELS = (World, Task, Draft, Revision, ReviewEvent, Pack, PackTask, PackVersion, PackEntry)


def read(files):
    return read_bundle(bundle_files(zipped(files)))


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


@pytest.fixture
def elsewhere(bundle):
    """The bundle, where nothing of it is."""
    empty()
    return read(bundle)


def test_the_world_and_the_tasks_become_the_importers_own_as_drafts(elsewhere, admin_person):
    done = import_bundle(elsewhere, owner=admin_person)

    assert done.worlds == ("store@1",)
    assert done.new == ("hold-lamps@1", "sell-lamps@1")
    revision = Revision.objects.get(task__slug="sell-lamps")
    assert (revision.state, revision.cause, revision.author) == ("saved", "imported", admin_person)
    assert revision.task.owner == admin_person
    assert revision.task.draft.content == revision.content
    assert not revision.task.draft.is_ahead
    assert not World.objects.get().is_draft
    assert not Pack.objects.exists()


def test_held_out_tasks_are_hidden_at_once_and_others_get_their_split_with_approval(
    elsewhere, admin_person
):
    import_bundle(elsewhere, owner=admin_person)
    splits = dict(Task.objects.values_list("slug", "split"))

    import_bundle(elsewhere, owner=admin_person, approve=True)

    assert splits == {"hold-lamps": "heldout", "sell-lamps": ""}
    assert set(Task.objects.values_list("split", flat=True)) == {"heldout", "train"}


def test_with_approval_the_version_is_frozen_as_it_was(elsewhere, admin_person):
    done = import_bundle(elsewhere, owner=admin_person, approve=True)

    version = PackVersion.objects.get()
    assert (done.version, done.is_new) == ("lamps@1", True)
    assert version.hash == elsewhere.contents.hash
    assert version.pack.canary == elsewhere.canary
    assert {(e.task.slug, e.split) for e in version.entries.all()} == {
        ("hold-lamps", "heldout"),
        ("sell-lamps", "train"),
    }
    assert set(Revision.objects.values_list("state", flat=True)) == {"approved"}
    events = ReviewEvent.objects.values_list("action", "comment", "actor__username")
    assert set(events) == {("import", "lamps@1", "adam")}
    assert version.pack.tasks.count() == 2


@pytest.mark.parametrize("approved", [False, True])
def test_a_second_import_adds_nothing(approved, elsewhere, admin_person):
    import_bundle(elsewhere, owner=admin_person, approve=approved)
    before = counts()

    again = import_bundle(elsewhere, owner=admin_person, approve=approved)

    assert counts() == before
    assert again.known == ("hold-lamps@1", "sell-lamps@1")
    assert (again.worlds, again.new, again.further, again.is_new) == ((), (), (), False)


@pytest.fixture
def second_world(author):
    return make_world(
        {**STORE, "item": {**STORE["item"], "sofa": {"name": "Sofa", "price": 300, "inStock": 1}}},
        owner=author, slug="barn", version=3, prompts={"clerk": "Be kind.\n"},
    )  # fmt: skip


def several(author, store_world, second_world):
    sell, barn = make_task(author, store_world), make_task(author, second_world, "sell-barn")
    return make_version(author, [approve(sell), approve(barn, "test")], changelog=[])


def second(author, store_world, second_world):
    sell, hold = make_task(author, store_world), make_task(author, store_world, "hold-lamps")
    one, held = approve(sell), approve(hold, "heldout")
    make_version(author, [one, held])
    two = make_revision(sell, notes="Now with a note.")
    type(two).objects.filter(pk=one.pk).update(state="superseded")
    type(two).objects.filter(pk=two.pk).update(state="approved")
    two.refresh_from_db()
    line = {"kind": "changed", "before": 1, "after": 2, "parts": ["labels"], "comparable": True}
    gone = {"kind": "removed", "before": 4, "after": None, "parts": [], "comparable": False}
    changelog = [
        {"task": "sell-lamps", "why": "", **line},
        {"task": "gone-lamps", "why": "Only the older version has this task.", **gone},
    ]
    return make_version(
        author, [two, held], number=2, changelog=changelog, notes="Brighter.", description="# Hm"
    )


def alone(author, store_world, second_world):
    update = {"op": "update", "entity_type": "item", "id": "chair", "fields": {"note": None}}
    task = make_task(author, store_world, setup=[update], tags=["a", "ä"])
    Task.objects.filter(pk=task.pk).update(family="lamps")
    return make_version(author, [approve(task, "test")])


@pytest.mark.parametrize("with_held_out", [True, False])
@pytest.mark.parametrize("make", [alone, several, second])
def test_what_is_brought_in_and_taken_out_again_is_the_same_to_the_byte(
    make, with_held_out, author, store_world, second_world, admin_person
):
    files = bundle_of(make(author, store_world, second_world), with_held_out=with_held_out)
    empty()

    import_bundle(read(files), owner=admin_person, approve=True)

    (version,) = PackVersion.objects.all()
    assert bundle_of(version, with_held_out=with_held_out) == files
    assert bundle_of(version, with_held_out=True) == files
