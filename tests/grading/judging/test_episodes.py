"""Judging the episodes of runs: paid once, never invented, mended without running them again."""

import datetime as dt
import time

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from grading import verdicts
from grading.judging import deciding, holding
from grading.judging.configurations import retire_judge
from grading.judging.costs import calls_of_run, spent, spent_by
from grading.judging.retrying import retry_assessments, undecided
from grading.models import Assessment, Grading, Judge, JudgeCall, Verdict
from grading.tasks import grade_episode, judge_assessment, sweep
from simulation.errors import Conflict
from simulation.runner import run_episode
from tests.beside import at_once
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world, scripted
from tests.grading.judging.judges import (
    answer,
    asked_for,
    cite,
    decides,
    make_judge,
    make_judged,
    says,
    verdict,
)
from tests.model_server import Reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_waits")]
LAMPS = make_criterion()
POLITE = make_judged("polite", points=2)
RUBRIC = make_rubric(LAMPS, POLITE)
SAYS = scripted({"text": "Dear Dee"})
QUOTE = cite(1, "Dear Dee")


@pytest.fixture
def judge(model_server):
    return make_judge(model_server.url)


def make_played(judge, *, agents=(SAYS,), repeats=1, rubric=RUBRIC, **fields):
    """A run whose episodes have ended and wait for their grading."""
    world = make_world()
    numbered = enumerate(agents * repeats, 1)
    plans = [make_plan(world, agent=a, index=n, rubric=rubric) for n, a in numbered]
    run = make_run(*plans, judge=judge, **fields)
    for episode in run.rollouts.values_list("episode", flat=True):
        run_episode(episode)
    return run


def grade(run):
    """Grade all episodes, judges included; gives the assessments in the order of the rollouts."""
    for episode in run.rollouts.order_by("pk").values_list("episode", flat=True):
        verdicts.grade_episode(episode)
    return assessments(run)


def assessments(run):
    return list(run.official.assessments.order_by("rollout"))


def decided(assessment):
    assessment.refresh_from_db()
    return assessment.status, assessment.reward, assessment.passed, assessment.reward_source


def test_rules_and_judge_decide_together_and_the_reward_names_the_judge(judge, model_server):
    decides(model_server, says("met", evidence=QUOTE))

    (assessment,) = grade(make_played(judge))

    assert decided(assessment) == ("graded", 2 / 3, False, "judge")
    stored = assessment.verdicts.get(criterion_key="polite")
    assert (stored.source, stored.outcome, stored.rationale) == ("judge", "met", "Because.")
    assert stored.evidence == QUOTE
    assert [vote["call"] for vote in stored.votes] == [str(JudgeCall.objects.get().pk)]
    assert assessment.verdicts.get(criterion_key="lamp-sold").source == "check"
    assert assessment.claimed_until is None


def test_calls_are_counted_for_assessment_grading_run_and_judge(judge, model_server):
    decides(model_server, says("not_met"))
    run = make_played(judge, agents=(SAYS, scripted({"text": "Hi"})))

    grade(run)

    assert (spent(calls_of_run(run)).calls, spent(judge.calls.all()).calls) == (2, 2)
    assert str(spent(calls_of_run(run)).cost) == "0.000140"
    assert {s.calls for s in spent_by(JudgeCall.objects.all(), "assessment").values()} == {1}
    assert spent_by(JudgeCall.objects.all(), "assessment__grading")[run.official_id].calls == 2


def test_without_a_judge_its_criteria_stay_open():
    (assessment,) = grade(make_played(None))

    assert decided(assessment) == ("incomplete", None, None, "")
    assert [v.criterion_key for v in assessment.verdicts.all()] == ["lamp-sold"]
    assert retry_assessments(assessment.grading) == 0


def test_a_rubric_without_criteria_of_its_kind_asks_no_judge(judge, model_server):
    grade(make_played(judge, rubric=make_rubric()))

    assert model_server.requests == []


# failing judges


def broken(body):
    return Reply(text="I would rather not say.")


FAILURES = {
    "down": lambda body: Reply(drop=True),
    "errors": lambda body: Reply(status=500, text="overloaded"),
    "refused": lambda body: Reply(status=401, text="bad key"),
    "missing": lambda body: answer(),
    "extra": lambda body: answer(verdict("polite"), verdict("rude")),
    "doubled": lambda body: answer(verdict("polite"), verdict("polite")),
    "wrong JSON": broken,
    "truncated": lambda body: Reply(text='{"verdicts"', finish="length"),
    "contradictory": lambda body: answer(
        {**verdict("polite", "met", evidence=QUOTE), "is_true": False}
    ),
    "invented quote": lambda body: answer(verdict("polite", evidence=cite(1, "Thank you"))),
    "no such step": lambda body: answer(verdict("polite", evidence=cite(77, "Dear Dee"))),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_judge_gives_no_reward_and_a_new_round_mends_that_alone(
    failure, judge, model_server
):
    model_server.answer = FAILURES[failure]
    run = make_played(judge)
    (assessment,) = grade(run)
    episode = assessment.rollout.episode
    before = (episode.step_count, episode.state_hash, episode.lease)

    assert decided(assessment) == ("incomplete", None, None, "")
    failed = assessment.verdicts.get(criterion_key="polite")
    assert (failed.outcome, failed.source) == ("grader_error", "judge")
    assert failed.rationale
    assert list(undecided(run.official.assessments.all())) == [assessment]

    decides(model_server, says("met", evidence=QUOTE))
    assert retry_assessments(run.official) == 1
    grade(run)

    assert decided(assessment) == ("graded", 2 / 3, False, "judge")
    rounds = assessment.verdicts.order_by("pk").values_list("criterion_key", "round", "outcome")
    assert sorted(rounds) == [
        ("lamp-sold", 1, "not_met"),
        ("polite", 1, "grader_error"),
        ("polite", 2, "met"),
    ]
    episode.refresh_from_db()
    assert (episode.step_count, episode.state_hash, episode.lease) == before
    assert run.rollouts.get().replaced.count() == 0
    assert retry_assessments(run.official) == 0


def test_errors_that_pass_are_tried_again_inside_of_one_call(judge, model_server):
    model_server.replies.extend([Reply(status=503), Reply(status=429)])
    decides(model_server, says("not_met"))

    (assessment,) = grade(make_played(judge))

    assert decided(assessment)[0] == "graded"
    assert [a["status"] for a in JudgeCall.objects.get().attempts] == [503, 429, 200]


def test_a_new_round_asks_only_for_what_failed(judge, model_server):
    kind = make_judged("kind")
    bad = verdict("kind", evidence=cite(1, "invented"))
    model_server.replies.extend([answer(verdict("polite"), bad), answer(bad)])
    run = make_played(judge, rubric=make_rubric(LAMPS, POLITE, kind))
    grade(run)
    decides(model_server, says("not_met"))

    retry_assessments(run.official)
    grade(run)

    assert asked_for(model_server.requests[-1].body) == ["kind"]
    (assessment,) = assessments(run)
    assert decided(assessment)[0] == "graded"
    assert assessment.verdicts.filter(criterion_key="polite").count() == 1


def test_a_persons_last_word_makes_up_for_a_judge_that_failed(judge, model_server):
    model_server.answer = broken
    run = make_played(judge)
    (assessment,) = grade(run)
    Verdict.objects.create(
        assessment=assessment, criterion_key="polite", outcome="met", source="human",
        author=run.owner, is_authoritative=True,
    )  # fmt: skip

    assert verdicts.settle(assessment.pk).status == "graded"
    assert retry_assessments(run.official) == 0


def test_one_rollout_alone_may_be_graded_again(judge, model_server):
    model_server.answer = broken
    run = make_played(judge, repeats=2)
    first, second = grade(run)

    assert retry_assessments(run.official, rollout=first.rollout_id) == 1

    assert (decided(first)[0], decided(second)[0]) == ("open", "incomplete")


def test_a_cancelled_grading_is_not_graded_again(judge, model_server):
    model_server.answer = broken
    run = make_played(judge)
    grade(run)
    Grading.objects.update(cancelled_at=timezone.now())

    with pytest.raises(Conflict, match="was cancelled"):
        retry_assessments(run.official)


def test_what_does_not_rebuild_is_not_judged_either(judge, model_server, monkeypatch):
    monkeypatch.setattr(verdicts, "read_evidence", lambda episode: None)

    (assessment,) = grade(make_played(judge))

    assert {v.outcome for v in assessment.verdicts.all()} == {"grader_error"}
    assert model_server.requests == []


# one worker at a time


def test_a_claimed_assessment_is_left_to_its_worker(judge, model_server):
    run = make_played(judge)
    (assessment,) = assessments(run)
    assert holding.claim(assessment)

    assert not verdicts.grade_assessment(assessment)
    assert verdicts.ungraded_episodes() == []
    assert model_server.requests == []


def test_a_dead_workers_claim_ends_and_the_sweep_finds_the_assessment(judge, model_server, queue):
    decides(model_server, says("not_met"))
    run = make_played(judge)
    (assessment,) = assessments(run)
    holding.claim(assessment)
    past = timezone.now() - dt.timedelta(seconds=1)
    Assessment.objects.update(claimed_until=past)

    assert verdicts.ungraded_episodes() == [run.rollouts.get().episode_id]
    judge_assessment(assessment.pk)

    assert decided(assessment)[0] == "graded"


def then(server, act):
    """Let somebody do something to the database while the judge thinks."""

    def reply(body):
        act()
        connection.close()  # of the server's thread
        return answer(*[verdict(key) for key in asked_for(body)])

    server.answer = reply


ONE_BY_ONE = {"batch": "one", "concurrency": 1}
TWO = make_rubric(POLITE, make_judged("kind"))


def another_claims():
    later = timezone.now() + dt.timedelta(seconds=99)
    Assessment.objects.update(claimed_until=later)


def somebody_cancels():
    Grading.objects.update(cancelled_at=timezone.now())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [another_claims, somebody_cancels])
def test_a_worker_whose_work_nobody_wants_stops_before_the_next_call(act, model_server):
    run = make_played(make_judge(model_server.url, **ONE_BY_ONE), rubric=TWO)
    (assessment,) = assessments(run)
    then(model_server, act)

    assert not verdicts.grade_assessment(assessment)

    assert len(model_server.requests) == 1
    assert JudgeCall.objects.count() == 1, "what was paid is kept"
    assert not Verdict.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_held_while_the_judge_thinks(monkeypatch, model_server):
    monkeypatch.setattr(holding, "CLAIM", dt.timedelta(seconds=0.5))
    monkeypatch.setattr(deciding, "LOOK_AGAIN_SECONDS", 0.1)
    run = make_played(make_judge(model_server.url))
    (assessment,) = assessments(run)
    model_server.answer = lambda body: answer(verdict("polite"), delay=1.2)

    def come_late():
        time.sleep(0.9)
        return verdicts.grade_assessment(Assessment.objects.get())

    graded = at_once(lambda: verdicts.grade_assessment(assessment), come_late)

    assert graded == [True, False]
    assert len(model_server.requests) == 1


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_pay_once(model_server):
    run = make_played(make_judge(model_server.url))
    (assessment,) = assessments(run)
    model_server.answer = lambda body: answer(verdict("polite"), delay=0.2)

    graded = at_once(*[lambda: verdicts.judge_assessment(assessment.pk)] * 3)

    assert sorted(graded) == [False, False, True]
    assert (len(model_server.requests), JudgeCall.objects.count()) == (1, 1)


def test_workers_that_die_after_asking_do_not_pay_for_ever(judge, model_server, monkeypatch):
    decides(model_server, says("not_met"))
    (assessment,) = assessments(make_played(judge))

    def die(*args):
        raise RuntimeError("a bug of ours")

    with monkeypatch.context() as patch:
        patch.setattr(verdicts, "_store", die)
        for _ in range(6):
            with pytest.raises(RuntimeError):
                verdicts.grade_assessment(assessment)
            Assessment.objects.update(claimed_until=None)

    verdicts.grade_assessment(assessment)

    assert len(model_server.requests) == 6
    assert decided(assessment)[0] == "incomplete"
    assert "in a row" in assessment.verdicts.get(criterion_key="polite").rationale


# the queue


@pytest.mark.django_db(transaction=True)
def test_what_needs_a_judge_is_handed_to_the_workers_of_judges(judge, model_server, queue):
    run = make_played(judge)
    queue.purge()

    grade_episode(run.rollouts.get().episode_id)

    assert model_server.requests == []
    assert queue.take("judging") == [("grading.tasks.judge_assessment", assessments(run)[0].pk)]


@pytest.mark.django_db(transaction=True)
def test_the_sweep_hands_on_again_only_when_the_queue_of_judges_is_empty(judge, queue):
    run = make_played(judge)
    queue.purge()

    sweep()
    sweep()

    assert len(queue.take("judging")) == 1
    sweep()
    assert [name for name, _ in queue.take("judging")] == ["grading.tasks.judge_assessment"]
    assert run.official.assessments.get().status == "open"


@pytest.mark.django_db(transaction=True)
def test_a_new_round_is_sent_to_the_workers_after_commit(judge, model_server, queue):
    model_server.answer = broken
    run = make_played(judge)
    grade(run)
    queue.purge()

    retry_assessments(run.official)

    assert queue.take() == [("grading.tasks.grade_episode", run.rollouts.get().episode_id)]


# the same evidence again


def test_equal_evidence_in_a_group_is_judged_once(judge, model_server):
    decides(model_server, says("met", evidence=QUOTE))

    first, second = grade(make_played(judge, repeats=2))

    assert len(model_server.requests) == 1
    original, copy = (a.verdicts.get(criterion_key="polite") for a in (first, second))
    assert (copy.copy_of, copy.outcome, copy.rationale) == (original, "met", "Because.")
    assert (copy.evidence, copy.votes) == (original.evidence, None)
    assert copy.grader_fingerprint == original.grader_fingerprint
    assert decided(second) == ("graded", 2 / 3, False, "judge")


def test_a_copy_is_always_of_the_verdict_that_was_paid(judge, model_server):
    decides(model_server, says("not_met"))

    first, second, third = grade(make_played(judge, repeats=3))

    original = first.verdicts.get(criterion_key="polite")
    for each in (second, third):
        assert each.verdicts.get(criterion_key="polite").copy_of == original


@pytest.mark.parametrize(
    "agents",
    [
        pytest.param((SAYS, scripted({"text": "Dear Dee!"})), id="other words"),
        pytest.param((SAYS, scripted({"text": "Dear  Dee"})), id="one space more"),
    ],
)
def test_other_evidence_is_judged_anew(agents, judge, model_server):
    decides(model_server, says("not_met"))
    run = make_played(judge, agents=agents)

    grade(run)

    assert len({r.group for r in run.rollouts.all()}) == 1
    assert len(model_server.requests) == 2


def test_other_runs_and_other_judges_are_asked_anew(judge, model_server):
    decides(model_server, says("not_met"))
    other = make_judge(model_server.url, temperature=0.5)

    for each in (judge, judge, other):
        grade(make_played(each))

    assert len(model_server.requests) == 3


def test_a_grader_error_is_never_copied(judge, model_server):
    model_server.answer = broken
    grade(make_played(judge, repeats=2))

    assert not Verdict.objects.exclude(copy_of=None).exists()
    assert JudgeCall.objects.count() == 4


def test_a_repeated_grading_measures_the_judge_and_not_our_memory(judge, model_server):
    decides(model_server, says("not_met"))
    run = make_played(judge)
    grade(run)
    (first,) = assessments(run)
    repeats = [repeated(run, judge, number, first) for number in (2, 3)]

    for each in repeats:
        verdicts.grade_assessment(each)

    assert len(model_server.requests) == 3
    assert not Verdict.objects.exclude(copy_of=None).exists()


def repeated(run, judge, number, first):
    grading = Grading.objects.create(
        run=run, number=number, purpose="repeat", judge=judge, asked_by=run.owner
    )
    return Assessment.objects.create(rollout=first.rollout, rubric=first.rubric, grading=grading)


# what never changes, and who may be chosen


@pytest.mark.parametrize("change", [{"model": "x"}, {"settings": {}}, {"hash": "x"}, {"note": "x"}])
def test_a_judge_never_changes(change, judge):
    with pytest.raises(IntegrityError, match="never changes"):
        Judge.objects.filter(pk=judge.pk).update(**change)


def test_a_judge_is_never_deleted(judge):
    with pytest.raises(IntegrityError, match="never changes"):
        Judge.objects.filter(pk=judge.pk).delete()


def test_a_call_never_changes(judge, model_server):
    decides(model_server, says("not_met"))
    grade(make_played(judge))

    with pytest.raises(IntegrityError, match="written once"):
        JudgeCall.objects.update(cost=0)


def test_the_judge_of_a_grading_never_changes(judge):
    run = make_played(judge)

    with pytest.raises(IntegrityError, match="judge_id never changes"):
        Grading.objects.filter(run=run).update(judge=None)


def test_a_retired_judge_is_not_chosen_for_a_new_run_and_goes_on_in_old_ones(judge, model_server):
    run = make_played(judge)
    retire_judge(judge, by=judge.created_by)
    judge.refresh_from_db()
    decides(model_server, says("not_met"))

    with pytest.raises(Conflict, match="is retired"):
        make_played(judge)
    assert grade(run)[0].status == "graded"
