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
from tests.authoring.bundles.made import zipped

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
