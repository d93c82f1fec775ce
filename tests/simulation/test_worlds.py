"""Importing, publishing and loading worlds."""

import json

import pytest
from django.db import IntegrityError

from simulation import worlds
from simulation.environments.mock_store.models import Item, Sale
from simulation.errors import Conflict, InvalidArgument, NotFound, Problems
from simulation.models import Snapshot, World
from simulation.snapshots import pack
from tests.factories import CHAIR, LAMP, STORE, make_document, make_draft, make_user, sale

pytestmark = pytest.mark.django_db


def generated(**options):
    given = {"environment": "mock_store", "slug": "made", "version": 1, "title": "Made"}
    return worlds.generate_world(**{**given, "seed": 7, "size": 1, **options})


# importing


def test_rows_are_imported_and_dumped_as_they_were():
    world = make_draft()

    worlds.import_entities(world, STORE)

    assert worlds.dump_world(world)["entities"] == make_document()["entities"]


def test_rows_are_brought_into_their_one_form():
    world = make_draft()
    row = sale(at="2025-09-01T12:00:00.500+02:00", replacesId=None)

    worlds.import_entities(world, {"item": {"lamp": {**LAMP, "note": ""}}, "sale": {"s": row}})

    dumped = worlds.dump_world(world)["entities"]
    assert dumped["item"] == {"lamp": LAMP}
    assert dumped["sale"]["s"] == sale(at="2025-09-01T10:00:00.5Z")


def test_rows_may_refer_to_each_other_in_a_circle():
    world = make_draft()
    rows = {"a": sale(replacesId="b"), "b": sale(replacesId="c"), "c": sale(replacesId="a")}

    worlds.import_entities(world, {"item": {"lamp": LAMP}, "sale": rows})

    replaced = dict(Sale.objects.values_list("key", "replaces__key"))
    assert replaced == {"a": "b", "b": "c", "c": "a"}


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ({"ghost": {}}, "ghost: mock_store has no such entity type; it has item, sale"),
        ({"item": {"pen": {**LAMP, "price": "x"}}}, "item 'pen': price: expected a number"),
        (
            {"item": {"pen": {**LAMP, "price": float("nan")}}},
            "item 'pen': price: nan is not a number",
        ),
        ({"item": {"pen": {"name": "Pen"}}}, "item 'pen': inStock: is required"),
        ({"item": {"pen": []}}, "item 'pen': write an object of field names and values"),
        ({"item": []}, "item: write an object of ids and rows"),
        ({"item": {"": LAMP}}, "item '': an id is text of 1 to 200 characters"),
        ({"item": {"x" * 201: LAMP}}, "an id is text of 1 to 200 characters"),
        ({"item": {"a\x00b": LAMP}}, "item 'a\\x00b': an id is text"),
        ({"item": {7: LAMP}}, "item 7: an id is text of 1 to 200 characters"),
        (
            {"sale": {"s": sale(item="ghost")}},
            "sale 's': lines.itemId: there is no item 'ghost'",
        ),
        (
            {"item": {"lamp": LAMP}, "sale": {"s": sale(replacesId="ghost")}},
            "sale 's': replacesId: there is no sale 'ghost'",
        ),
    ],
)
def test_what_cannot_be_imported_is_named_and_nothing_is_written(entities, problem):
    world = make_draft()

    with pytest.raises(Problems) as refusal:
        worlds.import_entities(world, {"item": {"chair": CHAIR}, **entities})

    assert problem in refusal.value.message
    assert not Item.objects.exists()


def test_all_problems_of_an_import_are_named_at_once():
    bad = {"item": {"a": {}, "b": LAMP}, "sale": {"s": sale(item="ghost", status="lost")}}

    with pytest.raises(Problems) as refusal:
        worlds.import_entities(make_draft(), {**bad, "ghost": {}})

    places = {line.split(":")[0] for line in refusal.value.problems}
    assert places == {"ghost", "item 'a'", "sale 's'"}


def test_a_reference_to_a_row_that_is_bad_itself_is_not_called_dangling():
    bad = {"item": {"lamp": {}}, "sale": {"s": sale()}}

    with pytest.raises(Problems) as refusal:
        worlds.import_entities(make_draft(), bad)

    assert not [line for line in refusal.value.problems if line.startswith("sale")]


def test_text_that_cannot_be_stored_is_cleaned_on_the_way_in():
    world = make_draft()

    worlds.import_entities(world, {"item": {"pen": {**LAMP, "name": f"P\x00n{chr(0xD800)}"}}})

    assert Item.objects.get().name == "P\ufffdn\ufffd"


def test_importing_a_row_twice_is_a_conflict_and_writes_nothing():
    world = make_draft()
    worlds.import_entities(world, {"item": {"lamp": LAMP}})

    with pytest.raises(Conflict, match="has rows"):
        worlds.import_entities(world, {"item": {"chair": CHAIR, "lamp": LAMP}})

    assert Item.objects.get().key == "lamp"


def test_a_published_world_takes_no_import(mock_world):
    with pytest.raises(Conflict, match="is published"):
        worlds.import_entities(mock_world, {"item": {"pen": LAMP}})


# publishing


def test_publishing_stores_the_document_under_its_hash(mock_world):
    content_hash, _, size = pack(worlds.dump_world(mock_world))

    stored = Snapshot.objects.get()
    assert (stored.content_hash, stored.size) == (content_hash, size)
    assert (mock_world.content_hash, mock_world.status) == (content_hash, World.Status.PUBLISHED)
    assert stored.counts == {"item": 2, "sale": 4}


def test_the_hash_does_not_depend_on_ids_order_or_version():
    worlds.import_entities(make_draft(), STORE)
    one, other = make_draft(), make_draft(version=9, title="Other")
    turned = {name: dict(reversed(rows.items())) for name, rows in reversed(STORE.items())}
    worlds.import_entities(one, STORE)
    worlds.import_entities(other, turned)

    hashes = {worlds.publish_world(world).content_hash for world in (one, other)}

    assert hashes == {pack(make_empty_texts(make_document()))[0]}
    assert Snapshot.objects.count() == 1


def make_empty_texts(document):
    return {**document, "agentEmployeeId": "", "systemPrompts": {}}


def test_publishing_twice_is_a_conflict(mock_world):
    with pytest.raises(Conflict, match="is published already"):
        worlds.publish_world(mock_world)


def test_publishing_checks_what_was_written_past_the_import():
    world = make_draft()
    worlds.import_entities(world, {"item": {"lamp": LAMP}, "sale": {"s": sale()}})
    Sale.objects.update(lines=[{"itemId": "ghost", "qty": 1}])

    with pytest.raises(Problems, match=r"sale 's': lines\.itemId: there is no item 'ghost'"):
        worlds.publish_world(world)

    world.refresh_from_db()
    assert world.status == World.Status.DRAFT


def test_a_world_without_rows_can_be_published():
    assert worlds.publish_world(make_draft()).content_hash


def test_two_versions_of_one_number_are_refused():
    make_draft(slug="store", version=1)

    with pytest.raises(IntegrityError):
        make_draft(slug="store", version=1)


# loading


def test_the_snapshot_gives_the_published_rows_and_stays_in_memory(mock_world):
    snapshot = worlds.load_snapshot(mock_world)

    assert dict(snapshot.rows("item")["lamp"]) == {"id": "lamp", **LAMP}
    assert worlds.load_snapshot(World.objects.get()) is snapshot


def test_frozen_and_plain_rows_are_kept_apart(mock_world, settings):
    frozen = worlds.load_snapshot(mock_world)
    settings.FREEZE_ROWS = False

    assert (frozen.frozen, worlds.load_snapshot(mock_world).frozen) == (True, False)


def test_a_draft_has_no_snapshot():
    with pytest.raises(Conflict, match="is a draft: publish it first"):
        worlds.load_snapshot(make_draft())


def test_a_world_is_found_by_name_and_version(runner):
    first = generated(owner=runner)
    second = generated(owner=runner, version=2, seed=8)

    assert worlds.find_world("made") == second
    assert worlds.find_world("made@1") == first


@pytest.mark.parametrize(
    ("name", "error"),
    [("ghost", NotFound), ("made@9", NotFound), ("made@new", InvalidArgument), ("", NotFound)],
)
def test_a_world_that_is_not_there_is_not_found(name, error):
    make_draft(slug="made")

    with pytest.raises(error):
        worlds.find_world(name)


# generating


def test_a_world_is_generated_once(runner):
    first = generated(owner=runner)

    assert generated(owner=make_user()) == first
    assert first.generator_version == "1 seed=7 size=1"


def test_the_same_seed_gives_the_same_hash(runner):
    hashes = [
        generated(owner=runner, slug=slug, seed=seed).content_hash
        for slug, seed in (("a", 7), ("b", 7), ("c", 8))
    ]

    assert hashes[0] == hashes[1] != hashes[2]


def test_prompts_have_the_clock_and_the_policy_in_them(runner):
    (prompt,) = generated(owner=runner).prompts.values()

    assert "{{" not in json.dumps(prompt)
