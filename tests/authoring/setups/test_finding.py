"""The world beside the text, and the menu behind "@"."""

import json

import pytest

from tests.authoring.setups.conftest import HOSTILE, Desk

DESK = {
    "op": "create",
    "entity_type": "item",
    "id": "desk",
    "fields": {"name": f"Desk {HOSTILE}", "price": 200, "inStock": 1},
}


def menu(desk, text):
    return [row["reference"] for row in json.loads(desk.get("find/", q=text).content)["rows"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lamp", ["@item:lamp", "@sale:sale-250901-001", "@sale:sale-250915-004"]),
        ("LA", ["@item:lamp", "@sale:sale-250901-001", "@sale:sale-250915-004"]),
        ("sale-250901-002", ["@sale:sale-250901-002"]),
        ("item:", ["@item:chair", "@item:desk", "@item:lamp"]),
        ("sale:chair", ["@sale:sale-250901-002"]),
        ("desk", ["@item:desk"]),
        ("sale-250915-007", []),
        ("nothing like it", []),
        ("", []),
    ],
)
def test_the_menu_finds_rows_that_agents_can_see(text, found, open_task):
    assert menu(open_task(DESK), text) == found


def test_the_panel_shows_the_rows_that_a_task_names_until_something_is_searched(open_task):
    desk = open_task(DESK, prompt="Sell @item:lamp. Not @item:nothing.")

    page = desk.text(side="world")

    assert "Rows that this task names" in page
    assert 'data-insert="@item:lamp"' in page
    assert 'data-insert="@item:desk"' in page
    assert "@item:nothing" not in page
    assert "chair" not in page.split('id="side"')[1]


def test_the_panel_finds_rows_on_every_tab(open_task):
    desk = open_task(DESK)

    page = desk.client.get("/tasks/sell-lamps/?side=world&find=chair").content.decode()

    assert "@item:chair" in page
    assert "/setup/change/item/chair/" in page
    assert "80.00" in page, "a peek"
    assert "&lt;script&gt;" in desk.text(side="world", find="desk")


def test_the_address_follows_what_is_found(open_task):
    desk = open_task()
    headers = {"HX-Current-URL": "http://testserver/tasks/sell-lamps/rubric/?place=x&side=lint"}

    answer = desk.client.get("/tasks/sell-lamps/setup/world/?find=bo b", headers=headers)
    foreign = desk.client.get(
        "/tasks/sell-lamps/setup/world/", headers={"HX-Current-URL": "https://evil.example/"}
    )

    assert answer["HX-Replace-Url"] == "/tasks/sell-lamps/rubric/?place=x&side=world&find=bo+b"
    assert "HX-Replace-Url" not in foreign


def test_reviewers_find_rows_and_insert_none(open_task, reviewer):
    page = Desk(open_task().task, reviewer).text(side="world", find="lamp")

    assert "@item:lamp" in page
    assert "data-insert" not in page
    assert "Add to setup" not in page
