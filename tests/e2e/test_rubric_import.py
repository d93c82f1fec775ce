"""Importing criteria in a browser without scripts: a file, what is wrong, what comes of it."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.authoring.rubric_imports.samples import HEALTHBENCH, lines
from tests.authoring.tasks import make_task
from tests.e2e.conftest import axe
from tests.e2e.ways import width_of
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(runner):
    world = make_world(owner=runner, prompts={"clerk": "You are a clerk."})
    return make_task(runner, world)


def test_a_file_of_two_rows_is_looked_at_and_one_of_them_replaces_the_rubric(task, visit):
    page = visit(reverse("rubric:page", args=[task.slug]), java_script_enabled=False, width=390)
    page.get_by_role("link", name="Import criteria").click()
    other = {**HEALTHBENCH, "rubrics": [{"criterion": "Greets.", "points": 3, "tags": []}]}
    data = lines(HEALTHBENCH, other).encode()
    page.get_by_label("File").set_input_files(
        {"name": "rows.jsonl", "mimeType": "application/jsonl", "buffer": data}
    )
    page.get_by_role("button", name="Look at it").click()

    expect(page.get_by_role("alert")).to_contain_text("It holds 2 rubrics: choose one")
    page.get_by_label("Part", exact=True).select_option("2")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label("Remove 2 criteria").check()
    page.get_by_role("button", name="Replace the rubric").click()

    expect(page.get_by_role("heading", name="Greets.")).to_be_visible()
    task.draft.refresh_from_db()
    assert [each["points"] for each in task.draft.content["rubric"]["criteria"]] == [3]


def test_the_page_has_nothing_that_axe_finds_and_is_no_wider_than_a_phone(task, visit):
    rubric = [{"text": "Word " * 60, "points": 3}, {"text": "B" * 120, "points": -2}]
    shown = {"light": rubric, "dark": [*rubric, {"text": ""}]}
    for color, items in shown.items():
        url = reverse("rubric_import:choose", args=[task.slug])
        page = visit(url, width=390, color_scheme=color)
        page.get_by_label("or the text itself").fill(json.dumps(items))
        page.get_by_role("button", name="Look at it").click()
        expect(page.locator("#preview, #problems")).to_have_count(1)
        assert axe(page) == []
        assert width_of(page) == 390
