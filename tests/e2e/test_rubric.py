"""Rubrics in a browser: moved by mouse and keyboard, typed while the preview follows, without
scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.authoring.tasks import make_task
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(runner):
    world = make_world(owner=runner, prompts={"clerk": "You are a clerk."})
    return make_task(runner, world)


def page_of(task, query=""):
    return reverse("rubric:page", args=[task.slug]) + query


def keys(task):
    task.draft.refresh_from_db()
    return [each["key"] for each in task.draft.content["rubric"]["criteria"]]


def test_criteria_are_moved_by_dragging_and_by_keyboard_and_keep_the_focus(task, visit):
    page = visit(page_of(task))
    first, second = page.locator("[data-key]").first, page.locator("[data-key]").last
    assert keys(task) == ["sale-is-paid", "lamps-left-the-shelf"]

    with page.expect_response("**/move/"):
        page.locator("#criterion-sale-is-paid").press("Alt+ArrowDown")
    expect(page.locator("#live")).to_have_text("Criterion moved to place 2 of 2.")
    expect(page.locator("#criterion-sale-is-paid")).to_be_focused()
    expect(first).to_have_attribute("data-key", "lamps-left-the-shelf")
    assert keys(task) == ["lamps-left-the-shelf", "sale-is-paid"]

    with page.expect_response("**/move/"):
        second.locator(".crit-handle").drag_to(first, target_position={"x": 200, "y": 4})
    expect(first).to_have_attribute("data-key", "sale-is-paid")
    assert keys(task) == ["sale-is-paid", "lamps-left-the-shelf"]


def test_typing_keeps_the_caret_while_the_preview_follows(task, visit):
    page = visit(page_of(task))
    page.get_by_role("link", name="Edit criterion 2").click()
    value = page.get_by_label("value", exact=False).last
    preview = page.locator("#preview-lamps-left-the-shelf")
    expect(page.get_by_label("What must be true", exact=True)).to_be_focused()

    value.fill("7")
    expect(preview).to_contain_text("not met")
    expect(preview).to_contain_text("in stock is 7")
    value.press("End")
    page.keyboard.type("0", delay=30)
    expect(preview).to_contain_text("in stock is 70")
    expect(value).to_be_focused()
    assert value.evaluate("field => field.selectionStart") == 2

    page.get_by_role("button", name="Add a row to expect").click()
    expect(page.get_by_role("group", name="expect 2").get_by_label("path")).to_be_focused()
    page.keyboard.type("name")
    page.get_by_role("group", name="expect 2").get_by_label("value").fill("Lamp")
    expect(preview).to_contain_text("in stock is 70 and name is Lamp")


def test_a_criterion_is_written_without_scripts(task, visit):
    page = visit(page_of(task, "?edit=sale-is-paid"), java_script_enabled=False, width=390)
    page.get_by_label("What must be true", exact=True).fill("It is paid, twice.")
    page.get_by_role("button", name="Add a row to expect").click()
    page.get_by_role("group", name="expect 2").get_by_label("path").fill("buyer")
    page.get_by_role("group", name="expect 2").get_by_label("value").fill("dee")
    page.get_by_role("button", name="Done").click()

    card = page.locator("#criterion-sale-is-paid")
    expect(card).to_contain_text("It is paid, twice.")
    expect(card).to_contain_text("status is paid and buyer is dee")
    card.get_by_role("button", name="Move criterion 1 down").click()
    assert keys(task) == ["lamps-left-the-shelf", "sale-is-paid"]
