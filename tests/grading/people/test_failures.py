"""Failure notes: on what, by whom, one current a person."""

import pytest
from django.utils import timezone

from grading.models import Assessment, FailureKind, FailureLevel, FailureNote, Grading
from grading.people.failures import HELP, Note, note_failure, take_back_note
from grading.people.verdicts import record_verdict
from simulation.errors import Conflict, Forbidden, Problems
from tests.factories import make_rollout
from tests.grading.people.makers import NULL, RUBRIC, make_graded, said

pytestmark = pytest.mark.django_db
WRONG = Note(level=1, kind="wrong_argument", first_step=1, text="It made the id up.")


@pytest.fixture
def failed(runner):
    return make_graded(owner=runner, agent=NULL).rollout


def current(rollout):
    return list(FailureNote.objects.current().filter(rollout=rollout).order_by("pk"))


def test_several_people_say_what_went_wrong(failed, runner, reviewer):
    note_failure(failed.pk, WRONG, author=runner)
    note_failure(failed.pk, Note(level=5, kind="premature_end"), author=reviewer)

    assert [(note.author, note.level, note.kind) for note in current(failed)] == [
        (runner, 1, "wrong_argument"),
        (reviewer, 5, "premature_end"),
    ]


def test_a_later_note_replaces_the_earlier_of_the_same_person_and_both_stay(failed, runner):
    note_failure(failed.pk, WRONG, author=runner)
    note_failure(failed.pk, WRONG, author=runner)
    later = note_failure(failed.pk, Note(level=2, kind="wrong_order"), author=runner)

    assert current(failed) == [later]
    assert FailureNote.objects.count() == 2


def test_a_note_is_taken_back_by_a_new_fact_and_may_be_said_again(failed, runner, reviewer):
    note_failure(failed.pk, WRONG, author=runner)
    others = note_failure(failed.pk, WRONG, author=reviewer)

    assert take_back_note(failed.pk, author=runner).is_withdrawn
    assert take_back_note(failed.pk, author=runner) is None
    assert current(failed) == [others]
    again = note_failure(failed.pk, WRONG, author=runner)
    assert current(failed) == [others, again]


@pytest.mark.parametrize(
    ("person", "may"),
    [("charlie", False), ("author", False), ("runner", True), ("reviewer", True),
     ("analyst", True), ("admin_person", True)],
)  # fmt: skip
def test_who_says_why_it_failed(person, may, failed, request):
    user = request.getfixturevalue(person)

    if may:
        assert note_failure(failed.pk, WRONG, author=user)
    else:
        with pytest.raises(Forbidden, match="owner of the run"):
            note_failure(failed.pk, WRONG, author=user)
    assert len(current(failed)) == may


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_graded().rollout, "passed"),
        (lambda: make_graded(rubric=RUBRIC).rollout, "no reward"),
        (make_rollout, "no reward"),
    ],
)
def test_what_did_not_fail_has_no_failure(make, words, reviewer):
    rollout = make()

    with pytest.raises(Conflict, match=words):
        note_failure(rollout.pk, WRONG, author=reviewer)


def test_whether_it_failed_is_what_people_decided(reviewer):
    assessment = make_graded()
    record_verdict(assessment.pk, "lamp-sold", said("not_met"), author=reviewer)

    assert note_failure(assessment.rollout_id, WRONG, author=reviewer)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"level": None}, "level: choose"),
        ({"level": 6}, "level: choose"),
        ({"kind": ""}, "kind: choose"),
        ({"kind": "bad luck"}, "kind: choose"),
        ({"first_step": 999}, "first_step: this episode has no step 999"),
        ({"first_step": -1}, "first_step: this episode has no step -1"),
        ({"text": "x" * 4001}, "text: write at most"),
        ({"kind": "other", "text": " "}, "text: say what went wrong"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(fields, problem, failed, runner):
    given = {"level": 1, "kind": "wrong_argument", "first_step": None, "text": ""}

    with pytest.raises(Problems) as caught:
        note_failure(failed.pk, Note(**{**given, **fields}), author=runner)

    assert caught.value.problems[0].startswith(problem)
    assert not FailureNote.objects.exists()


def test_every_level_is_explained_and_every_kind_may_be_said(failed, runner):
    assert set(HELP) == set(FailureLevel)
    for kind in FailureKind.values:
        note_failure(failed.pk, Note(level=3, kind=kind, text="Words."), author=runner)
    assert len(current(failed)) == 1


def test_a_trial_in_which_it_fails_is_no_failure(runner):
    passed = make_graded(owner=runner)
    trial = Grading.objects.create(
        run=passed.rollout.run, number=2, purpose="trial", asked_by=runner
    )
    Assessment.objects.create(
        rollout=passed.rollout, rubric=passed.rubric, grading=trial, status="graded",
        reward=0, passed=False, graded_at=timezone.now(),
    )  # fmt: skip

    with pytest.raises(Conflict, match="passed"):
        note_failure(passed.rollout_id, WRONG, author=runner)
