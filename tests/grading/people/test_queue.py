"""The queue: what waits for a person, and what of it somebody sees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grading.models import Assessment, Grading, Verdict
from grading.people.queue import Asked, counts_for, decided_by_people, waiting_for
from grading.people.verdicts import record_verdict, withdraw
from grading.verdicts import grade_episode
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world
from tests.grading.people.makers import HUMAN, NULL, grade_all, make_graded, said

pytestmark = pytest.mark.django_db
ALL = make_rubric(
    make_criterion("sure"),
    make_criterion("person", check=HUMAN),
    make_criterion("judged", check={"kind": "judge"}),
    make_criterion("broken", check={"kind": "nope"}),
)


def waits(user, **asked):
    return [(row.key, row.why) for row in waiting_for(user, Asked(**asked), limit=100)]


def machine(assessment, key, outcome, **fields):
    return Verdict.objects.create(
        assessment=assessment, criterion_key=key, outcome=outcome, source="judge", **fields
    )


OPEN = [("person", "human"), ("judged", "undecided"), ("broken", "grader_error")]


def test_everything_that_is_open_waits_in_the_order_of_the_rubric(reviewer):
    make_graded(rubric=ALL)

    assert waits(reviewer) == OPEN


def test_what_a_machine_cannot_tell_waits_until_a_person_has_the_last_word(reviewer, runner):
    assessment = make_graded(owner=runner)
    machine(assessment, "lamp-sold", "cannot_tell", round=2)
    assert waits(reviewer) == [("lamp-sold", "cannot_tell")]

    record_verdict(assessment.pk, "lamp-sold", said(is_authoritative=False), author=runner)
    assert waits(reviewer) == [("lamp-sold", "cannot_tell")]
    last = record_verdict(assessment.pk, "lamp-sold", said("cannot_tell"), author=reviewer)
    assert waits(reviewer) == []
    assert decided_by_people(reviewer) == 1
    withdraw(last.pk, actor=reviewer)
    assert waits(reviewer) == [("lamp-sold", "cannot_tell")]
    assert decided_by_people(reviewer) == 0


def test_a_later_round_of_the_machine_settles_its_doubt(reviewer):
    assessment = make_graded()
    machine(assessment, "lamp-sold", "cannot_tell", round=2)
    machine(assessment, "lamp-sold", "met", round=3)

    assert waits(reviewer) == []


def test_people_who_disagree_wait_for_a_last_word(reviewer, analyst, runner):
    assessment = make_graded(owner=runner)
    for person, outcome in ((runner, "met"), (reviewer, "not_met")):
        opinion = said(outcome, is_authoritative=False)
        record_verdict(assessment.pk, "lamp-sold", opinion, author=person)
    assert waits(reviewer) == [("lamp-sold", "disputed")]

    agreed = said("met", "Now I see.", is_authoritative=False)
    changed = record_verdict(assessment.pk, "lamp-sold", agreed, author=reviewer)
    assert waits(reviewer) == []
    withdraw(changed.pk, actor=reviewer)
    assert waits(reviewer) == [("lamp-sold", "disputed")]
    record_verdict(assessment.pk, "lamp-sold", said("met"), author=analyst)
    assert waits(reviewer) == []


@pytest.mark.parametrize(
    ("person", "sees"),
    [("charlie", False), ("author", False), ("runner", True), ("reviewer", True),
     ("analyst", True), ("admin_person", True)],
)  # fmt: skip
def test_everybody_sees_what_waits_in_runs_that_they_may_see(person, sees, runner, request):
    make_graded(owner=runner, rubric=ALL)
    user = request.getfixturevalue(person)

    assert waits(user) == (OPEN if sees else [])
    assert sum(count for *_, count in counts_for(user)) == (3 if sees else 0)


def test_gradings_that_do_not_count_wait_for_nobody(reviewer):
    assessment = make_graded()
    run = assessment.rollout.run
    trial = Grading.objects.create(run=run, number=2, purpose="trial", asked_by=reviewer)
    other = Assessment.objects.create(
        rollout=assessment.rollout, rubric=assessment.rubric, grading=trial
    )
    grade_episode(assessment.rollout.episode_id)
    machine(other, "lamp-sold", "cannot_tell", round=2)

    assert waits(reviewer) == []


def test_mutants_wait_for_nobody(reviewer):
    run = make_run(make_plan(make_world(), rubric=ALL), kind="mutants")
    grade_all(run.rollouts.get())

    assert waits(reviewer) == []


def test_what_is_asked_narrows_it(reviewer):
    first, second = (make_graded(rubric=ALL) for _ in range(2))
    record_verdict(first.pk, "person", said(is_authoritative=False), author=reviewer)

    assert waits(reviewer, why="human") == [("person", "human")] * 2
    assert waits(reviewer, run=second.rollout.run_id) == OPEN
    assert len(waits(reviewer, is_unspoken=True)) == 5
    newest = waiting_for(reviewer, Asked(), limit=1)[0]
    assert newest.rollout == second.rollout_id
    assert waiting_for(reviewer, Asked(), limit=1, offset=5)[0].rollout == first.rollout_id


def test_it_is_one_statement_however_much_waits(reviewer):
    make_graded(rubric=ALL, agent=NULL)
    with CaptureQueriesContext(connection) as few:
        waits(reviewer)
    world = make_world()
    run = make_run(*[make_plan(world, rubric=ALL, index=n) for n in range(1, 6)])
    for rollout in run.rollouts.all():
        grade_all(rollout)

    with CaptureQueriesContext(connection) as many:
        assert len(waits(reviewer)) == 18

    assert len(few) <= 2  # the roles of the person are read once
    assert len(many) == 1
