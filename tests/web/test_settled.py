"""A trainer follows a run: what is settled comes in that order, each once, with its reward."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone

from authoring.launching.wish import MOST_EPISODES
from grading.api.runs import SettledOrNewestFirst
from grading.models import Assessment, Rollout
from grading.runs import cancel_run
from grading.settled import maybe_settled
from grading.verdicts import grade_episode
from simulation.models import Episode
from simulation.rest.pages import BAD_CURSOR
from simulation.runner import run_episode
from tests.factories import make_plan, make_world

pytestmark = pytest.mark.django_db
EVER = "2000-01-01T00:00:00Z"


@pytest.fixture
def run(launch, runner):
    """Six attempts that nobody has played yet."""
    world = make_world(owner=runner)
    plans = [make_plan(world, index=index) for index in range(1, 7)]
    return launch(plans, is_finished=False)


@pytest.fixture
def settled(run, page):
    """Give the indexes and rows of what settled since then, page by page."""

    def read(since=EVER, **filters):
        url = f"/api/v1/runs/{run.pk}/rollouts/"
        filters = {"settled_since": since, "page_size": 2, **filters}
        answer = page(url, data=filters).json()
        found = answer["results"]
        while answer["next"]:
            answer = page(answer["next"]).json()
            found += answer["results"]
        return found

    return read


def indexes(rows):
    return [row["index"] for row in rows]


def play(run, *those, is_graded=True):
    for index in those:
        episode = run.rollouts.get(index=index).episode_id
        run_episode(episode)
        if is_graded:
            grade_episode(episode)


def test_rollouts_come_once_they_are_settled_in_that_order(run, settled):
    assert settled() == []
    play(run, 5, 2, 4)
    play(run, 1, is_graded=False)

    first = settled()
    play(run, 6, 3)

    assert indexes(first) == [5, 2, 4]
    assert [row["reward"] for row in first] == [1.0, 1.0, 1.0]
    assert all(row["ended_at"] < row["settled_at"] for row in first)
    assert indexes(settled(first[-1]["settled_at"])) == [4, 6, 3]
    assert indexes(settled(outcome="pass")) == [5, 2, 4, 6, 3]


def test_what_ended_without_a_grade_is_settled_too_all_of_one_moment(run, settled):
    play(run, 2)
    cancel_run(run)

    rows = settled()

    assert indexes(rows) == [2, 1, 3, 4, 5, 6]
    assert {row["outcome"] for row in rows[1:]} == {"cancelled"}
    assert len({row["settled_at"] for row in rows[1:]}) == 1
    assert {row["settled_at"] == row["ended_at"] for row in rows[1:]} == {True}


def test_a_page_goes_on_within_any_number_that_settled_in_one_moment():
    assert SettledOrNewestFirst.offset_cutoff >= MOST_EPISODES


def test_what_settled_lately_is_found_by_when_it_did():
    with connection.cursor() as cursor:  # tables are small here
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Rollout.objects.filter(maybe_settled([1], timezone.now())).explain()

    assert {"assessment_graded", "episode_masked"} <= set(plan.split())


def test_what_is_decided_anew_comes_again(run, settled):
    play(run, 1, 2)
    since = settled()[-1]["settled_at"]
    later = timezone.now() + dt.timedelta(minutes=1)
    Assessment.objects.filter(rollout__index=1).update(graded_at=later)

    assert indexes(settled(since)) == [2, 1]


def test_transcripts_come_once_they_are_settled(run, page, settings, tmp_path):
    settings.VAR = tmp_path

    def lines(since=EVER):
        answer = page("/api/v1/transcripts/", data={"run": run.pk, "settled_since": since})
        text = b"".join(answer.streaming_content)
        return {line["index"]: line for line in map(json.loads, text.splitlines())}

    play(run, 5)
    play(run, 1, is_graded=False)
    first = lines()
    since = first[5]["settled_at"]
    cancel_run(run)
    play(run, 1)

    assert first.keys() == {5}
    assert (first[5]["reward"], first[5]["mask"]) == (1.0, False)
    assert lines(since).keys() == {1, 2, 3, 4, 5, 6}
    after = dt.datetime.fromisoformat(since) + dt.timedelta(microseconds=1)
    assert lines(after.isoformat()).keys() == {1, 2, 3, 4, 6}


def test_what_is_held_out_is_not_in_it(run, settled):
    play(run, 1, 2)
    Episode.objects.filter(rollout__index=1).update(is_held_out=True)

    assert indexes(settled()) == [2]


def test_without_a_time_the_newest_come_first_settled_or_not(run, page):
    play(run, 2)

    rows = page(f"/api/v1/runs/{run.pk}/rollouts/").json()["results"]

    assert indexes(rows) == [6, 5, 4, 3, 2, 1]
    assert [row["settled_at"] is None for row in rows] == [True] * 4 + [False, True]


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("settled_since=yesterday", "settled_since", "Datetime has wrong format"),
        (f"settled_since={EVER}&cursor=cD1hYmM%3D", "cursor", BAD_CURSOR),  # p=abc
    ],
)
def test_what_is_no_time_is_refused(run, page, query, field, says):
    answer = page(f"/api/v1/runs/{run.pk}/rollouts/?{query}")

    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (400, field)
    assert says in error["message"]
