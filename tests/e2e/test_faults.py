"""Faults in the workbench, and an episode whose transcript was removed, in a real browser."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import expect

from simulation.faults import Faults
from simulation.roles import AUTHOR
from tests.authoring.conftest import PROMPTS
from tests.authoring.tasks import make_task
from tests.e2e.conftest import axe_in_both_themes
from tests.e2e.ways import width_of
from tests.factories import make_world
from tests.grading.retained import make_old, went

pytestmark = pytest.mark.django_db(transaction=True)


def is_narrow(page):
    return width_of(page) <= page.viewport_size["width"]


def test_an_author_types_faults_and_sees_what_agents_will_meet(visit, runner):
    runner.groups.add(Group.objects.get_or_create(name=AUTHOR)[0])
    world = make_world(owner=runner, slug="store", version=1, prompts=PROMPTS)
    task = make_task(runner, world)
    page = visit(reverse("editor:prompt", args=[task.slug]))

    page.locator("[id='id_faults'] > summary").click()
    page.get_by_label("share of calls that fail").fill("0.25")
    page.get_by_label("descriptions of tools").select_option("first_sentence")
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.get_by_label("seconds of a delay").focus()
    assert saved.value.ok
    assert axe_in_both_themes(page) == []
    assert is_narrow(page)

    page.set_viewport_size({"width": 390, "height": 800})
    assert is_narrow(page)
    task.draft.refresh_from_db()
    assert task.draft.value.faults == Faults(error_rate=0.25, descriptions="first_sentence")


def test_an_episode_without_its_transcript_is_a_whole_page(visit, runner):
    rollout = make_old(runner)
    went()

    page = visit(reverse("grading:episode", args=[rollout.run_id, rollout.pk]))

    expect(page.get_by_text("The transcript was removed.")).to_be_visible()
    assert axe_in_both_themes(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert is_narrow(page)
