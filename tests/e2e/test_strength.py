"""Rubric strength in a browser: measured, read and corrected, with and without scripts."""

import os

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from authoring.models import MutationReport
from authoring.strength.reports import run_report
from tests.authoring.folders import CRITERIA
from tests.e2e.conftest import axe_in_both_themes, take_pictures
from tests.e2e.ways import width_of
from tests.factories import make_world
from tests.web.strength import make_report, make_task

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def world(runner):
    return make_world(owner=runner, prompts={"clerk": "You sell lamps."})


@pytest.fixture
def report(runner, world):
    return make_report(runner, world, rubric=CRITERIA[1:])


def page_of(report) -> str:
    return reverse("strength:page", args=[report.task.slug])


def test_a_report_is_watched_until_it_is_there(runner, world, visit):
    task = make_task(runner, world, rubric=CRITERIA[1:])
    page = visit(reverse("strength:page", args=[task.slug]))

    page.get_by_role("button", name="Measure revision 1").click()
    page.get_by_text("queued").first.wait_for()
    run_report(MutationReport.objects.get().pk)

    page.get_by_role("heading", name="Survivors").wait_for()
    expect(page.locator(".score-share")).to_be_visible()


def test_a_mutant_is_marked_by_keyboard_alone(report, visit):
    page = visit(page_of(report))
    card = page.locator(".mutant").first

    card.get_by_text("It is right too").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("It sells the same lamps.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Equivalent").wait_for()
    expect(page.get_by_text("It sells the same lamps.")).to_be_visible()


def test_it_works_without_scripts(report, visit):
    page = visit(page_of(report), java_script_enabled=False)

    page.get_by_role("button", name="Measure revision 1").click()

    page.get_by_role("link", name="load the page again").wait_for()


@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_is_too_wide_and_axe_finds_nothing(report, visit, width):
    page = visit(page_of(report), width=width)
    for summary in page.locator(".mutant summary").all()[:4]:
        summary.click()

    page.evaluate("scrollTo(0, 0)")
    if SHOTS:
        take_pictures(page, f"{SHOTS}/strength-{width}")
    assert width_of(page) <= width
    assert axe_in_both_themes(page) == []
