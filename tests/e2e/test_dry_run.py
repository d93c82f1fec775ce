"""Dry runs in a browser: the strip while somebody types, and a reviewer's decision on its page."""

import os
import re

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import expect

from authoring.models import DryRun
from grading.models import Verdict
from simulation.roles import REVIEWER
from tests.authoring.conftest import PROMPTS
from tests.authoring.dry_runs import KIND, make_dry_run, make_tried_task
from tests.e2e.conftest import axe
from tests.e2e.ways import width_of
from tests.factories import make_world
from tests.web.conftest import finish

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


def world_of(owner):
    return make_world(owner=owner, slug="store", version=1, prompts=PROMPTS)


def test_the_strip_follows_a_dry_run_while_its_author_types_on(runner, visit):
    make_tried_task(runner, world_of(runner))
    page = visit(reverse("editor:prompt", args=["sell-lamps"]))
    strip = page.locator("#strip")

    strip.get_by_role("button", name="Dry-run").click()
    strip.get_by_text("0 of 5 graded").wait_for()
    prompt = page.locator("textarea[name=prompt]")
    prompt.press_sequentially(" Be quick.")
    page.locator("[data-save-state=saved]").wait_for()
    prompt.press_sequentially(" Please.")
    finish(DryRun.objects.get().run)

    page.locator("#dry-run-over").get_by_text("rightly fails").first.wait_for()
    strip.get_by_text("the draft has changed since").wait_for()
    expect(strip.locator("[data-poll]")).to_have_count(0)
    expect(page.locator(":focus")).to_have_attribute("name", "prompt")
    expect(prompt).to_have_value(re.compile(" Be quick. Please."))
    expect(strip.locator(".dry-strip")).to_have_count(1)


def test_a_reviewer_decides_and_nothing_is_too_wide_or_out_of_reach(author, runner, visit):
    runner.groups.add(Group.objects.get_or_create(name=REVIEWER)[0])
    task = make_tried_task(author, world_of(author), KIND, title="Sell lamps")
    make_dry_run(task)
    address = reverse("dry_run:page", args=[task.slug])

    for width, scheme in ((1400, "light"), (390, "dark")):
        page = visit(address, width=width, color_scheme=scheme)
        page.locator(".dry-why summary").first.click()
        expect(page.locator(".dry-why p").first).to_be_visible()
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/dry-run-{width}-{scheme}.png", full_page=True)
        assert width_of(page) <= width
        assert axe(page) == []
    page.get_by_label("Met", exact=True).check()
    page.get_by_label("Why").fill("It thanks the buyer.")
    page.get_by_role("button", name="Decide").click()

    page.get_by_text("ruth: It thanks the buyer.").wait_for()
    assert Verdict.objects.get(source="human").is_authoritative
