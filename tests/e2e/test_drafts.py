"""A draft in a browser, from the copy to its publication: by keyboard and without scripts."""

import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import expect

from simulation.addresses import row_url, world_url
from simulation.drafts import create_row, fingerprint, update_row
from simulation.models import World
from simulation.worlds import import_entities, read_row
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.test_workshop import press, walk_to
from tests.e2e.ways import width_of
from tests.factories import LAMP, STORE, make_draft, make_world, sale
from tests.simulation.corecraft.full_world import ENTITIES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def author_of_worlds(runner):
    group, _ = Group.objects.get_or_create(name="author")
    runner.groups.add(group)
    return runner


@pytest.fixture
def world(author_of_worlds):
    return make_world(owner=author_of_worlds)


@pytest.fixture
def draft(author_of_worlds):
    world = make_draft(author_of_worlds, prompts={"clerk": "You sell **lamps**."})
    import_entities(world, STORE)
    return world


def row(world, key):
    return read_row(world, world.company.entity_types["item"], key)


def test_by_keyboard_alone_a_world_is_copied_edited_checked_and_published(world, visit):
    page = visit(world_url(world))

    walk_to(page, "New version")
    press(page, "Enter")
    expect(page.locator(".draft-bar")).to_be_visible()
    copy = World.objects.get(parent=world)
    page.goto(row_url(copy, "item", "lamp"))
    walk_to(page, "Edit")
    press(page, "Enter")
    page.locator("#sheet").wait_for()
    walk_to(page, "row.price")
    press(page, "Control+a")
    page.keyboard.type("13.5")
    press(page, "Enter")
    expect(page.get_by_text("item lamp was saved.")).to_be_visible()
    page.goto(world_url(copy, "sale/"))
    walk_to(page, "New sale")
    press(page, "Enter")
    page.locator("#sheet").wait_for()
    walk_to(page, "row.buyer")
    page.keyboard.type("Eve")
    walk_to(page, "row.lines.0.itemId")
    page.keyboard.type("lamp")
    press(page, "Tab")
    page.keyboard.type("2")
    walk_to(page, "row.status")
    page.keyboard.type("paid")
    walk_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_text("sale sale-250915-008 was made.")).to_be_visible()
    walk_to(page, "Check")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="What breaks a rule")).to_be_visible()
    walk_to(page, "Publish")
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Publishing cannot be undone")).to_be_visible()
    page.locator("#freeze-title").scroll_into_view_if_needed()
    page.locator("form[aria-labelledby=freeze-title] button").focus()
    press(page, "Enter")

    expect(page.get_by_text("is published: agents can use it")).to_be_visible()
    copy.refresh_from_db()
    assert not copy.is_draft
    assert row(copy, "lamp")["price"] == 13.5


def test_without_scripts_the_same_is_done(world, visit):
    page = visit(world_url(world), java_script_enabled=False)

    page.get_by_role("button", name="New version").click()
    page.get_by_role("link", name="Publish").wait_for()
    copy = World.objects.get(parent=world)
    page.goto(row_url(copy, "item", "chair"))
    page.get_by_role("link", name="Edit").click()
    page.locator("[name='row.price']").fill("cheap")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("#problems a").click()
    expect(page).to_have_url(re.compile(r"#id_row\.price$"))
    page.locator("[name='row.price']").fill("79")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[name='row.price']")).to_have_count(0)
    page.goto(world_url(copy, "new/sale/"))
    page.locator("[name='row.buyer']").fill("Eve")
    page.locator("[name='row.status']").select_option("open")
    page.locator("[name='row.lines.0.itemId']").fill("cha")
    page.locator("[name='row.lines.0.qty']").fill("1")
    page.get_by_role("button", name="Add a row").click()
    page.locator("[name='row.lines.1.itemId']").fill("lamp")
    page.locator("[name='row.lines.1.qty']").fill("3")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("button[name=pick]").first.click()
    page.get_by_role("button", name="Remove lines 2").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("sale sale-250915-008 was made.")).to_be_visible()
    page.get_by_role("link", name="Publish").click()
    page.locator("main form[aria-labelledby=freeze-title] button").click()

    expect(page.get_by_text("is published: agents can use it")).to_be_visible()
    copy.refresh_from_db()
    assert not copy.is_draft
    assert row(copy, "chair")["price"] == 79.0
    made = read_row(copy, copy.company.entity_types["sale"], "sale-250915-008")
    assert made["lines"] == [{"itemId": "chair", "qty": 1}]


def test_enter_in_a_field_saves_and_takes_no_row_away(draft, visit):
    page = visit(world_url(draft, "edit/sale/sale-250901-001/"))

    page.locator("[name='row.lines.0.qty']").fill("7")
    press(page, "Enter")

    expect(page.get_by_text("was saved.")).to_be_visible()
    stored = read_row(draft, draft.company.entity_types["sale"], "sale-250901-001")
    assert stored["lines"] == [{"itemId": "lamp", "qty": 7}]


def test_a_conflict_is_settled_field_by_field(draft, visit):
    page = visit(world_url(draft, "edit/item/lamp/"))
    page.locator("[name='row.name']").fill("Tall lamp")
    page.locator("[name='row.price']").fill("20")
    stored = row(draft, "lamp")
    update_row(draft, "item", "lamp", {**LAMP, "price": 15.0}, base=fingerprint(stored))

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Take theirs for price").click()
    expect(page.locator("[name='row.price']")).to_have_value("15.00")
    page.get_by_role("button", name="Save mine over it").click()

    expect(page.get_by_text("item lamp was saved.")).to_be_visible()
    assert (row(draft, "lamp")["name"], row(draft, "lamp")["price"]) == ("Tall lamp", 15.0)


def test_opening_and_saving_in_a_real_browser_changes_nothing(author_of_worlds, visit):
    world = make_draft(author_of_worlds)
    odd = {**LAMP, "name": " A\nlamp ", "note": "\nfirst line empty\r\n\rlast\n"}
    lines = [{"itemId": "odd", "qty": 1}]
    moment = "2025-09-01T10:00:00.123456Z"
    import_entities(world, {"item": {"odd": odd}, "sale": {"s": sale(lines=lines, at=moment)}})
    page = visit("/")

    for kind, key in (("item", "odd"), ("sale", "s")):
        before = read_row(world, world.company.entity_types[kind], key)
        page.goto(world_url(world, f"edit/{kind}/{key}/"))
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was saved.")).to_be_visible()
        assert read_row(world, world.company.entity_types[kind], key) == before


@pytest.fixture
def places(draft, author_of_worlds):
    full = make_draft(author_of_worlds, environment="corecraft", agent_employee_id="nobody-here")
    import_entities(full, ENTITIES)
    create_row(draft, "item", "LAMP", LAMP)
    names = ("details", "check", "publish", "discard")
    kinds = ("product/bundle-1", "order/ord-250801-001", "slack_message/slack-250801-001")
    return (
        *(reverse(f"simulation:{name}", args=[full.slug, 1]) for name in names),
        *(world_url(full, f"edit/{kind}/") for kind in kinds),
        world_url(full, "new/refund/"),
        world_url(full, "delete/customer/ada-berg-10001/"),
        world_url(full, "delete/sla/return-high-gold/"),
        world_url(full, "order/"),
        row_url(full, "order", "ord-250801-001"),
        world_url(full, "query/"),
        world_url(full, "tools/"),
        world_url(draft, "check/"),
        "/world/",
    )


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(width, places, visit):
    page = visit("/", width=width)
    findings = []

    def look(name):
        for fold in page.locator("main details:not([open]):not(.pick) > summary").all():
            if fold.is_visible():
                fold.click()
        wide = width_of(page)
        found = [*axe_in_both_themes(page), *([f"{wide} px wide"] if wide > width else [])]
        findings.extend(f"{name}: {each}" for each in found)

    for place in places:
        page.goto(place)
        look(place)
    page.goto(places[7])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#problems")).to_be_visible()
    look("problems")
    _conflict(page, places[5])
    look("conflict")

    assert findings == []


def _conflict(page, url):
    page.goto(url)
    world = World.objects.get(slug=re.search(r"/world/([^@]+)@", url)[1])
    stored = read_row(world, world.company.entity_types["order"], "ord-250801-001")
    fields = {name: value for name, value in stored.items() if name != "id"}
    changed = {**fields, "failureReason": "somebody else's"}
    update_row(world, "order", stored["id"], changed, base=fingerprint(stored))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".pairs")).to_be_visible()
