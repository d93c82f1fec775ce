"""`import_world` and `export_world`, as they are typed."""

import io

import pytest
from django.core.management import CommandError, call_command

from simulation import roles
from simulation.management.commands.import_world import Command
from simulation.models import World
from simulation.people import NOBODY
from simulation.portability.export import export_files
from simulation.portability.folder import write_path
from tests.factories import NOW, make_user, make_world
from tests.simulation.portability.parcels import bare_files, make_contents

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def admin(db):
    return make_user("adam", roles.ADMIN)


def typed(command, *arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


@pytest.mark.parametrize("name", ["folder", "world.zip"])
def test_export_then_import_then_export_gives_the_same_files(name, tmp_path):
    world = make_world(slug="store", prompts={"clerk": "Hello"})
    typed("export_world", "store", tmp_path / name)

    out, _ = typed("import_world", tmp_path / name, "--version", "2")

    copy = World.objects.get(slug="store", version=2)
    assert out == f"store@2 {world.content_hash}"
    left, right = export_files(world), export_files(copy)
    assert {path for path in left if left[path] != right[path]} == {"world.json"}


def test_a_bare_folder_is_imported_with_options(tmp_path, admin):
    write_path(bare_files().contents, tmp_path / "bare")

    out, _ = typed("import_world", tmp_path / "bare", "--slug", "mine", "--now", NOW, "--draft")

    assert out == "mine@1 draft"
    world = World.objects.get()
    assert (world.owner, world.environment, world.is_draft) == (admin, "mock_store", True)


def test_options_override_world_json_and_somebody_else_may_own_it(tmp_path):
    write_path(make_contents(), tmp_path / "w")
    alice = make_user("alice")

    typed(
        "import_world", tmp_path / "w", "--slug", "mine", "--title", "Mine", "--owner", "alice",
        "--environment", "mock_store", "--now", "2026-01-01T00:00:00Z",
    )  # fmt: skip

    world = World.objects.get()
    assert (str(world), world.title, world.owner) == ("mine@1", "Mine", alice)
    assert world.now.year == 2026


def test_every_problem_is_told_and_nothing_is_imported(tmp_path):
    broken = {"item": {"a": {}}, "sale": []}
    write_path(bare_files(broken).contents, tmp_path / "bare")

    with pytest.raises(CommandError) as refusal:
        typed("import_world", tmp_path / "bare")

    lines = str(refusal.value).splitlines()
    assert "item.json: 'a': name: is required; expected text of 1 to 200 characters" in lines
    assert "sale.json: write one object of ids and rows, not []" in lines
    assert any(line.startswith("options: slug: is missing") for line in lines)
    assert not World.objects.exists()


def test_notes_are_told_beside_the_result(tmp_path):
    write_path(make_contents({"system-prompts/clerk.md": b"a\0b"}), tmp_path / "w")

    out, err = typed("import_world", tmp_path / "w")

    assert out.startswith("store@1 ")
    assert err.startswith("system-prompts/clerk.md: characters that cannot be stored become")


def test_a_world_can_be_brought_in_before_there_are_people(tmp_path, admin):
    admin.delete()
    write_path(make_contents(), tmp_path / "w")

    typed("import_world", tmp_path / "w")

    assert World.objects.get().owner.username == NOBODY


def test_the_version_of_the_world_takes_the_place_of_djangos():
    parser = Command().create_parser("manage.py", "import_world")

    assert parser.parse_args(["somewhere", "--version", "3"]).version == "3"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export_world", "ghost", "out"], "there is no published world 'ghost'"),
        (["export_world", "ghost@1", "out"], "there is no world 'ghost@1'"),
        (["import_world", "ghost"], "there is no such folder or zip file"),
    ],
)
def test_what_is_not_there_is_told(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match=message):
        typed(*arguments)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    make_world(slug="store")
    (tmp_path / "file").touch()

    with pytest.raises(CommandError, match="cannot be written: Not a directory"):
        typed("export_world", "store", tmp_path / "file" / "deeper")
