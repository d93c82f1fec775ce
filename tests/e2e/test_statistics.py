"""The statistics of a run in a browser: wide and narrow, light and dark, without scripts."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grading.models import FailureNote
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.grading.stored import FAIL, PASS, make_calls, make_stored_run

pytestmark = pytest.mark.django_db(transaction=True)
TASKS = [f"resolve-a-parcel-that-came-late-{i}" for i in range(6)]
LABELS = {
    task: {"category": "multi_step_workflow", "difficulty": "hard", "target_level": 1 + place % 5}
    for place, task in enumerate(TASKS)
}


@pytest.fixture
def stored(runner):
    agents = {
        "an-agent-with-a-rather-long-name": {task: [PASS, PASS, FAIL] for task in TASKS},
        "other": {task: [FAIL, "provider_error", FAIL] for task in TASKS},
        "third": {task: [PASS, FAIL, FAIL] for task in TASKS},
    }
    run = make_stored_run(agents, owner=runner, labels=LABELS)
    for rollout in run.rollouts.filter(agent="other", index=1):
        make_calls(rollout, ("get", {"id": 1}, False), ("get", {"id": 1}, True))
        FailureNote.objects.create(rollout=rollout, author=runner, level=4, kind="invented_fact")
    return run


def path(run):
    return reverse("grading:statistics", args=[run.pk])


@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(stored, visit, width):
    page = visit(path(stored), width=width)

    assert axe_in_both_themes(page) == []
    assert width_of(page) <= width


def test_pictures_stand_at_the_numbers_beside_them(stored, visit):
    page = visit(path(stored))
    row = page.get_by_role("row", name=re.compile("an-agent.* 67 %")).first

    dot, axis = (row.locator(f"svg .{name}").bounding_box() for name in ("dot", "axis"))

    middle = (dot["x"] + dot["width"] / 2 - axis["x"]) / axis["width"]
    assert middle == pytest.approx(2 / 3, abs=0.01)


def test_another_baseline_is_chosen_without_scripts(stored, visit):
    page = visit(path(stored), java_script_enabled=False)

    page.get_by_label("Compare with agent").select_option("other")
    page.get_by_role("button", name="Compare").click()

    expect(page.get_by_text("each agent minus other").first).to_be_visible()
    expect(page.get_by_text("third minus other")).to_be_visible()
