"""The whole story, with real workers: graded, rubric changed, graded again, compared, switched."""

import time

import pytest

from grading.models import Assessment, Grading, Verdict
from grading.regrading.asking import ask_grading
from grading.regrading.compare_page import compare_page
from grading.regrading.official import switch_official
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world, reference
from tests.grading.regrading import NULL, never, say, wish_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
PATIENCE = 60
TONE = make_criterion("tone", text="The tone is kind.", check={"kind": "human"})


def until_decided(grading: Grading) -> None:
    deadline = time.monotonic() + PATIENCE
    while Grading.objects.with_progress().get(pk=grading.pk).waiting:
        assert time.monotonic() < deadline, list(grading.assessments.values("status"))
        time.sleep(0.1)


def rewards(grading):
    rows = grading.assessments.order_by("rollout__agent", "rollout__index")
    return list(rows.values_list("rollout__agent", "reward"))


def test_a_run_is_graded_its_rubric_changes_and_both_gradings_stand(start_worker, analyst):
    start_worker()
    world = make_world()
    rubric = make_rubric(make_criterion(), make_criterion("old"), TONE)
    plans = [
        make_plan(world, agent=agent, index=n, rubric=rubric)
        for agent in (reference(), NULL)
        for n in (1, 2)
    ]
    run = make_run(*plans)
    until_decided(run.official)
    for assessment in run.official.assessments.all():
        say(assessment, analyst, key="tone")
        say(assessment, analyst, "met", key="old")
    before = list(Assessment.objects.filter(grading=run.official).order_by("pk").values())
    assert [reward for _, reward in rewards(run.official)] == [2 / 3, 2 / 3, 1.0, 1.0]

    changed = make_criterion("old", text="It was sold, and to Dee.")
    second = ask_grading(run, wish_for(run, make_criterion(), changed, TONE, never("new")),
                         actor=run.owner)  # fmt: skip
    until_decided(second)

    assert [reward for _, reward in rewards(second)] == [1 / 4, 1 / 4, 3 / 4, 3 / 4]
    assert list(Assessment.objects.filter(grading=run.official).order_by("pk").values()) == before
    carried = Verdict.objects.filter(assessment__grading=second, source="human")
    assert {(v.criterion_key, v.author, v.copy_of_id is None) for v in carried} == {
        ("tone", analyst, False)
    }
    page = compare_page(run, list(run.gradings.all()), run.official, second, {})
    assert (page.ups, page.downs, page.people_count) == (0, 2, "4 human verdicts")
    assert {left.key for left in page.people} == {"old"}
    assert {c.key: c.word for c in page.criteria} == {
        "lamp-sold": "the same", "tone": "the same", "old": "rewritten", "new": "new",
    }  # fmt: skip
    switch_official(run, second, before=run.official, reason="the old one was", actor=run.owner)
    run.refresh_from_db()
    assert run.official == second
