"""An episode that a limit ended is graded, and everything that shows it says that it was cut."""

import orjson
import pytest
from django.urls import reverse

from grading.transcripts.reading import Wanted, wanted_rollouts
from grading.transcripts.writing import lines
from tests.factories import make_plan, make_run, make_spec, make_world, reference
from tests.grading.people.makers import grade_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def cut(runner):
    """A rollout that was stopped after one call, and one of the same run that was not."""
    world = make_world(owner=runner)
    plans = [
        make_plan(world, spec=make_spec(world, budgets=budgets), agent=reference(), index=number)
        for number, budgets in enumerate(({"max_calls": 1}, {}), start=1)
    ]
    run = make_run(*plans, owner=runner)
    first, second = run.rollouts.order_by("index")
    grade_all(second)
    assessment = grade_all(first)
    assert (assessment.status, assessment.passed) == ("graded", False)
    return first


@pytest.fixture
def as_runner(client, runner):
    client.force_login(runner)
    return client


def test_its_page_says_which_limit(as_runner, cut):
    body = as_runner.get(reverse("grading:episode", args=[cut.run_id, cut.pk])).content.decode()

    assert "Truncated: a limit ended it, not the agent" in body
    assert "The limit: 1 tool call. It was graded as it stood." in body


def test_a_whole_one_does_not(as_runner, cut):
    other = cut.run.rollouts.get(index=2)
    body = as_runner.get(reverse("grading:episode", args=[cut.run_id, other.pk])).content.decode()

    assert "Truncated" not in body


def test_it_is_marked_among_the_rollouts_of_its_run(as_runner, cut):
    body = as_runner.get(reverse("grading:run", args=[cut.run_id])).content.decode()

    assert body.count(">truncated</span>") == 1


def test_the_api_marks_episode_and_rollout(as_runner, cut):
    rollouts = as_runner.get(f"/api/v1/runs/{cut.run_id}/rollouts/").json()["results"]
    episode = as_runner.get(f"/api/v1/episodes/{cut.episode_id}/").json()

    marked = {each["index"]: (each["is_truncated"], each["stop_reason"]) for each in rollouts}
    assert marked == {1: (True, "max_turns"), 2: (False, "done")}
    assert episode["is_truncated"] is True


@pytest.mark.parametrize("form", ["openai", "atif"])
def test_transcripts_mark_it(runner, cut, form):
    found = [
        orjson.loads(each) for each in lines(wanted_rollouts(runner, Wanted(run=cut.run_id)), form)
    ]
    facts = [each.get("extra", each) for each in found]

    assert [each["is_truncated"] for each in facts] == [True, False]
    assert [each["mask"] for each in facts] == [False, False]
