"""Judges in a browser: made and used by keyboard alone, and on a narrow screen."""

import os

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import expect

from grading.judging.configurations import retire_judge
from grading.models import Judge, Run
from grading.runs import launch_run
from tests.e2e.conftest import axe_in_both_themes, take_pictures
from tests.e2e.test_workshop import press, walk_to
from tests.e2e.ways import width_of
from tests.factories import make_criterion, make_endpoint, make_plan, make_rubric, make_world
from tests.grading.judging.judges import PRICES, decides, make_judge, make_judged, says
from tests.model_server import Reply
from tests.web.conftest import SAYS_HOSTILE, finish

pytestmark = pytest.mark.django_db(transaction=True)
RUBRIC = make_rubric(make_criterion(), make_judged("polite"))
PICTURES = os.environ.get("EG_PICTURES", "")  # a folder: pictures of the pages are kept there


@pytest.fixture
def admin_of_judges(runner):
    group, _ = Group.objects.get_or_create(name="admin")
    runner.groups.add(group)
    return runner


def launch(judge, runner):
    plan = make_plan(make_world(owner=runner), agent=SAYS_HOSTILE, rubric=RUBRIC)
    run = launch_run(plans=[plan], title="A run", kind=Run.Kind.DEMO, owner=runner, judge=judge)
    return finish(run)


def test_by_keyboard_alone_a_judge_is_made_and_a_failed_grading_tried_again(
    admin_of_judges, model_server, visit
):
    make_endpoint(model_server.url, name="local", created_by=admin_of_judges)
    page = visit("/settings/judges/")
    walk_to(page, "New judge")
    press(page, "Enter")
    page.locator("#sheet").wait_for()
    for name, text in (("judge.name", "strict"), ("judge.model", "small")):
        walk_to(page, name)
        page.keyboard.type(text)
    page.locator("[name='judge.endpoint']").select_option("local")
    walk_to(page, "judge.name")
    press(page, "Enter")
    expect(page.get_by_text("strict@1 was made.")).to_be_visible()
    model_server.answer = lambda body: Reply(text="no")
    run = launch(Judge.objects.get(), admin_of_judges)

    page.goto(f"/runs/{run.pk}/")
    walk_to(page, "Grade again what could not be graded: 1")
    press(page, "Enter")

    said = page.get_by_role("region", name="Progress", exact=True)
    expect(said).to_contain_text("what graders failed at is graded again")
    assert run.official.assessments.get().round == 2


@pytest.mark.parametrize("width", [1400, 390])
def test_pages_of_judges_fit_and_can_be_read(width, admin_of_judges, model_server, visit):
    page = visit("/settings/judges/", width=width)
    found = [axe_in_both_themes(page)]
    for name, address in addresses(admin_of_judges, model_server).items():
        page.goto(address)
        found.append(axe_in_both_themes(page))
        assert width_of(page) <= width, address
        if PICTURES:
            take_pictures(page, f"{PICTURES}/{name}-{width}")

    assert not [line for lines in found for line in lines]


def addresses(admin, server):
    endpoint = make_endpoint(server.url, name="local", prices=PRICES, created_by=admin)
    model = "a-model/with-a-name-that-is-long-2026-11"
    judges = [make_judge(endpoint=endpoint, name="strict", model=model, votes=votes, by=admin,
                         note="Asks three times, for the pilot.") for votes in (1, 3)]  # fmt: skip
    retire_judge(make_judge(endpoint=endpoint, name="x" * 60, by=admin), by=admin)
    decides(server, says("not_met"))
    launch(judges[1], admin)
    server.answer = lambda body: Reply(text="I would rather not say.")
    failed, alone = launch(judges[1], admin), launch(None, admin)
    episode = failed.rollouts.get()
    return {
        "list": "/settings/judges/",
        "judge": "/settings/judges/strict/2/",
        "unused": "/settings/judges/strict/1/",
        "retired": f"/settings/judges/{'x' * 60}/1/",
        "new": "/settings/judges/new/?from=strict@2",
        "failed": f"/runs/{failed.pk}/",
        "without": f"/runs/{alone.pk}/",
        "episode": f"/runs/{failed.pk}/e/{episode.pk}/",
    }
