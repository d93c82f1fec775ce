"""Taking a world out and bringing it in again, with a browser."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from simulation import roles
from simulation.models import Upload, World
from simulation.portability.archive import read_archive, write_archive
from simulation.portability.export import export_archive
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import STORE, make_world
from tests.simulation.portability.parcels import as_bytes, make_contents

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN = {
    "entities/item.json": {f"lamp-{number}": {"colour": "red"} for number in range(9)},
    "entities/ghost.json": {},
    "a-file-with-a-very-long-name-that-goes-on-and-on-until-it-is-wider-than-a-phone.txt": b"",
}


@pytest.fixture(autouse=True)
def author_too(runner):
    runner.groups.add(Group.objects.get_or_create(name=roles.AUTHOR)[0])


def stop_at_the_world(route):
    """Show the address to which an import leads: the page there is tested elsewhere."""
    response = route.fetch(max_redirects=0)
    target = response.headers.get("location", "")
    if "@" in target:
        route.fulfill(status=200, content_type="text/html", body=f"<p>went to {target}</p>")
    else:
        route.fulfill(response=response)


@pytest.fixture
def choose(visit, tmp_path):
    """Upload files by name and content, and give the page that follows."""

    def upload(files, **options):
        page = visit("/world/import/", **options)
        page.route("**/world/import/*/", stop_at_the_world)
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        page.locator("#id_archive").set_input_files([tmp_path / name for name in files])
        page.get_by_role("button", name="Look at it").click()
        page.wait_for_url("**/world/import/*/")
        return page

    return upload


def test_an_exported_world_is_imported_as_the_next_version(visit, choose, runner):
    world = make_world(slug="store", prompts={"clerk": "Hello"}, owner=runner)
    page = visit("/world/import/")
    with page.expect_download() as download:
        page.evaluate(f"location.href = '/world/{world}/export/'")
    data = download.value.path().read_bytes()
    assert download.value.suggested_filename == "store-1.zip"

    page = choose({"store.zip": data})
    page.get_by_text("store@1 exists.").wait_for()
    page.get_by_role("button", name="Import as draft").click()
    page.get_by_text("went to /world/store@2/").wait_for()

    copy = World.objects.get(version=2)
    assert copy.is_draft
    left, right = read_archive(data).contents, read_archive(export_archive(copy)).contents
    assert {path for path in left if left[path] != right[path]} == {"world.json"}


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_bare_folder_is_named_and_published_by_keyboard(has_scripts, choose):
    files = {f"{name}.json": as_bytes(rows) for name, rows in STORE.items()}
    page = choose(files, java_script_enabled=has_scripts)

    page.get_by_label("Short name").focus()
    page.keyboard.type("corner-shop")
    page.get_by_label("Clock").focus()
    page.keyboard.type("2025-09-15T19:00:00Z")
    page.get_by_role("button", name="Import and publish").focus()
    page.keyboard.press("Enter")
    page.get_by_text("went to /world/corner-shop@1/").wait_for()

    world = World.objects.get()
    assert (str(world), world.is_draft, world.environment) == (
        "corner-shop@1", False, "mock_store",
    )  # fmt: skip
    assert not Upload.objects.exists()


def test_a_problem_is_reached_from_its_summary(choose):
    page = choose({"w.zip": write_archive(make_contents(BROKEN))})

    page.get_by_role("link", name="entities/ghost.json").click()

    expect(page.locator("section:target").get_by_text("has no entity type")).to_be_visible()
    expect(page.get_by_role("button", name="Import and publish")).to_have_count(0)


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, choose):
    make_world(slug="store")
    findings = {}
    for name, contents in (("broken", make_contents(BROKEN)), ("fine", make_contents())):
        page = choose({"w.zip": write_archive(contents)}, width=width)
        findings[name] = axe_in_both_themes(page)
        assert width_of(page) <= width
        assert page.locator(".table-box").evaluate("box => box.scrollWidth <= box.clientWidth")
        page.goto("/world/import/")
        findings[f"choose {name}"] = axe_in_both_themes(page)
        assert width_of(page) <= width

    assert not any(findings.values()), findings
