"""Stored episodes and another judge: both gradings stand, and nothing decided is paid again."""

import pytest

from grading.judging.configurations import retire_judge
from grading.models import Grading, JudgeCall, Verdict
from grading.regrading.asking import Wish, ask_grading
from grading.tasks import grade_assessments, judge_assessment
from grading.verdicts import grade_episode
from simulation.errors import Conflict, InvalidArgument
from simulation.runner import run_episode
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world, scripted
from tests.grading.judging.judges import decides, make_judge, make_judged, says
from tests.grading.regrading import make_measure, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_waits")]
POLITE = make_judged("polite")
RUBRIC = make_rubric(make_criterion(), POLITE)
SAYS = scripted({"text": "Dear Dee"})
Purpose = Grading.Purpose


@pytest.fixture
def judge(model_server):
    return make_judge(model_server.url)


@pytest.fixture
def run(judge, model_server):
    """Two equal rollouts of one group, judged: the judge was asked once and said not met."""
    decides(model_server, says("not_met"))
    world = make_world()
    run = make_run(
        *[make_plan(world, agent=SAYS, index=n, rubric=RUBRIC) for n in (1, 2)], judge=judge
    )
    for episode in run.rollouts.values_list("episode", flat=True):
        run_episode(episode)
        grade_episode(episode)
    assert JudgeCall.objects.count() == 1
    return run


def regrade(run, **fields):
    """Ask, and do what the workers of both queues do."""
    grading = ask_grading(run, Wish(reason="why not", **fields), actor=run.owner)
    ids = list(grading.assessments.values_list("pk", flat=True))
    grade_assessments(ids)
    for pk in ids:
        judge_assessment(pk)
    return grading


def outcomes(grading):
    found = Verdict.objects.filter(assessment__grading=grading, source="judge").order_by("pk")
    return list(found.values_list("outcome", flat=True))


def test_another_judge_decides_beside_the_first(run, model_server):
    decides(model_server, says("cannot_tell"))
    other = make_judge(model_server.url)

    second = regrade(run, judge=other)

    assert second.judge == other
    assert outcomes(second) == ["cannot_tell"] * 2
    assert outcomes(run.official) == ["not_met"] * 2
    assert JudgeCall.objects.filter(judge=other).count() == 1


def test_without_a_word_about_it_the_judge_of_the_official_grading_goes_on(run, judge):
    second = regrade(run)

    assert second.judge == judge
    assert outcomes(second) == ["not_met"] * 2
    assert JudgeCall.objects.count() == 1  # equal evidence was decided already


def test_a_repetition_asks_anew_for_every_rollout(run):
    repeated = regrade(run, purpose=Purpose.REPEAT)

    assert outcomes(repeated) == ["not_met"] * 2
    assert JudgeCall.objects.count() == 3


def test_nobody_is_paid_for_what_a_person_has_decided(run, model_server, analyst):
    for assessment in run.official.assessments.all():
        say(assessment, analyst, "met", key="polite")
    world = run.rollouts.first().episode.world
    measure = make_measure(world, POLITE, make_criterion("more"))

    second = regrade(run, judge=make_judge(model_server.url), rubrics={"sell-lamps": measure})

    assert JudgeCall.objects.count() == 1
    assert outcomes(second) == []
    assert set(second.assessments.values_list("status", "reward", "reward_source")) == {
        ("graded", 0.5, "human")
    }


def test_judges_have_a_queue_of_their_own_and_rules_wait_for_none(run):
    grading = ask_grading(run, Wish(reason="why not"), actor=run.owner)

    grade_assessments(list(grading.assessments.values_list("pk", flat=True)))

    assert set(grading.assessments.values_list("status", flat=True)) == {"open"}


def test_a_judge_that_is_retired_decides_nothing_new(run, judge):
    retire_judge(judge, by=judge.created_by)

    with pytest.raises(Conflict, match="is retired"):
        regrade(run)


def test_a_repetition_takes_no_other_judge(run, model_server):
    with pytest.raises(InvalidArgument, match="the same judge again"):
        regrade(run, purpose=Purpose.REPEAT, judge=make_judge(model_server.url))
