"""Trying checks in a browser: without scripts, by keyboard, on a phone."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grading.models import Run
from grading.runs import launch_run
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import make_plan, make_world, reference
from tests.web.conftest import finish

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rollout(runner):
    plans = [make_plan(make_world(owner=runner), agent=reference())]
    run = launch_run(title="A run", kind=Run.Kind.EVALUATION, owner=runner, plans=plans)
    return finish(run).rollouts.get()


def try_url(rollout, query=""):
    return reverse("grading:try_check", args=[rollout.run_id, rollout.pk]) + query


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_a_check_is_written_and_tried_in_the_form(rollout, visit, has_scripts):
    page = visit(try_url(rollout), java_script_enabled=has_scripts)

    page.get_by_label("entity type", exact=False).first.select_option("sale")
    page.get_by_role("group", name="expect 1").get_by_label("path").fill("status")
    page.get_by_role("group", name="expect 1").get_by_label("value").fill("open")
    page.get_by_role("button", name="Try it").last.click()

    result = page.locator("#result")
    expect(result).to_contain_text("Every sale: status is open.")
    expect(result.locator(".state")).to_have_text("not met")
    expect(page).to_have_url(re.compile(r"check.expect.0.path=status"))


def test_rows_grow_and_what_is_wrong_leads_to_its_input(rollout, visit):
    page = visit(try_url(rollout, "?kind=unchanged"))

    page.get_by_label("entity type").first.select_option("sale")
    page.get_by_role("button", name="Add a row to where").click()
    page.get_by_label("path").fill("colour")
    page.get_by_label("value").fill("red")
    page.get_by_role("button", name="Try it").last.click()

    page.get_by_role("link", name="sale has no field 'colour'").click()
    expect(page.get_by_label("path")).to_be_focused()


@pytest.mark.parametrize("width", [1400, 390])
def test_pages_of_checks_fit_and_have_no_fault(rollout, visit, width):
    key = rollout.assessments.get().rubric.value.criteria[0].key
    addresses = {
        "checks": reverse("grading:checks"),
        "try": try_url(rollout, f"?criterion={key}"),
        "call": try_url(rollout, "?kind=tool_call"),
        "unchanged": try_url(rollout, "?kind=unchanged"),
        "response": try_url(rollout, "?kind=response"),
    }
    page = visit(width=width)
    for name, address in addresses.items():
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        assert axe_in_both_themes(page) == [], name
        assert width_of(page) <= width, name


def test_items_are_typed_one_a_line_with_what_stands_beside_them(rollout, visit):
    page = visit(try_url(rollout, "?kind=response"))
    page.locator("summary", has_text="list not set").click()

    page.locator("[id='id_check.list.items']").fill("Ana | a-1 = ana@x.example | 2\nBo")
    page.get_by_role("button", name="Try it").last.click()

    result = page.locator("#result")
    expect(result).to_contain_text("The answer lists Ana (ana@x.example, 2) and Bo")
    expect(result.locator(".state")).to_have_text("not met")
    typed = page.locator("[id='id_check.list.items']")
    expect(typed).to_have_value("Ana | a-1 = ana@x.example | 2\nBo")
