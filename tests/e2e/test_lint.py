"""Lint beside the text while somebody types, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from authoring.models import Draft, KeptFinding
from tests.authoring.tasks import make_task
from tests.factories import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def task(author, live_server):
    world = make_world(owner=author, slug="store", version=1, prompts={"clerk": "You sell."})
    return make_task(author, world)


def open_prompt(visit, task, **options):
    return visit(f"/tasks/{task.slug}/", person="alice", **options)


def test_findings_follow_what_is_typed_and_what_is_open_stays_so(visit, task):
    page = open_prompt(visit, task)
    side = page.locator("#side")
    kept = side.locator("li", has_text="There is no near-miss")
    kept.get_by_text("Keep, because …").click()
    kept.get_by_label("Why does it stay?").fill("One is enou")

    prompt = page.get_by_label("prompt", exact=True)
    prompt.press("End")
    page.keyboard.type(" Ask @item:lampp.")
    expect(page.locator("#at-prompt mark")).to_have_text("@item:lampp")
    expect(side.get_by_text("There is no item lampp")).to_be_visible()
    expect(page.locator(":focus")).to_have_attribute("name", "prompt")
    reason = kept.get_by_label("Why does it stay?")
    expect(reason).to_be_visible()
    expect(reason).to_have_value("One is enou")

    reason.press("End")
    page.keyboard.type("gh")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(side.locator(".lint-said")).to_contain_text("Kept: There is no near-miss")
    expect(page.locator(".lint-said:focus")).to_be_visible()
    assert KeptFinding.objects.get().reason == "One is enough"
    side.get_by_text("1 kept for a reason").click()
    side.get_by_role("button", name="Take back").click()
    expect(side.locator(".lint-said")).to_contain_text("It counts again.")
    assert not KeptFinding.objects.exists()

    page.locator("#at-prompt").get_by_role("button", name="Write @item:lamp").click()
    expect(page.get_by_label("prompt", exact=True)).to_have_value(
        "Sell dee two lamps and mark the sale as paid. Ask @item:lamp."
    )


def test_without_a_script_findings_are_mended_and_kept_as_well(visit, task):
    page = open_prompt(visit, task, java_script_enabled=False, width=390)
    page.get_by_role("button", name="Add: nothing else is changed").click()
    expect(page).to_have_url(re.compile(rf"/tasks/{task.slug}/#side$"))
    criteria = Draft.objects.get(task=task).content["rubric"]["criteria"]
    assert criteria[-1]["check"]["kind"] == "unchanged"

    line = page.locator("#side li", has_text="There is no near-miss")
    line.get_by_text("Keep, because …").click()
    line.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept")
    page.get_by_label("Why does it stay?").first.fill("It is small.")
    page.get_by_role("button", name="Keep it").first.click()
    expect(page.get_by_text("1 kept for a reason")).to_be_visible()
