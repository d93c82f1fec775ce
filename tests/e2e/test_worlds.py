"""An expert finds a row and what it hangs together with: by keyboard, without scripts, by axe."""

import re

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from simulation import worlds
from simulation.models import World
from simulation.values import read_instant
from tests.e2e.conftest import axe, axe_in_both_themes
from tests.e2e.ways import width_of
from tests.simulation.corecraft import full_world
from tests.simulation.corecraft.worlds import NOW

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/world/full@2/"
ORDER = f"{BASE}order/ord-250801-001/"
PAGES = (
    "/world/",
    BASE,
    f"{BASE}search/?q=ada",
    f"{BASE}order/?status=partially_refunded",
    f"{BASE}product/",
    ORDER,
    f"{ORDER}?raw",
    f"{BASE}support_ticket/tick-250801-001/",
    f"{BASE}product/gpu-1/",
    f"{BASE}policies/",
    f"{BASE}policies/company/",
    f"{BASE}changes/",
    "/tasks/using/full@2/order/ord-250801-001/",
)


@pytest.fixture
def world(runner) -> World:
    """Two versions of a company with every kind of row; the second has another clock and price."""
    runner.groups.add(Group.objects.get_or_create(name="author")[0])
    for version in (1, 2):
        entities = {**full_world.ENTITIES}
        product = {**entities["product"]["gpu-1"], "price": 100.0 + version}
        entities["product"] = {**entities["product"], "gpu-1": product}
        world = World.objects.create(
            environment="corecraft",
            slug="full",
            version=version,
            title="Full",
            owner=runner,
            now=read_instant(NOW),
            prompts={"copilot": f"# Work\n\nVersion {version}."},
            manifest=[{"type": "order", "id": "ord-250801-001", "noise": "same_name"}],
        )
        worlds.import_entities(world, entities)
        worlds.publish_world(world)
    return world


def test_from_home_to_a_row_and_along_its_links(world, visit):
    page = visit("/")

    page.get_by_role("link", name="World", exact=True).click()
    page.get_by_role("link", name="Full", exact=True).click()
    page.locator(".kinds").get_by_role("link", name="orders").click()
    page.get_by_role("link", name="ord-250801-001").click()
    page.get_by_role("link", name="Ada Berg").first.click()

    expect(page).to_have_url(re.compile(r"/customer/ada-berg-10001/$"))
    page.locator(".related").get_by_role("link", name="ord-250801-001").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ord-250801-001", use_inner_text=True)
    page.get_by_text("No task that you may see names this row.").wait_for()


def test_a_row_is_found_by_keyboard_alone(world, visit):
    page = visit(BASE)

    page.keyboard.press("/")
    page.keyboard.type("not even the fans")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search"))
    page.locator("#hits-support_ticket").wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if "tick-250801-001" in page.evaluate("document.activeElement.href || ''"):
            break
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"support_ticket/tick-250801-001/$"))


def test_results_come_while_somebody_types(world, visit):
    page = visit(f"{BASE}search/")

    page.get_by_label("Search all kinds of rows").press_sequentially("orrery cpu")

    page.get_by_role("link", name="Orrery cpu").first.wait_for()
    expect(page).to_have_url(re.compile(r"q=orrery"))


def test_filters_are_picked_by_keyboard_and_escape_closes_them(world, visit):
    page = visit(f"{BASE}product/")
    picker = page.locator("details.pick", has_text="category").first

    picker.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(picker).not_to_have_attribute("open", re.compile(""))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"category=cpu"))
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/product/\?category=cpu$"))


def test_a_reference_is_copied(world, visit):
    page = visit(ORDER, permissions=["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy reference").click()

    assert page.evaluate("navigator.clipboard.readText()") == "@order:ord-250801-001"
    expect(page.locator("#live")).to_have_text("Copied: @order:ord-250801-001", use_inner_text=True)


def test_brackets_go_along_the_list(world, visit):
    page = visit(f"{BASE}product/cpu-1/?sort=name")
    first = page.url

    page.keyboard.press("]")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("[")

    page.wait_for_url(first)


def test_without_scripts_everything_can_be_reached(world, visit):
    page = visit(f"{BASE}product/", java_script_enabled=False)

    page.locator("details.pick summary").first.click()
    page.get_by_label("cpu", exact=False).first.check()
    page.get_by_role("button", name="Apply").first.click()
    expect(page.locator("table.rows tbody tr")).to_have_count(1)
    page.locator("table.rows tbody a").first.click()
    expect(page.locator("#reference")).to_have_text("@product:cpu-1", use_inner_text=True)
    page.get_by_text("Raw JSON").click()
    page.get_by_role("link", name="on a page of its own").click()
    expect(page.locator("pre")).to_contain_text('"sku": "ORR-cpu"', use_inner_text=True)
    page.goto(ORDER)
    page.get_by_role("link", name="Tasks that name this row").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Tasks that name ord-250801-001", use_inner_text=True
    )
    page.goto(f"{BASE}changes/")
    page.get_by_label("Compare full@2 with").select_option("1")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("From v1 to v2", use_inner_text=True)


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, world, visit):
    page = visit("/world/", width=width)
    findings = {}

    for path in PAGES:
        page.goto(path)
        found = axe_in_both_themes(page)
        wide = width_of(page)
        if found or wide > width:
            findings[path] = [*found, wide]

    assert findings == {}, "\n".join(map(str, findings.items()))


@pytest.mark.parametrize("width", [1400, 390])
def test_open_pickers_and_filters_stay_on_the_page_and_pass_axe(width, world, visit):
    page = visit(f"{BASE}order/", width=width)

    for summary in page.locator("details.pick > summary, .more-filters > summary").all():
        summary.click()
        assert axe(page) == []
        assert width_of(page) <= width
        page.keyboard.press("Escape")
