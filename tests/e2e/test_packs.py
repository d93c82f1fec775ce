"""A pack in a browser: made, filled by a filter, frozen, and looked at in both themes."""

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from authoring.models import PackVersion
from tests.authoring.packs.conftest import PROMPTS
from tests.authoring.tasks import make_revision, make_task
from tests.e2e.conftest import axe
from tests.e2e.ways import width_of
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = ((1400, "light"), (390, "dark"), (1400, "dark"), (390, "light"))


@pytest.fixture
def tasks(runner):
    runner.groups.add(Group.objects.get_or_create(name="author")[0])
    world = make_world(slug="store", version=1, prompts={"clerk": "You are a clerk."})
    for slug in ("lamps", "again", "third"):
        difficulty = "easy" if slug == "third" else "hard"
        task = make_task(runner, world, slug, prompt=PROMPTS[slug], difficulty=difficulty)
        make_revision(task, "approved")


def test_a_pack_is_made_filled_by_filter_frozen_and_looked_at(tasks, visit):
    page = visit("/packs/")

    page.get_by_role("link", name="Make the first pack").click()
    page.get_by_label("Title").fill("Lamps")
    page.get_by_label("Exact numbers").check()
    page.get_by_role("textbox", name="Held out").fill("1")
    page.get_by_role("button", name="Make the pack").click()
    page.get_by_role("link", name="Add tasks").first.click()
    page.get_by_label("Difficulty").select_option("hard")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("All 2 approved tasks that match").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add 2 tasks").click()
    expect(page.get_by_text("It can be frozen, with")).to_be_visible()  # loaded by itself
    looked_at(page, "/packs/lamps/")
    page.get_by_role("link", name="Freeze version 1").click()
    expect(page.get_by_text("1 task becomes held out.")).to_be_visible()
    page.get_by_label("Notes").fill("The first.")
    page.get_by_role("button", name="Freeze lamps@1").click()

    expect(page.get_by_text("lamps@1 is frozen.")).to_be_visible()
    assert PackVersion.objects.get().notes == "The first."
    looked_at(page, "/packs/lamps/versions/1/")
    expect(page.get_by_text("1 held-out task is not listed")).to_be_visible()


def looked_at(page, path):
    """Look at a page in both themes, wide and narrow."""
    for width, theme in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert axe(page) == [], (path, width, theme)
        assert width_of(page) <= width
    page.set_viewport_size({"width": 1400, "height": 900})
