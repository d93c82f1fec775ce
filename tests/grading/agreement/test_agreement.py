"""Which verdicts are compared with which, and what is left out."""

from typing import Any

import pytest

from grading.agreement.items import Scope, read_items
from grading.agreement.numbers import report
from grading.agreement.repeats import flips, read_repeated
from grading.models import Assessment, Grading, Run, Verdict
from grading.people.verdicts import record_verdict, withdraw
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_user, make_world
from tests.grading.people.makers import NULL, grade_all, make_graded, said

pytestmark = pytest.mark.django_db
KEY = "lamp-sold"


def opinion(assessment: Assessment, author: Any, outcome: str, **fields: Any) -> Verdict:
    given = said(outcome, is_authoritative=False)
    return record_verdict(assessment.pk, KEY, given, author=author, **fields)


def make_passed_and_failed(owner: Any, count: int) -> list[Assessment]:
    """So many rollouts of the reference, which pass, and of an agent that does nothing."""
    world = make_world(owner=owner)
    plans = [
        make_plan(world, index=n, **fields)
        for n in range(1, count + 1)
        for fields in ({}, {"agent": NULL})
    ]
    run = make_run(*plans, owner=owner)
    return [grade_all(rollout) for rollout in run.rollouts.order_by("agent", "index")]


def test_machines_are_compared_with_what_people_hold(runner, reviewer):
    failed, *_, passed = make_passed_and_failed(runner, 2)
    opinion(failed, reviewer, "not_met")
    opinion(passed, reviewer, "not_met")

    found = report(read_items(reviewer, Scope()))

    assert (found.items, found.episodes, found.judge) == (2, 2, None)
    assert found.check.two.counts == ((1, 1), (0, 0)), "people in rows, the check in columns"
    assert found.check.two.observed.value == 0.5


def test_the_last_word_is_what_people_hold_and_without_one_they_must_agree(reviewer, analyst):
    assessment = make_graded()
    opinion(assessment, reviewer, "met")
    opinion(assessment, analyst, "not_met")
    assert read_items(reviewer, Scope())[0].truth is None
    assert report(read_items(reviewer, Scope())).check.unresolved == 1

    record_verdict(assessment.pk, KEY, said("not_met"), author=reviewer)
    record_verdict(assessment.pk, KEY, said("met"), author=analyst)

    (item,) = read_items(reviewer, Scope())
    assert item.truth == "met", "the later word, although the reviewer spoke first and last"
    assert {label.person: label.outcome for label in item.labels} == {
        reviewer.username: "not_met",
        analyst.username: "met",
    }


def test_what_was_taken_back_and_what_a_grader_broke_on_is_not_compared(reviewer):
    broken = make_rubric(make_criterion(check={"kind": "no_such_grader"}))
    assessment = make_graded(rubric=broken)
    verdict = opinion(assessment, reviewer, "met")

    found = report(read_items(reviewer, Scope()))
    assert (found.check.n, found.check.broken) == (0, 1)

    withdraw(verdict.pk, actor=reviewer)
    assert read_items(reviewer, Scope()) == []


def test_people_are_compared_with_each_other(reviewer, analyst, runner):
    first, second = make_passed_and_failed(runner, 1)
    for person, outcomes in ((reviewer, ("met", "not_met")), (analyst, ("met", "met"))):
        for assessment, outcome in zip((first, second), outcomes, strict=True):
            opinion(assessment, person, outcome)

    found = report(read_items(reviewer, Scope()))

    assert found.rated_twice == 2
    assert found.people.flip_rate.value == 0.5
    assert [(p.name, p.labels, p.against.observed.value) for p in found.persons] == [
        (analyst.username, 2, 0.5),
        (reviewer.username, 2, 0.5),
    ]


def test_scopes_narrow_what_is_looked_at(reviewer, runner):
    evaluation = make_graded(owner=runner, labels={"author": "ana"})
    opinion(evaluation, reviewer, "met", is_blind=True)
    world = make_world()
    dry = make_run(make_plan(world), kind=Run.Kind.DRY_RUN)
    opinion(grade_all(dry.rollouts.get()), reviewer, "met")

    def count(**fields: Any) -> int:
        return len(read_items(reviewer, Scope(**fields)))

    assert count() == 1, "a dry run's numbers count only when asked for"
    assert count(kind="dry_run") == count(run=dry.pk) == 1
    assert count(check="state") == count(source="check") == count(author="ana") == 1
    assert count(check="response") == count(source="judge") == count(author="bo") == 0
    assert count(is_blind_only=True) == 1
    assert count(run=dry.pk, is_blind_only=True) == 0


def test_only_runs_that_one_may_see_are_looked_at(reviewer, runner, charlie):
    opinion(make_graded(owner=runner), reviewer, "met")

    assert len(read_items(runner, Scope())) == 1
    assert read_items(charlie, Scope()) == []


def test_reading_takes_the_same_number_of_queries_for_more(
    reviewer, runner, django_assert_num_queries
):
    for assessment in make_passed_and_failed(runner, 3):
        opinion(assessment, reviewer, "met")
    reviewer = type(reviewer).objects.get(pk=reviewer.pk)

    with django_assert_num_queries(5):  # roles, people's verdicts, assessments, machine's, rubrics
        assert len(read_items(reviewer, Scope())) == 6


def repeat(assessment: Assessment, outcome: str, **fields: Any) -> Grading:
    """Store a repeated grading with this outcome of the machine."""
    run = assessment.rollout.run
    given = {"purpose": Grading.Purpose.REPEAT, "asked_by": run.owner, **fields}
    grading = Grading.objects.create(run=run, number=run.gradings.count() + 1, **given)
    again = Assessment.objects.create(
        rollout=assessment.rollout, rubric=assessment.rubric, grading=grading
    )
    Verdict.objects.create(assessment=again, criterion_key=KEY, outcome=outcome, source="check")
    return grading


def test_flips_are_counted_over_repeated_gradings(reviewer, runner):
    failed, passed = make_passed_and_failed(runner, 1)
    repeat(failed, "met")
    repeat(failed, "not_met")
    repeat(passed, "met")

    (state,) = flips(read_repeated(reviewer, Scope()))

    assert (state.name, state.n, state.flipped) == ("state", 2, 1)
    assert state.agreement.flip_rate.value == pytest.approx((2 / 3 + 0) / 2)


def test_other_gradings_and_grader_errors_are_no_repeats(reviewer, runner):
    assessment = make_graded(owner=runner)
    repeat(assessment, "not_met", purpose=Grading.Purpose.REGRADE)
    repeat(assessment, "grader_error")

    assert read_repeated(reviewer, Scope()) == []


def test_a_verdict_by_an_unknown_kind_of_machine_has_no_author(reviewer):
    assessment = make_graded(rubric=make_rubric(make_criterion(check={"kind": "human"})))
    opinion(assessment, reviewer, "met")

    (item,) = read_items(make_user("", "analyst"), Scope())

    assert (item.machine, item.source, item.judge) == (None, "", "")
