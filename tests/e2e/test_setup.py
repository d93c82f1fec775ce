"""The @ menu and the world beside the text, in a real browser, by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.authoring.tasks import make_task
from tests.e2e.conftest import axe
from tests.factories import make_world

LAMP = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 9.5}}


@pytest.fixture
def task(runner):
    world = make_world(owner=runner, slug="store", version=1, prompts={"clerk": "Sell."})
    return make_task(runner, world, prompt="Sell a lamp.", setup=[LAMP])


def test_references_are_written_by_menu_and_by_button(task, visit):
    page = visit("/tasks/sell-lamps/?side=world&find=chair")
    prompt = page.locator("textarea[name=prompt]")
    prompt.press("Control+End")

    page.keyboard.type(" Take @cha")
    page.locator("#mention-0").wait_for()
    expect(prompt).to_have_attribute("aria-activedescendant", "mention-0")
    assert axe(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(prompt).to_have_value("Sell a lamp. Take @item:chair ")
    expect(page.locator("#mention-menu")).to_be_hidden()
    page.keyboard.type("or @la")
    page.locator("#mention-0").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(prompt).not_to_have_value(re.compile("or @la"))

    page.get_by_role("button", name="Insert @item:chair").click()
    expect(prompt).to_have_value(re.compile("@item:chair$"))
    page.locator("[data-save-state=saved]").wait_for()
    task.draft.refresh_from_db()
    shown = prompt.input_value()
    assert task.draft.content["prompt"] == shown.rstrip()


def test_a_change_is_saved_while_it_is_typed(task, visit):
    page = visit("/tasks/sell-lamps/setup/1/")
    price = page.get_by_label("price")

    price.fill("cheap")
    price.press("Tab")
    page.locator(".field .error").wait_for()
    price.fill("7.25")
    price.press("Tab")
    page.locator(".field .error").wait_for(state="detached")

    task.draft.refresh_from_db()
    assert task.draft.content["setup"][0]["fields"] == {"price": 7.25}
    page.goto("/tasks/sell-lamps/setup/?side=world")
    expect(page.get_by_text("7.25").first).to_be_visible()
