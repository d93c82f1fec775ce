"""People at work in a browser: with scripts and without, by keyboard alone, in light and dark."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grading.models import Run
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import make_plan, make_world, reference, scripted
from tests.web.conftest import SAYS_HOSTILE, finish

pytestmark = pytest.mark.django_db(transaction=True)
WRONG = {"calls": [["updateSale", '{"saleId": "sale-000000-001", "status": "paid"}']]}


@pytest.fixture
def run(launch, runner) -> Run:
    world = make_world(owner=runner, prompts={"clerk": "You are a **clerk**."})
    agents = (reference(), scripted(WRONG, {"text": "I could not find it."}))
    plans = [
        make_plan(world, agent=a, index=i, labels={"title": "Sell lamps"})
        for a in agents
        for i in (1, 2)
    ]
    return launch(plans)


@pytest.fixture
def launch(runner):
    from tests.factories import make_run

    def start(plans, *, is_finished=True):
        made = make_run(*plans, owner=runner, title="A run")
        return finish(made) if is_finished else made

    return start


def episode_path(run: Run, **filters) -> str:
    rollout = run.rollouts.filter(**filters).first()
    return reverse("grading:episode", args=[run.pk, rollout.pk])


def test_from_signing_in_to_the_evidence_behind_a_verdict(run, visit):
    page = visit("/", is_signed_in=False)

    page.get_by_label("User name").fill("ruth")
    page.get_by_label("Password").fill("secret")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("link", name="A run").click()
    page.get_by_role("row", name=re.compile("reference")).get_by_role(
        "link", name="Sell lamps"
    ).first.click()
    page.locator(".criterion .cite").first.click()

    expect(page).to_have_url(re.compile(r"#step-\d+$"))
    expect(page.locator("article.step:target")).to_be_visible()


def test_an_episode_is_read_by_keyboard_alone(run, visit):
    page = visit(episode_path(run, agent="reference"))

    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.id")
    page.keyboard.press("k")
    first = page.evaluate("document.activeElement.id")
    page.keyboard.press("n")
    criterion = page.evaluate("document.activeElement.id")
    page.keyboard.press("?")

    assert (first, second) != (second, first)
    assert first.startswith("step-")
    assert criterion.startswith("criterion-")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_keys_do_nothing_while_somebody_types(run, visit):
    page = visit(episode_path(run, agent="reference"))

    page.locator("input[name=at]").focus()
    page.keyboard.press("j")

    expect(page.locator(":focus")).to_have_attribute("name", "at")


def test_without_scripts_everything_still_works(run, visit):
    page = visit(reverse("grading:run", args=[run.pk]), java_script_enabled=False)

    page.get_by_label("Outcome").select_option("pass")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("[id^=rollout-]")).to_have_count(2)
    page.locator("[id^=rollout-]").first.click()
    expect(page.locator("article.step").nth(2)).to_be_visible()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".step summary").first.click()
    page.get_by_role("link", name="raw", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Step"))


def test_a_live_run_shows_its_end_without_a_reload(launch, runner, visit):
    world = make_world(owner=runner)
    live = launch([make_plan(world)], is_finished=False)
    page = visit(reverse("grading:run", args=[live.pk]))
    page.get_by_text("0 of 1 episodes ended").wait_for()

    finish(live)

    page.get_by_text("1 of 1 episodes ended").wait_for()
    expect(page.locator("[hx-trigger*=every]")).to_have_count(0)


def test_a_run_is_cancelled_from_its_page(launch, runner, visit):
    live = launch([make_plan(make_world(owner=runner))], is_finished=False)
    page = visit(reverse("grading:run", args=[live.pk]))

    page.get_by_text("Cancel the run …").click()
    page.get_by_role("button", name="Cancel 1 episode").click()

    said = "1 episode was cancelled; what had ended stays."
    expect(page.get_by_role("region", name="Progress", exact=True)).to_contain_text(said)
    expect(page.locator("#live")).to_contain_text(said)  # who does not see it hears it
    assert live.rollouts.get().episode.status == "cancelled"


def test_hostile_text_runs_nothing(launch, runner, visit):
    hostile = launch([make_plan(make_world(owner=runner), agent=SAYS_HOSTILE)])
    page = visit(episode_path(hostile))
    dialogs = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    page.reload()

    assert dialogs == []
    expect(page.locator(".transcript script, .transcript img")).to_have_count(0)


PAGES = ("/", "/runs/", "run", "episode", "/styleguide/")


@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing(width, run, visit):
    paths = {"run": reverse("grading:run", args=[run.pk]), "episode": episode_path(run)}
    page = visit("/", width=width)
    findings = {}

    for name in PAGES:
        page.goto(paths.get(name, name))
        if found := axe_in_both_themes(page):
            findings[name] = found

    assert findings == {}


@pytest.mark.parametrize("name", ["/", "/runs/", "run", "episode"])
def test_nothing_is_wider_than_a_phone(name, run, visit):
    paths = {"run": reverse("grading:run", args=[run.pk]), "episode": episode_path(run)}
    page = visit(paths.get(name, name), width=390)

    assert width_of(page) <= 390
