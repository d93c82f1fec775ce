"""What is exported, imported and exported again is the same, byte for byte."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation import worlds
from simulation.models import World
from simulation.portability.archive import read_archive, write_archive
from simulation.portability.export import export_archive, export_files, head_files
from simulation.portability.files import sorted_out
from simulation.portability.folder import read_path, write_path
from simulation.portability.imports import import_parcel
from simulation.portability.parcel import read_parcel
from simulation.values import read_instant
from tests.factories import LAMP, LATER, NOW, make_draft, make_user, make_world
from tests.simulation.corecraft import full_world

pytestmark = pytest.mark.django_db
NOISE = [{"type": "item", "id": "lamp", "noise": "named twice"}]


def imported(files, *, publish=True, **options):
    parcel = read_parcel(files, options)
    assert parcel.problems == ()
    return import_parcel(parcel, owner=make_user(), publish=publish)


def moved(world: World, **options) -> World:
    """Export a world and import it under another slug."""
    return imported(read_archive(export_archive(world)), slug=f"{world.slug}-moved", **options)


def same_files(one: World, other: World) -> bool:
    """Compare all files; the slug in world.json is the one thing that differs."""
    left, right = export_files(one), export_files(other)
    right["world.json"] = right["world.json"].replace(
        f'"slug": "{other.slug}"'.encode(), f'"slug": "{one.slug}"'.encode()
    )
    return left == right


def make_corecraft(entities, **fields):
    given = {"slug": "full", "version": 1, "title": "Full", "now": read_instant(NOW), **fields}
    world = World.objects.create(owner=make_user(), environment="corecraft", **given)
    worlds.import_entities(world, entities)
    return worlds.publish_world(world)


@pytest.mark.parametrize("publish", [True, False])
def test_an_export_of_an_import_has_the_same_bytes(publish):
    prompts = {"clerk": "You are a clerk.\r\n\tÜ \U0001f4a1", "empty": ""}
    world = make_world(prompts=prompts, manifest=NOISE, title="Läden & <b>Söhne</b>")

    copy = moved(world, publish=publish)

    assert same_files(world, copy)
    assert copy.content_hash == (world.content_hash if publish else "")
    assert (copy.manifest, copy.prompts) == (NOISE, prompts)


def test_what_a_world_is_can_be_exported_without_its_rows():
    world = make_world(prompts={"clerk": "You are a clerk.\r\n\tÜ", "empty": ""})
    with_rows = export_files(world, with_manifest=False)

    head = head_files(world)

    assert head == {path: with_rows[path] for path in head}
    assert {path.partition("/")[0] for path in with_rows.keys() - head.keys()} == {"entities"}


def test_a_deleted_world_comes_back_as_its_archive():
    draft = make_draft(prompts={"clerk": "Hello"})
    worlds.import_entities(draft, {"item": {"lamp": LAMP}})
    first = export_archive(draft)
    draft.company.entity_types["item"].model.objects.all().delete()
    draft.delete()

    again = imported(read_archive(first), publish=False)

    assert export_archive(again) == first


@pytest.mark.parametrize("size", [0.1, 1])
@pytest.mark.parametrize("company", ["mock_store", "corecraft"])
def test_a_generated_world_keeps_its_bytes_and_its_hash(company, size):
    world = worlds.generate_world(
        environment=company, slug="made", version=1, title="Made", owner=make_user(), seed=7,
        size=size,
    )  # fmt: skip

    copy = moved(world)

    assert same_files(world, copy)
    assert copy.content_hash == world.content_hash


def test_every_type_and_field_of_the_company_keeps_its_bytes():
    world = make_corecraft(full_world.ENTITIES, agent_employee_id="bo-lead")

    copy = moved(world)

    assert same_files(world, copy)
    assert set(worlds.world_document(copy)["entities"]) == set(full_world.ENTITIES)


def test_what_a_row_can_live_without_may_be_absent_and_fractions_of_instants_stay():
    rows = {"s": {"buyer": "Ann", "lines": [], "status": "open", "createdAt": LATER}}
    world = make_world({"item": {}, "sale": rows})

    copy = moved(world)

    assert worlds.world_document(copy)["entities"] == {"sale": rows}


def test_a_bare_folder_needs_no_more_than_a_slug_and_a_clock():
    contents = {f"{name}.json": data for name, data in _entity_files(make_world()).items()}

    world = imported(sorted_out(contents), slug="bare", now=NOW)

    assert (world.environment, world.version, world.title) == ("mock_store", 1, "Bare")
    assert list(world.prompts) == ["clerk"]
    assert "2025-09-15 19:00 UTC" in world.prompts["clerk"]
    assert _entity_files(world) == _entity_files(make_world())


def test_a_bare_folder_has_the_companys_agent_when_it_has_that_employee(db):
    made = worlds.generate_world(
        environment="corecraft", slug="made", version=1, title="Made", owner=make_user(), seed=7,
        size=0.1,
    )  # fmt: skip
    contents = {f"{name}.json": data for name, data in _entity_files(made).items()}

    world = imported(sorted_out(contents), slug="bare", now=NOW)

    assert world.content_hash == made.content_hash


def _entity_files(world):
    files = export_files(world).items()
    return {p[len("entities/") : -5]: d for p, d in files if p.startswith("entities/")}


@pytest.mark.parametrize("name", ["folder", "world.zip"])
def test_folders_and_archives_hold_the_same(name, tmp_path):
    world = make_world(prompts={"clerk": "Hello"})

    write_path(export_files(world), tmp_path / name)
    files = read_path(tmp_path / name)

    assert files.contents == export_files(world)
    assert write_archive(files.contents) == export_archive(world)


def test_an_archive_says_nothing_of_when_and_by_whom_it_was_written():
    world = make_world()
    files = export_files(world)

    assert write_archive(files) == write_archive(dict(reversed(files.items())))
    assert files["entities/item.json"].endswith(b"}\n")
    assert list(files) == sorted(files)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
IDS = TEXTS.filter(bool)
MONEY = st.integers(-(10**11), 10**11).map(lambda cents: cents / 100)
INSTANTS = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='microseconds')}Z")
ITEMS = st.fixed_dictionaries(
    {"name": IDS, "price": MONEY, "inStock": st.integers(-(2**31), 2**31 - 1)},
    optional={"note": TEXTS},
)


@st.composite
def stores(draw):
    items = draw(st.dictionaries(IDS, ITEMS, max_size=4))
    keys = draw(st.sets(IDS, max_size=4))
    lines = st.lists(_lines(items), max_size=3) if items else st.just([])
    sales = {key: draw(_sales(keys, lines)) for key in keys}
    return {"item": items, "sale": sales}


def _lines(items):
    return st.fixed_dictionaries(
        {"itemId": st.sampled_from(sorted(items)), "qty": st.integers(1, 2**63 - 1)}
    )


def _sales(keys, lines):
    required = {
        "buyer": IDS, "lines": lines, "status": st.sampled_from(["open", "paid", "void"]),
        "createdAt": INSTANTS,
    }  # fmt: skip
    optional = {"replacesId": st.sampled_from(sorted(keys)), "updatedAt": INSTANTS}
    return st.fixed_dictionaries(required, optional=optional)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entities=stores(), prompts=st.dictionaries(st.from_regex("[a-z0-9_-]{1,9}", fullmatch=True)
       .filter(lambda name: name[0] not in "_-"), TEXTS.filter(lambda t: t[:1] != "\ufeff"),
       max_size=2), title=TEXTS.filter(str.strip))  # fmt: skip
def test_any_store_keeps_its_bytes(entities, prompts, title):
    world = make_world(entities, prompts=prompts, title=title)

    copy = moved(world)

    assert same_files(world, copy)
    assert copy.content_hash == world.content_hash
    assert copy.title == title
