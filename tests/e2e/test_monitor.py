"""A run and an episode while they run, in a browser."""

import pytest
from playwright.sync_api import expect

from grading.running import pause_run
from simulation import episodes
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import make_plan, make_run, make_step, make_world

pytestmark = pytest.mark.django_db(transaction=True)
FIND = "words => window.find(words)"  # what the browser's own search looks through


def live_run(runner, count=2):
    world = make_world(owner=runner)
    plans = [make_plan(world, index=n) for n in range(1, count + 1)]
    return make_run(*plans, owner=runner)


def test_the_monitor_refreshes_around_what_a_person_opened(visit, runner):
    run = live_run(runner)
    page = visit(f"/runs/{run.pk}/", is_quick=True)
    page.locator("#cancel summary").click()
    page.locator("#limit summary").click()
    page.get_by_label("Episodes at one time").fill("12")

    pause_run(run)

    page.get_by_role("button", name="Resume").wait_for()
    expect(page.locator("#cancel[open]")).to_be_visible()
    expect(page.get_by_label("Episodes at one time")).to_have_value("12")
    assert axe_in_both_themes(page) == []
    assert width_of(page) <= page.viewport_size["width"]


def test_an_episode_is_followed_and_the_browser_finds_what_is_folded(visit, runner):
    run = live_run(runner, 1)
    pk = run.rollouts.get().episode_id
    lease = episodes.claim_episode(pk)
    call = {"kind": "tool_call", "tool": "searchItems", "result": '{"note": "behind the curtain"}'}
    episodes.record_steps(pk, [make_step(0, content="I look."), make_step(1, **call)], lease=lease)
    page = visit(f"/runs/{run.pk}/e/{run.rollouts.get().pk}/", is_quick=True)
    page.locator("#step-0").evaluate("step => { step.dataset.kept = 'yes' }")

    assert not page.locator("#step-1 details").evaluate("fold => fold.open")
    assert page.evaluate(FIND, "behind the curtain")
    assert not page.evaluate(FIND, "behind the wall")
    episodes.record_steps(pk, [make_step(2, content="I sell two.")], lease=lease)

    page.get_by_text("I sell two.").first.wait_for()
    expect(page.locator("#step-0")).to_have_attribute("data-kept", "yes")
    expect(page.locator(".timeline a")).to_have_count(3)


def test_a_run_is_steered_in_place_with_the_focus_where_it_was(visit, runner):
    run = live_run(runner)
    page = visit(f"/runs/{run.pk}/", is_quick=True)
    page.evaluate("document.documentElement.dataset.kept = 'yes'")
    said = page.locator("#live")

    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_focused()
    expect(said).to_contain_text("The run is paused")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    expect(said).to_contain_text("The run goes on")

    page.locator("#limit summary").click()
    most = page.get_by_label("Episodes at one time")
    most.fill("none")
    most.press("Enter")
    expect(most).to_be_focused()
    expect(page.locator("#why-max-running")).to_be_visible()
    most.fill("3")
    most.press("Enter")
    expect(page.locator("#limit summary")).to_be_focused()
    expect(page.locator("#limit summary")).to_have_text("At most 3 at a time")
    expect(page.locator("#said")).to_contain_text("At most 3 episodes")

    page.locator("#cancel summary").click()
    page.get_by_role("button", name="Cancel 2 episodes").click()
    expect(page.locator("#state")).to_be_focused()
    expect(page.locator("#state")).to_contain_text("2 of 2 episodes ended")
    expect(page.locator("html")).to_have_attribute("data-kept", "yes")
    assert axe_in_both_themes(page) == []
