"""Asking a world and trying its tools in a browser: by keyboard and without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from simulation.playground.scratch import call_in_scratch
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import make_world, sale

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = {
    "lamp": {"name": "Lamp", "price": 12.5, "inStock": 10},
    "chair": {"name": "Chair", "price": 80.0, "inStock": 2, "note": "red"},
}


@pytest.fixture
def world(runner):
    sales = {
        f"sale-250901-{n:03d}": sale("ana" if n % 3 else "bo", "lamp" if n % 2 else "chair")
        for n in range(1, 61)
    }
    return make_world({"item": ITEMS, "sale": sales}, owner=runner)


def address(world, name, *more, query=""):
    return reverse(f"simulation:{name}", args=[world.slug, world.version, *more]) + query


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def walk_to(page, name):
    """Tab on until the control of this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.name || document.activeElement.textContent.trim()"
        )
        if focused == name:
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_a_question_is_asked_by_keyboard_alone(world, visit):
    page = visit(address(world, "query"))

    walk_to(page, "type")
    page.keyboard.type("sales")
    expect(page.locator("output")).to_have_text("60")
    walk_to(page, "add")
    press(page, "Enter")
    expect(page.locator("#id_path1")).to_be_focused()
    page.keyboard.type("lines.itemId")
    press(page, "Tab")
    expect(page.locator("#id_value1_0")).to_have_attribute("hx-get", re.compile("of=item"))
    walk_to(page, "value1")
    page.keyboard.type("chair")
    press(page, "Enter")

    expect(page.locator("output")).to_have_text("30")
    expect(page.locator(".answer")).to_contain_text("where the lines' item id is chair")
    expect(page).to_have_url(re.compile(r"value1=chair"))


def test_going_back_goes_back_to_the_question_before(world, visit):
    page = visit(address(world, "query", query="?type=item"))

    page.get_by_label("Take the").select_option("max")
    page.locator("#id_path_0").wait_for()
    page.locator("#id_path_0").fill("price")
    page.locator("#id_path_0").blur()
    expect(page.locator("output")).to_have_text("80.00")
    expect(page).to_have_url(re.compile("price"))
    slow = []  # the page in between, which its reader does not wait for
    page.route(re.compile("measure=max"), lambda route: slow.append(route))
    page.go_back()
    expect(page).not_to_have_url(re.compile("price"))
    with page.expect_event("requestfailed"):
        page.go_back()

    expect(page.locator("output")).to_have_text("2")
    expect(page.get_by_label("Take the")).to_have_value("count")
    assert len(slow) == 1


def test_what_is_being_typed_stays_while_the_answer_comes(world, visit):
    page = visit(address(world, "query", query="?type=sale&path1=buyer&op1=eq&value1=ana"))

    page.locator("#id_op1").select_option("ne")
    page.locator("#id_value1_0").fill("bo, still typ")
    expect(page.locator(".answer")).to_contain_text("is not ana")

    expect(page.locator("#id_value1_0")).to_have_value("bo, still typ")
    expect(page.locator(":focus")).to_have_id("id_value1_0")


def test_a_row_is_found_by_its_name(world, visit):
    query = "?type=sale&path1=lines.itemId&op1=eq&value1="
    page = visit(address(world, "query", query=query))

    page.locator("#id_value1_0").press_sequentially("cha")

    expect(page.locator("#there1 option")).to_have_count(1)
    expect(page.locator("#there1 option")).to_have_attribute("value", "chair")


def test_without_scripts_a_question_is_built_and_asked(world, visit):
    page = visit(address(world, "query", query="?type=sale"), java_script_enabled=False)

    page.get_by_role("button", name="Add a condition").click()
    page.locator("#id_path1").fill("status")
    page.get_by_role("button", name="Ask").last.click()
    page.locator("select#id_value1_0").select_option("open")
    page.get_by_label("Take the").select_option("list")
    page.get_by_role("button", name="Ask").last.click()
    page.locator("#id_path_0").fill("buyer")
    page.get_by_role("button", name="Ask").last.click()

    expect(page.locator(".items li")).to_have_text(["ana", "bo"], use_inner_text=True)
    page.get_by_role("button", name="Remove condition 1").click()
    expect(page.locator("#id_path1")).to_have_count(0)
    expect(page.locator("#as-yaml")).to_have_text(re.compile("^query:"))
    page.get_by_text("All fields that can be asked about").click()
    page.get_by_role("button", name="lines.qty").click()
    expect(page.locator("#id_path1")).to_have_value("lines.qty")


def test_the_query_is_copied(world, visit):
    page = visit(address(world, "query", query="?type=sale"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").first.click()

    expect(page.locator("#live")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "query: {entity_type: sale, measure: count}"


def test_a_tool_is_called_by_keyboard_alone(world, visit):
    page = visit(address(world, "tool", "sell"))

    walk_to(page, "arg.buyer")
    page.keyboard.type("dee")
    press(page, "Tab")
    page.keyboard.type("sofa")
    press(page, "Enter")
    page.locator(".tool-form .notice a").wait_for()
    walk_to(page, "item id: there is no item 'sofa'")
    press(page, "Enter")
    expect(page.locator("[name='arg.item_id']")).to_be_focused()
    press(page, "Control+a")
    page.keyboard.type("chair")
    press(page, "Enter")

    page.wait_for_url(re.compile(r"\?step=2#result$"))
    expect(page.locator(".call-view .change")).to_have_count(2)
    expect(page.locator(".calls-log li")).to_have_count(2)


def test_without_scripts_tools_are_called_looked_up_and_reset(world, visit):
    page = visit(address(world, "tools"), java_script_enabled=False)

    page.get_by_role("link", name="sell", exact=True).click()
    page.locator("[name='arg.buyer']").fill("dee")
    page.locator("[name='arg.item_id']").fill("lamp")
    page.get_by_role("button", name="Run the tool").click()
    made = page.locator(".result-fields code").first.inner_text()
    page.get_by_role("link", name="updateSale").click()
    page.locator("[name='arg.sale_id']").fill(made)
    page.locator("[name='arg.status']").select_option("paid")
    page.get_by_role("button", name="Run the tool").click()
    page.get_by_role("link", name="Copy as reference steps").click()

    expect(page.locator("#reference-yaml")).to_contain_text("{$ref: 1.id}", use_inner_text=True)
    page.go_back()
    page.locator(".calls-log a").last.click()
    expect(page.locator("[name='arg.buyer']")).to_have_value("dee")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_text("Your clone is fresh again")).to_be_visible()
    expect(page.get_by_text("No calls yet.")).to_be_visible()


@pytest.fixture
def places(world, runner):
    for name, arguments in (
        ("sell", '{"buyer": "dee", "item_id": "lamp"}'),
        ("searchSales", "{}"),
        ("sell", '{"buyer": "dee", "item_id": "sofa"}'),
    ):
        call_in_scratch(world, runner, tool=name, arguments_raw=arguments, call_id=name + arguments)
    asked = "?type=sale&measure=sum&path=lines.qty&path1=buyer&op1=eq&value1=ana"
    wrong = "?type=sale&measure=max&path=buyer&path1=status&op1=in&path2=nope&path3=createdAt"
    return (
        address(world, "query", query=asked),
        address(world, "query", query=wrong),
        address(world, "query", query="?type=sale&measure=list&path=id&path1=createdAt&op1=gte"),
        address(world, "tools"),
        address(world, "tool", "sell"),
        address(world, "tool", "searchSales", query="?step=2"),
        address(world, "tool", "sell", query="?step=3"),
        address(world, "tools_reference"),
    )


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(width, places, visit):
    page = visit("/", width=width)
    findings = {}

    for place in places:
        page.goto(place)
        for fold in page.locator("summary").all():
            if fold.is_visible():
                fold.click()
        findings[place] = axe_in_both_themes(page)
        wide = width_of(page)
        findings[place] += [f"{wide} px wide"] if wide > width else []

    assert {place: found for place, found in findings.items() if found} == {}
