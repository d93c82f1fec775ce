"""Episodes that ended together are graded together; what is not plain goes its own way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grading import batches, verdicts
from grading.models import Assessment, Verdict
from grading.tasks import grade_episode
from simulation.models import Episode
from simulation.runner import run_episode
from simulation.transcript import AgentSpec
from tests.beside import at_once
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world

pytestmark = pytest.mark.django_db
NULL = AgentSpec(kind="null", name="null")
TWO = make_rubric(make_criterion("a"), make_criterion("lamp-sold"))


def make_played(count, **fields):
    """The episodes of one run that have ended, and were not graded yet."""
    world = make_world()
    run = make_run(*[make_plan(world, index=n, **fields) for n in range(1, count + 1)])
    ids = list(run.rollouts.order_by("index").values_list("episode", flat=True))
    for episode in ids:
        run_episode(episode)
    return ids


def results(episodes):
    rows = Assessment.objects.filter(rollout__episode__in=episodes).order_by("rollout__index")
    return list(rows.values_list("status", "reward", "passed", "reward_source"))


def told(episodes):
    columns = ("criterion_key", "outcome", "source", "rationale", "evidence", "grader_fingerprint")
    rows = Verdict.objects.filter(assessment__rollout__episode__in=episodes)
    ordered = rows.order_by("assessment__rollout__index", "criterion_key")
    return list(ordered.values_list(*columns, "round"))


@pytest.mark.parametrize("fields", [{}, {"agent": NULL}, {"rubric": TWO}])
def test_together_gives_what_one_by_one_gives(fields):
    ids, alone = make_played(2, **fields), make_played(2, **fields)
    for episode in alone:
        verdicts.grade_episode(episode)
    expected = results(alone), told(alone)

    grade_episode(ids)

    assert (results(ids), told(ids)) == expected
    assert expected[1]


def test_the_number_of_queries_does_not_grow_with_the_episodes():
    counts = []
    verdicts.grade_episode(make_played(1)[0])  # the rubric is known from then on
    for ids in (make_played(2), make_played(9)):
        with CaptureQueriesContext(connection) as queries:
            grade_episode(ids)
        counts.append(len(queries))
        assert {status for status, *_ in results(ids)} == {"graded"}

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_delivered_several_times_at_once_grades_once():
    ids = make_played(4)

    at_once(*[lambda: grade_episode(ids), lambda: grade_episode(ids[::-1])] * 2)

    assert results(ids) == [("graded", 1.0, True, "check")] * 4
    assert Verdict.objects.count() == 4


def test_what_people_have_spoken_of_keeps_their_word():
    ids = make_played(3)
    spoken = Assessment.objects.order_by("pk").first()
    author = spoken.rollout.run.owner
    Verdict.objects.create(
        assessment=spoken, criterion_key="lamp-sold", outcome="not_met",
        source="human", author=author, is_authoritative=True,
    )  # fmt: skip

    grade_episode(ids)

    assert results(ids) == [("graded", 0.0, False, "human"), *[("graded", 1.0, True, "check")] * 2]


def test_one_that_cannot_be_stored_keeps_no_other_waiting(monkeypatch):
    ids = make_played(3)
    broken = Assessment.objects.order_by("pk").first().pk
    real = verdicts.verdicts_on

    def too_long(assessment, findings):
        made = real(assessment, findings)
        if assessment.pk == broken:
            made["lamp-sold"].criterion_key = "k" * 100
        return made

    monkeypatch.setattr(verdicts, "verdicts_on", too_long)
    grade_episode(ids)

    assert [status for status, *_ in results(ids)] == ["open", "graded", "graded"]


def test_one_that_does_not_rebuild_has_no_reward_and_the_others_have():
    ids = make_played(3)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL eg.maintenance = 'on'")
    Episode.objects.filter(pk=ids[1]).update(state_hash="f" * 64)

    grade_episode(ids)

    good = ("graded", 1.0, True, "check")
    assert results(ids) == [good, ("incomplete", None, None, ""), good]


def test_batches_are_no_larger_than_memory_allows():
    rows = list(Assessment.objects.all())
    assert list(batches._batches(rows)) == []
    make_played(3)
    rows = list(verdicts.waiting().order_by("pk"))
    for row, steps in zip(rows, (batches.STEPS, 2, 3), strict=True):
        row.rollout.episode.step_count = steps

    assert [len(batch) for batch in batches._batches(rows)] == [1, 2]
