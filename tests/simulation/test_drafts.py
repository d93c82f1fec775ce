"""Rows of drafts, edited one at a time: checked like an import, guarded against each other."""

import pytest
from django.db import IntegrityError, connection

from simulation.drafts import (
    create_row,
    delete_row,
    discard_draft,
    fingerprint,
    may_edit,
    update_details,
    update_row,
)
from simulation.environments import environment
from simulation.errors import Conflict, InvalidArgument, NotFound, Problems
from simulation.models import World
from simulation.worlds import dump_world, import_entities, open_world, publish_world, read_row
from tests.factories import CHAIR, LAMP, STORE, make_draft, sale

pytestmark = pytest.mark.django_db
ITEM = environment("mock_store").entity_types["item"]
SALE = environment("mock_store").entity_types["sale"]


@pytest.fixture
def draft(author) -> World:
    world = make_draft(author)
    import_entities(world, STORE)
    return world


def base(world: World, entity_type: str, key: str) -> str:
    row = read_row(world, world.company.entity_types[entity_type], key)
    assert row is not None
    return fingerprint(row)


def test_a_new_row_is_dumped_as_it_was_written(draft):
    row = create_row(draft, "item", "desk", {"name": "Desk", "price": 99, "inStock": 1})

    stored = dump_world(draft)["entities"]["item"]["desk"]
    assert stored == {"name": "Desk", "price": 99.0, "inStock": 1}
    assert row == {"id": "desk", **stored}


def test_a_changed_row_has_the_new_fields_and_no_others(draft):
    without_note = {"name": "Armchair", "price": 80.0, "inStock": 2}

    update_row(draft, "item", "chair", without_note, base=base(draft, "item", "chair"))

    assert dump_world(draft)["entities"]["item"] == {"lamp": LAMP, "chair": without_note}


def test_references_are_written_as_ids_and_may_point_at_the_row_itself(draft):
    create_row(draft, "sale", "sale-250901-009", sale(replacesId="sale-250901-009"))

    row = read_row(draft, SALE, "sale-250901-009")
    connection.check_constraints()
    assert row is not None
    assert row["replacesId"] == "sale-250901-009"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": "Desk", "price": 1.999, "inStock": 1}, "price: expected a number with at most 2"),
        ({"price": 1, "inStock": 1}, "name: is required"),
        ({**LAMP, "colour": "red"}, "colour: item has no such field"),
        ({**LAMP, "note": float("nan")}, "note"),
    ],
)
def test_what_an_import_would_refuse_is_refused(draft, fields, problem):
    with pytest.raises(InvalidArgument, match=problem):
        create_row(draft, "item", "desk", fields)

    assert read_row(draft, ITEM, "desk") is None


def test_every_dangling_reference_is_named(draft):
    fields = sale(item="sofa", replacesId="sale-000000-000")

    with pytest.raises(Problems) as refusal:
        create_row(draft, "sale", "sale-250901-009", fields)

    assert set(refusal.value.problems) == {
        "lines.itemId: there is no item 'sofa'",
        "replacesId: there is no sale 'sale-000000-000'",
    }


def test_bad_fields_and_dangling_references_are_named_together(draft):
    fields = {
        **sale(item="sofa"),
        "status": "stolen",
        "replacesId": ["a"],
        "lines": [{"itemId": 3}],
    }

    with pytest.raises(Problems) as refusal:
        create_row(draft, "sale", "s", {**fields, "replacesId": "none-such"})
    with pytest.raises(Problems):
        create_row(draft, "sale", "s", fields)

    said = [problem.split(":")[0] for problem in refusal.value.problems]
    assert said == ["lines.0.itemId", "status", "replacesId"]


@pytest.mark.parametrize("key", ["", "x" * 201, "de\0sk", "\ud800"])
def test_an_id_that_cannot_be_stored_is_refused(draft, key):
    with pytest.raises(InvalidArgument, match="an id is text"):
        create_row(draft, "item", key, LAMP)


def test_an_id_that_is_taken_is_a_conflict(draft):
    with pytest.raises(Conflict, match="item 'lamp' exists already"):
        create_row(draft, "item", "lamp", LAMP)


def test_of_two_people_who_change_a_row_the_second_is_told(draft):
    seen = base(draft, "item", "lamp")
    update_row(draft, "item", "lamp", {**LAMP, "price": 13.0}, base=seen)

    with pytest.raises(Conflict, match="changed by somebody else"):
        update_row(draft, "item", "lamp", {**LAMP, "price": 14.0}, base=seen)

    assert dump_world(draft)["entities"]["item"]["lamp"]["price"] == 13.0


def test_a_row_that_nobody_refers_to_is_deleted(draft):
    delete_row(draft, "sale", "sale-250915-004")

    assert read_row(draft, SALE, "sale-250915-004") is None


@pytest.mark.parametrize(
    ("entity_type", "key", "referrers"),
    [
        ("item", "chair", "1 row: sale sale-250901-002"),
        ("sale", "sale-250901-001", "1 row: sale sale-250915-004"),
        ("item", "lamp", "3 rows: "),
    ],
)
def test_a_row_that_others_refer_to_stays(draft, entity_type, key, referrers):
    with pytest.raises(Conflict, match=referrers):
        delete_row(draft, entity_type, key)

    assert read_row(draft, draft.company.entity_types[entity_type], key)


def test_a_row_that_refers_only_to_itself_can_be_deleted(draft):
    create_row(draft, "sale", "sale-250901-009", sale(replacesId="sale-250901-009"))

    delete_row(draft, "sale", "sale-250901-009")

    connection.check_constraints()
    assert read_row(draft, SALE, "sale-250901-009") is None


@pytest.mark.parametrize("key", ["lamp", "sofa"])
def test_a_published_world_takes_no_edit(mock_world, key):
    attempts = (
        lambda: create_row(mock_world, "item", "desk", LAMP),
        lambda: update_row(mock_world, "item", key, LAMP, base="x"),
        lambda: delete_row(mock_world, "item", key),
        lambda: discard_draft(mock_world),
        lambda: update_details(
            mock_world, title="T", now="2025-09-15T19:00:00Z", agent_employee_id="", prompts={}
        ),
    )
    for attempt in attempts:
        with pytest.raises(Conflict, match="is published"):
            attempt()


def test_what_there_is_not_is_not_found(draft):
    with pytest.raises(NotFound, match="no item 'sofa'"):
        update_row(draft, "item", "sofa", LAMP, base="x")
    with pytest.raises(NotFound, match="no item 'sofa'"):
        delete_row(draft, "item", "sofa")
    with pytest.raises(InvalidArgument, match="no such entity type"):
        create_row(draft, "unicorn", "u-1", {})


def test_an_edit_is_seen_by_the_next_reader_and_a_failed_one_counts_for_nothing(draft):
    assert "desk" not in open_world(draft).rows("item")
    create_row(draft, "item", "desk", LAMP)
    edits = draft.edits

    assert "desk" in open_world(draft).rows("item")
    with pytest.raises(Problems):
        create_row(draft, "item", "sofa", {})
    draft.refresh_from_db()
    assert draft.edits == edits


def test_details_are_changed_and_bad_ones_all_named(draft):
    details = {"now": "2025-10-01T00:00:00Z", "agent_employee_id": "", "prompts": {"clerk": "Hi."}}

    update_details(draft, title=" Autumn ", **details)
    with pytest.raises(Problems) as refusal:
        update_details(draft, title="", **{**details, "now": "soon", "prompts": {"clerk": ""}})

    draft.refresh_from_db()
    assert (draft.title, draft.prompts) == ("Autumn", {"clerk": "Hi."})
    assert dump_world(draft)["now"] == "2025-10-01T00:00:00Z"
    assert [problem.split(":")[0] for problem in refusal.value.problems] == [
        "title",
        "now",
        "prompt clerk",
    ]


def test_a_draft_is_discarded_with_its_rows_and_nothing_else(draft, mock_world):
    before = dump_world(mock_world)

    discard_draft(draft)

    assert not World.objects.filter(pk=draft.pk).exists()
    assert not ITEM.model.objects.filter(world_id=draft.pk).exists()
    assert dump_world(mock_world) == before


def test_an_edited_draft_can_be_published(draft):
    create_row(draft, "item", "desk", LAMP)
    update_row(draft, "item", "chair", {**CHAIR, "inStock": 9}, base=base(draft, "item", "chair"))

    world = publish_world(draft)

    rows = open_world(world).rows("item")
    assert {key: row["inStock"] for key, row in rows.items()} == {
        "lamp": 10,
        "chair": 9,
        "desk": 10,
    }


def test_who_may_edit_what(draft, mock_world, author, reviewer, admin_person, charlie):
    answers = {
        person.username: (may_edit(person, draft), may_edit(person, mock_world))
        for person in (author, reviewer, admin_person, charlie)
    }

    assert answers == {
        "alice": (True, False),
        "bob": (False, False),
        "adam": (True, False),
        "charlie": (False, False),
    }


def test_the_database_itself_refuses_what_the_services_refuse(mock_world):
    row = ITEM.model.objects.filter(world=mock_world).first()

    with pytest.raises(IntegrityError, match="is published"):
        ITEM.model.objects.filter(pk=row.pk).update(name="x")


def test_editing_costs_the_same_however_many_rows_there_are(
    draft, author, django_assert_max_num_queries
):
    large = make_draft(author)
    import_entities(large, {"item": {f"item-{n}": LAMP for n in range(300)}, "sale": {}})

    for world, key in ((draft, "lamp"), (large, "item-1")):
        seen = base(world, "item", key)
        with django_assert_max_num_queries(8):
            update_row(world, "item", key, LAMP, base=seen)


def test_drafts_are_their_owners_and_reviewers(draft, mock_world, author, charlie, reviewer):
    seen = {p.username: set(World.objects.visible_to(p)) for p in (author, charlie, reviewer)}

    assert seen == {
        "alice": {draft, mock_world},
        "charlie": {mock_world},
        "bob": {draft, mock_world},
    }
