"""Deciding assessments: verdicts and reward are stored together, once."""

import logging
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from grading import verdicts
from grading.criteria import Outcome
from grading.graders import Finding
from grading.models import Assessment, Rollout, Verdict, Withdrawal
from grading.tasks import grade_episode, sweep
from grading.verdicts import effective
from simulation import episodes
from simulation.guards import maintenance
from simulation.models import Episode
from simulation.runner import run_episode
from simulation.stops import StopReason
from simulation.transcript import AgentSpec
from tests.beside import at_once
from tests.factories import (
    cancel,
    make_criterion,
    make_outcome,
    make_plan,
    make_rollout,
    make_rubric,
    make_run,
    make_world,
    scripted,
)

pytestmark = pytest.mark.django_db
NULL = AgentSpec(kind="null", name="null")
BROKEN = make_criterion("broken", check={"kind": "no_such_grader"})
HARM = make_criterion("harm", points=-2)


def make_played(*, rubric=None, **fields):
    """A rollout whose episode has ended and was not graded yet."""
    rollout = make_rollout(rubric=rubric or make_rubric(), **fields)
    run_episode(rollout.episode_id)
    rollout.episode.refresh_from_db()
    return rollout


def make_graded(**fields):
    rollout = make_played(**fields)
    assert verdicts.grade_episode(rollout.episode_id) == 1
    return rollout.assessments.get()


def make_masked():
    rollout = make_rollout()
    lease = episodes.claim_episode(rollout.episode_id)
    outcome = make_outcome(StopReason.PROVIDER_ERROR)
    episodes.finish_episode(rollout.episode_id, outcome, lease=lease)
    return rollout


def make_cancelled():
    rollout = make_rollout()
    cancel(rollout.episode_id)
    return rollout


def decided(assessment):
    return assessment.status, assessment.reward, assessment.passed, assessment.reward_source


def test_an_ended_episode_is_graded_with_a_verdict_for_every_criterion():
    rubric = make_rubric(make_criterion("a"), make_criterion("b", points=3), HARM)

    assessment = make_graded(rubric=rubric, agent=NULL)

    assert decided(assessment) == ("graded", 0.0, False, "check")
    assert assessment.graded_at
    assert list(assessment.verdicts.values_list("criterion_key", "outcome", "source")) == [
        ("a", "not_met", "check"),
        ("b", "not_met", "check"),
        ("harm", "not_met", "check"),
    ]


def test_the_reference_solution_passes():
    assert decided(make_graded()) == ("graded", 1.0, True, "check")


def test_a_verdict_says_why_on_what_evidence_and_by_which_grader():
    verdict = make_graded().verdicts.get()

    assert verdict.rationale
    assert verdict.evidence
    assert set(verdict.evidence[0]) == {"step", "quote"}
    assert len(verdict.grader_fingerprint) == 64


def test_equal_criteria_on_other_episodes_have_equal_fingerprints():
    world = make_world()
    run = make_run(*[make_plan(world, index=n) for n in (1, 2)])
    other = make_rollout(world=world, rubric=make_rubric(make_criterion(text="Other words.")))
    for rollout in [*run.rollouts.all(), other]:
        run_episode(rollout.episode_id)
        verdicts.grade_episode(rollout.episode_id)

    prints = Verdict.objects.order_by("pk").values_list("grader_fingerprint", flat=True)
    assert prints[0] == prints[1] != prints[2]


def test_grading_twice_grades_once():
    rollout = make_played()

    assert [verdicts.grade_episode(rollout.episode_id) for _ in range(2)] == [1, 0]
    assert Verdict.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_grading_at_the_same_time_grades_once():
    rollout = make_played()

    results = at_once(*[lambda: verdicts.grade_episode(rollout.episode_id)] * 3)

    assert sorted(results) == [0, 0, 1]
    assert Verdict.objects.count() == 1


@pytest.mark.parametrize("make", [make_rollout, make_masked, make_cancelled])
def test_what_has_not_ended_for_the_agents_reasons_is_not_graded(make):
    rollout = make()

    assert verdicts.grade_episode(rollout.episode_id) == 0
    sweep()

    assert decided(rollout.assessments.get()) == ("open", None, None, "")
    assert not Verdict.objects.exists()


def test_an_episode_without_a_rollout_or_none_at_all_is_nothing_to_grade():
    assert verdicts.grade_episode(10**9) == 0


# incomplete grading


def test_a_grader_that_breaks_leaves_no_reward_and_never_a_zero():
    assessment = make_graded(rubric=make_rubric(make_criterion(), BROKEN))

    assert decided(assessment) == ("incomplete", None, None, "")
    verdict = assessment.verdicts.get(criterion_key="broken")
    assert verdict.outcome == Outcome.GRADER_ERROR
    assert "no_such_grader" in verdict.rationale
    assert assessment.verdicts.get(criterion_key="lamp-sold").outcome == "met"


def test_an_episode_that_does_not_rebuild_to_its_hash_has_no_reward(caplog):
    rollout = make_played()
    with maintenance("damage"):
        Episode.objects.update(state_hash="f" * 64)

    with caplog.at_level(logging.CRITICAL):
        verdicts.grade_episode(rollout.episode_id)

    assert decided(rollout.assessments.get()) == ("incomplete", None, None, "")
    assert "does not rebuild" in Verdict.objects.get().rationale


def damage_setup(rollout):
    spec = {**rollout.episode.spec, "setup": [{"op": "rename"}]}
    with maintenance("damage"):
        Episode.objects.filter(pk=rollout.episode_id).update(spec=spec)


def test_an_episode_that_cannot_be_rebuilt_at_all_has_no_reward():
    rollout = make_played()
    damage_setup(rollout)

    verdicts.grade_episode(rollout.episode_id)

    assert rollout.assessments.get().status == "incomplete"


def test_hostile_reasons_are_stored_clean_and_short(monkeypatch):
    hostile = Finding(Outcome.MET, "a\x00b" + chr(0xD800) + "x" * 10_000)
    monkeypatch.setattr(verdicts, "grade_criterion", lambda criterion, evidence: hostile)

    verdict = make_graded().verdicts.get()

    assert verdict.rationale.startswith("a\ufffdb\ufffdx")
    assert len(verdict.rationale) == verdicts.REASON_LIMIT


def test_words_of_the_agent_that_a_verdict_quotes_do_no_harm():
    text = "<b>\x00" + chr(0xDFFF) + "\u202e'; --"

    assessment = make_graded(agent=scripted({"text": text}))

    assert assessment.status == "graded"


# the sweep


def test_the_sweep_grades_what_was_missed():
    rollouts = [make_played() for _ in range(2)]

    sweep()

    assert {r.assessments.get().status for r in rollouts} == {"graded"}
    assert verdicts.ungraded_episodes() == []


def test_one_broken_episode_does_not_keep_the_sweep_from_the_others(monkeypatch):
    first, second = make_played(), make_played()
    read = verdicts.read_evidence

    def break_on_the_first(episode, recorded=None):
        if episode.pk == first.episode_id:
            raise RuntimeError("a bug of ours")
        return read(episode, recorded)

    monkeypatch.setattr(verdicts, "read_evidence", break_on_the_first)

    sweep()

    assert first.assessments.get().status == "open"
    assert second.assessments.get().status == "graded"


def test_the_task_grades_by_id():
    rollout = make_played()

    grade_episode(rollout.episode_id)

    assert rollout.assessments.get().status == "graded"


# what counts


def verdict(pk, source, outcome, **fields):
    return Verdict(pk=pk, criterion_key="k", source=source, outcome=outcome, **fields)


CHECK, JUDGE = verdict(1, "check", "met"), verdict(2, "judge", "not_met")
FIRST = verdict(3, "human", "met", is_authoritative=True)
LATER = verdict(4, "human", "not_met", is_authoritative=True)
OPINION = verdict(5, "human", "cannot_tell")


@pytest.mark.parametrize(
    ("given", "winner"),
    [
        ([CHECK], CHECK),
        ([JUDGE, CHECK], JUDGE),
        ([CHECK, OPINION], CHECK),
        ([FIRST, CHECK, JUDGE], FIRST),
        ([LATER, FIRST, CHECK], LATER),
        ([verdict(9, "judge", "met", round=1), verdict(6, "judge", "not_met", round=2)], None),
        ([OPINION], "nobody"),
    ],
)
def test_the_latest_authoritative_human_verdict_counts_else_the_latest_of_the_machine(
    given, winner
):
    if winner == "nobody":
        assert effective(given) == {}
    else:
        assert effective(given) == {"k": winner or given[-1]}


def decide(assessment: Assessment, outcome: str, **fields: Any) -> Verdict:
    """Let a person decide the one criterion."""
    human = {"source": "human", "author": assessment.rollout.run.owner, "is_authoritative": True}
    return Verdict.objects.create(
        assessment=assessment, criterion_key="lamp-sold", outcome=outcome, **human | fields
    )


def test_a_persons_last_word_moves_reward_and_its_source_and_taking_it_back_restores_them():
    assessment = make_graded()
    verdict = decide(assessment, "not_met")

    changed = verdicts.settle(assessment.pk)

    assert (changed.reward, changed.passed, changed.reward_source) == (0, False, "human")
    Withdrawal.objects.create(verdict=verdict, author=verdict.author)
    restored = verdicts.settle(assessment.pk)
    assert (restored.reward, restored.passed, restored.reward_source) == (1, True, "check")


def test_an_opinion_moves_nothing():
    assessment = make_graded()
    decide(assessment, "not_met", is_authoritative=False)

    assert verdicts.settle(assessment.pk).passed is True


@pytest.mark.parametrize("kind", ["judge", "human"])
def test_what_no_rule_decides_leaves_the_reward_open_until_a_person_decides(kind):
    assessment = make_graded(rubric=make_rubric(make_criterion(check={"kind": kind})))
    assert not assessment.verdicts.exists()
    assert (assessment.status, assessment.reward, assessment.passed) == ("incomplete", None, None)

    decide(assessment, "met")

    settled = verdicts.settle(assessment.pk)
    assert (settled.status, settled.reward, settled.reward_source) == ("graded", 1, "human")


def test_a_new_round_decides_only_what_no_earlier_one_could():
    assessment = make_graded(rubric=make_rubric(BROKEN, make_criterion()))
    assert assessment.status == "incomplete"
    again = {"status": "open", "graded_at": None, "round": 2}
    Assessment.objects.filter(pk=assessment.pk).update(**again)

    assert verdicts.grade_assessment(Assessment.objects.get(pk=assessment.pk))

    rounds = assessment.verdicts.values_list("criterion_key", "round")
    assert sorted(rounds) == [(BROKEN.key, 1), (BROKEN.key, 2), ("lamp-sold", 1)]


def test_a_worker_of_an_earlier_round_decides_nothing():
    assessment = make_graded(rubric=make_rubric(BROKEN))
    Assessment.objects.filter(pk=assessment.pk).update(status="open", graded_at=None, round=2)

    assert not verdicts.grade_assessment(assessment)


def test_verdicts_count_by_criterion():
    other = Verdict(pk=9, criterion_key="other", source="check", outcome="met")

    assert set(effective([CHECK, other])) == {"k", "other"}


# what the database refuses


def test_rollouts_are_found_with_their_outcome():
    world = make_world()
    plans = [make_plan(world, agent=agent, index=n, rubric=rubric) for n, (agent, rubric) in
             enumerate([(make_plan(world).agent, make_rubric()), (NULL, make_rubric()),
                        (NULL, make_rubric(BROKEN)), (NULL, make_rubric())], start=1)]  # fmt: skip
    run = make_run(*plans)
    for rollout in run.rollouts.exclude(index=4):
        run_episode(rollout.episode_id)
        verdicts.grade_episode(rollout.episode_id)
    last = run.rollouts.get(index=4)
    cancel(last.episode_id)

    outcomes = (
        Rollout.objects.with_outcome(run.official_id)
        .order_by("index")
        .values_list("outcome", flat=True)
    )
    assert list(outcomes) == ["pass", "fail", "incomplete", "cancelled"]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"reward": 0.5}, "assessment_reward_iff_graded"),
        ({"status": "graded", "graded_at": timezone.now()}, "assessment_reward_iff_graded"),
        ({"status": "incomplete"}, "assessment_graded_at_iff_decided"),
    ],
)
def test_a_reward_without_complete_grading_cannot_be_stored(values, constraint):
    rollout = make_rollout()

    with pytest.raises(IntegrityError, match=constraint):
        Assessment.objects.filter(rollout=rollout).update(**values)
