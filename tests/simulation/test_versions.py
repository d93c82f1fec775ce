"""Numbering versions, and the copy that a new one begins as."""

import pytest

from simulation import worlds
from simulation.environments.mock_store.models import Item, Sale
from simulation.errors import Problems
from simulation.models import World
from simulation.portability.export import export_files
from simulation.versions import copy_world, next_version
from tests.beside import at_once
from tests.factories import LAMP, STORE, make_draft, make_user, make_world, sale

pytestmark = pytest.mark.django_db
NOISE = [{"type": "item", "id": "lamp", "noise": "named twice"}]


def copied_files(world):
    files = export_files(world)
    return {path: data for path, data in files.items() if path != "world.json"}


def test_the_first_version_is_one_and_drafts_count():
    assert next_version("store") == 1
    make_draft(slug="store", version=7)
    assert next_version("store") == 8


def test_a_copy_is_a_draft_of_the_next_version_with_the_same_content():
    world = make_world(prompts={"clerk": "Hello"}, manifest=NOISE, title="Store", slug="store")
    owner = make_user()

    copy = copy_world(world, owner)

    assert (str(copy), copy.is_draft, copy.parent, copy.owner) == ("store@2", True, world, owner)
    assert (copy.title, copy.now, copy.prompts, copy.manifest) == (
        world.title, world.now, world.prompts, NOISE,
    )  # fmt: skip
    assert copied_files(copy) == copied_files(world)
    assert worlds.publish_world(copy).content_hash == world.content_hash


def test_a_draft_is_copied_as_it_stands():
    draft = make_draft(slug="store")
    worlds.import_entities(draft, STORE)
    Item.objects.filter(world=draft, key="chair").update(note="blue")

    copy = copy_world(draft, make_user())

    assert worlds.dump_world(copy)["entities"]["item"]["chair"]["note"] == "blue"
    assert copied_files(copy) == copied_files(draft)


def test_edits_of_a_copy_leave_its_parent_alone():
    world = make_world()
    copy = copy_world(world, make_user())

    Item.objects.filter(world=copy).update(note="blue")

    assert worlds.dump_world(world)["entities"] == STORE
    assert worlds.publish_world(copy).content_hash != world.content_hash


def test_references_of_a_copy_stay_in_the_copy():
    copy = copy_world(make_world(), make_user())

    replaced = Sale.objects.get(world=copy, key="sale-250915-004").replaces

    assert replaced.world_id == copy.pk


def test_a_draft_that_no_import_would_take_is_not_copied():
    draft = make_draft()
    worlds.import_entities(draft, {"item": {"lamp": LAMP}, "sale": {"s": sale()}})
    Sale.objects.update(lines=[{"itemId": "ghost", "qty": 1}])

    with pytest.raises(Problems, match="there is no item 'ghost'"):
        copy_world(draft, make_user())

    assert World.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_copies_at_once_get_two_numbers():
    world, owner = make_world(slug="store"), make_user()

    copies = at_once(lambda: copy_world(world, owner), lambda: copy_world(world, owner))

    assert sorted(copy.version for copy in copies) == [2, 3]
