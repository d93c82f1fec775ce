"""Making worlds of parcels: whole or not at all, under the right number."""

from dataclasses import replace

import pytest

from simulation import worlds
from simulation.environments.mock_store.models import Item
from simulation.errors import Conflict, Forbidden, InvalidArgument, NotFound, Problems
from simulation.models import World
from simulation.portability.export import export_files, named_world
from simulation.portability.imports import check_may_import, import_parcel
from simulation.portability.parcel import read_parcel
from simulation.portability.plan import TypeCount, plan_import
from tests.beside import at_once
from tests.factories import CHAIR, LAMP, STORE, make_draft, make_user, make_world, sale
from tests.simulation.portability.parcels import PROMPT, make_files, parcel_of

ITEM = "entities/item.json"


@pytest.fixture
def owner(db):
    return make_user()


def test_a_parcel_becomes_a_published_world(owner):
    world = import_parcel(parcel_of(), owner=owner, publish=True)

    assert str(world) == "store@1"
    assert (world.title, world.owner, world.status) == ("Store", owner, "published")
    assert worlds.world_document(world)["entities"] == STORE
    assert world.prompts == {"clerk": PROMPT}


def test_a_parcel_becomes_a_draft_that_can_be_published(owner):
    world = import_parcel(parcel_of(), owner=owner, publish=False)

    assert (world.is_draft, world.content_hash) == (True, "")
    assert worlds.publish_world(world).content_hash


def test_without_a_version_it_is_the_next_free_one(owner):
    make_draft(slug="store", version=4)

    world = import_parcel(parcel_of(version=None), owner=owner, publish=False)

    assert world.version == 5


def test_next_is_the_next_free_one_whatever_world_json_says(owner):
    make_draft(slug="store", version=4)
    parcel = read_parcel(make_files(version=2), {"version": "next"})

    assert import_parcel(parcel, owner=owner, publish=False).version == 5


def test_a_version_that_exists_is_a_conflict_and_the_free_one_is_named(owner):
    import_parcel(parcel_of(), owner=owner, publish=True)

    with pytest.raises(Conflict, match="store@1 exists and a version never changes: write ver"
                       "sion 2, or next for the next free one"):  # fmt: skip
        import_parcel(parcel_of(), owner=owner, publish=True)

    assert World.objects.count() == 1


def test_what_the_database_is_refused_takes_the_whole_import_with_it(owner):
    parcel = parcel_of()
    rows = {**parcel.entities["sale"], "bad": sale(item="ghost")}
    smuggled = replace(parcel, entities={**parcel.entities, "sale": rows})

    with pytest.raises(Problems, match=r"sale 'bad': lines\.itemId: there is no item 'ghost'"):
        import_parcel(smuggled, owner=owner, publish=True)

    assert (World.objects.count(), Item.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers():
    owner = make_user()
    parcel = parcel_of(version=None)

    def bring_in():
        return import_parcel(parcel, owner=owner, publish=True).version

    assert sorted(at_once(bring_in, bring_in)) == [1, 2]


@pytest.mark.parametrize(
    ("person", "may"),
    [("author", True), ("admin_person", True), ("reviewer", False), ("runner", False),
     ("analyst", False), ("charlie", False)],
)  # fmt: skip
def test_authors_and_admins_import(person, may, request):
    user = request.getfixturevalue(person)

    if may:
        check_may_import(user)
    else:
        with pytest.raises(Forbidden, match="needs the role author or admin"):
            check_may_import(user)


# the plan


def test_a_plan_says_what_is_new_beside_the_newest_published_version(owner):
    import_parcel(parcel_of(), owner=owner, publish=True)
    items = {"chair": {**CHAIR, "price": 1.0}, "pen": LAMP, "cup": LAMP}
    sales = {"sale-250902-001": {**STORE["sale"]["sale-250901-002"]}}
    sales["sale-250902-001"]["lines"] = []
    files = make_files({ITEM: items, "entities/sale.json": sales}, version=None)

    plan = plan_import(read_parcel(files))

    assert (plan.version, plan.is_free, plan.compared_with) == (2, True, "store@1")
    assert plan.counts == (
        TypeCount(name="item", rows=3, before=2, added=2, changed=1, removed=1),
        TypeCount(name="sale", rows=1, before=4, added=1, changed=0, removed=4),
    )
    assert plan.prompts == {"clerk": "same"}


def test_a_plan_of_a_new_slug_compares_with_nothing(db):
    plan = plan_import(parcel_of())

    assert (plan.version, plan.is_free, plan.compared_with) == (1, True, "")
    assert [(count.name, count.rows) for count in plan.counts] == [("item", 2), ("sale", 4)]


def test_a_plan_knows_that_a_version_is_taken_and_writes_nothing(owner):
    import_parcel(parcel_of(), owner=owner, publish=False)

    plan = plan_import(parcel_of())

    assert (plan.version, plan.is_free, plan.next_free) == (1, False, 2)
    assert World.objects.count() == 1


def test_a_plan_asks_a_constant_number_of_questions(owner, django_assert_num_queries):
    import_parcel(parcel_of(), owner=owner, publish=True)
    parcel = parcel_of(version=None)

    with django_assert_num_queries(4):
        plan_import(parcel)


# exporting


def test_worlds_are_named_for_export_drafts_by_their_version(owner):
    published = make_world(slug="store", version=1)
    draft = make_draft(slug="store", version=2)

    assert named_world("store") == published
    assert named_world("store@2") == draft


@pytest.mark.parametrize("name", ["ghost", "store@9", "store@"])
def test_what_is_not_there_is_not_exported(name, owner):
    make_draft(slug="store", version=1)

    with pytest.raises((NotFound, InvalidArgument)):
        named_world(name)


def test_a_prompt_whose_name_is_no_files_is_named(owner):
    world = make_world(prompts={"../evil": "x"})

    with pytest.raises(InvalidArgument, match=r"prompt '\.\./evil': a prompt's name is 1 to 80"):
        export_files(world)


def test_a_draft_is_exported_as_it_stands(owner):
    world = import_parcel(parcel_of(), owner=owner, publish=False)
    Item.objects.filter(world=world, key="chair").update(note="blue")

    assert b'"note": "blue"' in export_files(world)[ITEM]
