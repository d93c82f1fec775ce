"""A run is graded again in a browser: asked for, watched, compared, made official."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grading.regrading.official import switch_official
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import make_criterion
from tests.grading.regrading import HUMAN, ask, decide, make_graded_run, never, regrade, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(runner):
    return make_graded_run(owner=runner, labels={"title": "Sell lamps", "category": "reasoning"})


@pytest.fixture
def compared(runner, analyst):
    """Two gradings with a flip, a rewritten criterion and a verdict that was not carried."""
    criteria = [make_criterion(), make_criterion("tone", check=HUMAN, text="It is kind.")]
    run = make_graded_run(*criteria, owner=runner)
    for assessment in run.official.assessments.all():
        say(assessment, analyst, key="tone")
    changed = make_criterion("tone", check=HUMAN, text="It is kind and short.")
    second = regrade(run, never(text="Nobody was paid."), changed)
    for assessment in second.assessments.all():
        say(assessment, analyst, key="tone")
    switch_official(run, second, before=run.official, reason="It is better.", actor=runner)
    ask(run)
    return run


def test_a_run_is_graded_again_watched_compared_and_switched(run, visit):
    page = visit(reverse("grading:run", args=[run.pk]))

    page.get_by_role("link", name="Grade again").click()
    page.get_by_label("Agent").select_option("null")
    page.get_by_role("button", name="Choose").click()
    page.get_by_text("2 rollouts", exact=True).wait_for()
    page.get_by_role("link", name="All").click()
    page.get_by_label("Why").fill("Is it stable?")
    page.get_by_role("button", name="Grade 4 rollouts again").click()
    page.get_by_text("Grading 2 was asked for").wait_for()
    page.locator("progress").wait_for()

    decide(run.gradings.get(number=2))
    page.get_by_role("link", name="Make official").wait_for()
    page.get_by_role("link", name="Compare grading 2").click()
    page.get_by_text("Nothing changed.").wait_for()
    page.get_by_role("link", name="Back to the gradings").click()
    page.get_by_role("link", name="Make official").click()
    page.get_by_label("Why").fill("The newer one.")
    page.get_by_role("button", name="Make grading 2 official").click()
    page.get_by_text("are those of grading 2 now").wait_for()
    run.refresh_from_db()
    assert run.official.number == 2


def test_without_scripts_a_mistake_keeps_what_was_typed(run, visit):
    page = visit(reverse("grade_again", args=[run.pk]), java_script_enabled=False)

    page.get_by_label("Repetition").check()
    page.get_by_label("Chosen for each task").check()
    page.get_by_text("Choose for each task").click()
    page.get_by_label("sell-lamps@1").select_option("launched")
    page.get_by_label("Why").fill("  ")
    page.get_by_role("button", name="Grade 4 rollouts again").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Repetition")).to_be_checked()
    page.get_by_role("alert").get_by_role("link").first.click()
    page.get_by_label("Why").fill("Is it stable?")
    page.get_by_role("button", name="Grade 4 rollouts again").click()
    expect(page.get_by_text("Grading 2 was asked for")).to_be_visible()


def test_a_comparison_is_narrowed_by_its_filters(compared, visit):
    page = visit(reverse("grading:compare", args=[compared.pk]) + "?a=1&b=2")

    expect(page.locator(".pairs-list details[open]")).to_have_count(2)  # the flips
    page.get_by_label("Change").select_option("same")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**change=same**")
    expect(page.locator(".pairs-list > li", has_text="null")).to_have_count(2)
    page.get_by_role("link", name="Clear").click()
    page.locator(".criteria-pairs").get_by_role("link", name="lamp-sold").click()
    page.wait_for_url("**criterion=lamp-sold**")
    expect(page.locator(".criteria-pairs > li")).to_have_count(1)


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, compared, visit):
    page = visit("/", width=width)
    run, findings = [compared.pk], {}
    paths = [
        reverse("grading:gradings", args=run),
        reverse("grading:compare", args=run) + "?a=1&b=2",
        reverse("grading:official", args=[*run, 1]),
        reverse("grade_again", args=run),
    ]

    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if found := axe_in_both_themes(page):
            findings[path] = found
        if width_of(page) > width:
            findings[f"{path} is too wide"] = True

    assert findings == {}
