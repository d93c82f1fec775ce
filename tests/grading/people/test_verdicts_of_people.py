"""Verdicts of people: who may, when, what it moves, and how it is taken back."""

import pytest
from django.db import IntegrityError, transaction

from grading.graders import Cited
from grading.models import Assessment, Verdict, Withdrawal
from grading.people.verdicts import agree, record_verdict, withdraw
from grading.verdicts import grade_assessment, outcomes_of
from simulation import episodes
from simulation.errors import Conflict, Forbidden, NotFound, Problems
from simulation.stops import StopReason
from tests.beside import at_once
from tests.factories import cancel, make_criterion, make_outcome, make_rollout, make_rubric
from tests.grading.people.makers import NULL, RUBRIC, make_graded, said

pytestmark = pytest.mark.django_db
KEY = "lamp-sold"


def state_of(assessment):
    assessment.refresh_from_db()
    return assessment.status, assessment.reward, assessment.passed, assessment.reward_source


# who

OPINIONS = {"charlie": False, "author": False, "runner": True} | dict.fromkeys(
    ("reviewer", "analyst", "admin_person"), True
)
LAST_WORDS = {**OPINIONS, "runner": False}


@pytest.mark.parametrize("person", OPINIONS)
@pytest.mark.parametrize("is_authoritative", [False, True])
def test_who_gives_opinions_and_who_decides(person, is_authoritative, runner, request):
    assessment = make_graded(owner=runner)
    user = request.getfixturevalue(person)
    may = (LAST_WORDS if is_authoritative else OPINIONS)[person]
    verdict = said(is_authoritative=is_authoritative)

    if may:
        assert record_verdict(assessment.pk, KEY, verdict, author=user).author == user
    else:
        with pytest.raises(Forbidden):
            record_verdict(assessment.pk, KEY, verdict, author=user)
    assert Verdict.objects.filter(source="human").count() == may


@pytest.mark.parametrize("person", OPINIONS)
def test_who_agrees_and_with_what_weight(person, runner, request):
    assessment = make_graded(owner=runner)
    user = request.getfixturevalue(person)

    if not OPINIONS[person]:
        with pytest.raises(Forbidden):
            agree(assessment.pk, KEY, author=user)
        return
    verdict = agree(assessment.pk, KEY, author=user)

    assert (verdict.outcome, verdict.is_authoritative) == ("met", LAST_WORDS[person])
    assert verdict.evidence == assessment.verdicts.get(source="check").evidence


@pytest.mark.parametrize("person", OPINIONS)
def test_ones_own_verdict_is_taken_back_by_oneself_and_by_admins(person, reviewer, request):
    assessment = make_graded()
    verdict = record_verdict(assessment.pk, KEY, said(), author=reviewer)
    user = request.getfixturevalue(person)

    if person in ("reviewer", "admin_person"):
        assert withdraw(verdict.pk, actor=user, reason="I misread it.").author == user
        assert state_of(assessment)[1:3] == (1, True)
    else:
        with pytest.raises(Forbidden, match="bob"):
            withdraw(verdict.pk, actor=user)
        assert state_of(assessment)[1:3] == (0, False)


# when


def make_open(**_):
    return make_rollout().assessments.get()


def make_masked(**_):
    rollout = make_rollout()
    lease = episodes.claim_episode(rollout.episode_id)
    outcome = make_outcome(StopReason.PROVIDER_ERROR)
    episodes.finish_episode(rollout.episode_id, outcome, lease=lease)
    return rollout.assessments.get()


def make_cancelled_episode(**_):
    rollout = make_rollout()
    cancel(rollout.episode_id)
    return rollout.assessments.get()


def reopened(**status):
    assessment = make_graded()
    fields = {"graded_at": None, "reward": None, "passed": None, "reward_source": "", **status}
    Assessment.objects.filter(pk=assessment.pk).update(**fields)
    return assessment


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (make_open, "has not ended"),
        (make_masked, "for a reason of ours"),
        (make_cancelled_episode, "episode was cancelled"),
        (lambda: reopened(status="open", round=2), "being graded"),
        (lambda: reopened(status="cancelled"), "grading was cancelled"),
    ],
)
def test_nobody_speaks_while_it_is_not_graded(make, words, reviewer):
    assessment = make()

    with pytest.raises(Conflict, match=words):
        record_verdict(assessment.pk, KEY, said(), author=reviewer)
    with pytest.raises(Conflict, match=words):
        agree(assessment.pk, KEY, author=reviewer)


def test_nothing_is_taken_back_while_a_judge_is_at_work(reviewer):
    assessment = make_graded()
    verdict = record_verdict(assessment.pk, KEY, said(), author=reviewer)
    Assessment.objects.filter(pk=assessment.pk).update(
        status="open", round=2, graded_at=None, reward=None, passed=None, reward_source=""
    )

    with pytest.raises(Conflict, match="being graded"):
        withdraw(verdict.pk, actor=reviewer)
    assert not Withdrawal.objects.exists()


# what


def test_a_persons_word_settles_what_was_open_and_the_reward_with_it(reviewer, analyst):
    assessment = make_graded(rubric=RUBRIC)
    assert state_of(assessment) == ("incomplete", None, None, "")

    record_verdict(assessment.pk, "tone", said("met"), author=reviewer)
    assert state_of(assessment) == ("graded", 1, True, "human")
    record_verdict(assessment.pk, "harm", said("met", "A chair went too."), author=analyst)
    assert state_of(assessment) == ("graded", 0, False, "human")


def test_an_opinion_moves_nothing(runner):
    assessment = make_graded(owner=runner)

    record_verdict(assessment.pk, KEY, said(is_authoritative=False), author=runner)

    assert state_of(assessment) == ("graded", 1, True, "check")


def test_cannot_tell_is_no_met_and_no_error(reviewer):
    assessment = make_graded()

    record_verdict(assessment.pk, KEY, said("cannot_tell"), author=reviewer)

    assert state_of(assessment) == ("graded", 0, False, "human")


def test_a_later_last_word_replaces_the_earlier_and_all_stay(reviewer, analyst):
    assessment = make_graded()
    record_verdict(assessment.pk, KEY, said("not_met"), author=reviewer)
    record_verdict(assessment.pk, KEY, said("met", "It was."), author=analyst)

    assert outcomes_of(assessment)[KEY].author == analyst
    assert state_of(assessment)[2] is True
    record_verdict(assessment.pk, KEY, said("not_met"), author=reviewer)
    assert outcomes_of(assessment)[KEY].author == reviewer  # the same words, said again after her
    assert Verdict.objects.count() == 4


def test_taking_back_restores_what_counted_before_and_twice_is_once(reviewer, analyst):
    assessment = make_graded()
    first = record_verdict(assessment.pk, KEY, said("not_met"), author=reviewer)
    second = record_verdict(assessment.pk, KEY, said("cannot_tell"), author=analyst)

    withdraw(second.pk, actor=analyst)
    assert outcomes_of(assessment)[KEY] == first
    once = withdraw(first.pk, actor=reviewer, reason="no")
    assert withdraw(first.pk, actor=reviewer, reason="other words") == once
    assert state_of(assessment) == ("graded", 1, True, "check")


def test_a_human_criterion_taken_back_is_open_again(reviewer):
    assessment = make_graded(rubric=RUBRIC)
    verdict = record_verdict(assessment.pk, "tone", said("met"), author=reviewer)

    withdraw(verdict.pk, actor=reviewer)

    assert state_of(assessment) == ("incomplete", None, None, "")


def test_a_verdict_of_a_machine_is_not_taken_back(admin_person):
    check = make_graded().verdicts.get()

    with pytest.raises(Conflict, match="override"):
        withdraw(check.pk, actor=admin_person)


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 1),
        ({"outcome": "cannot_tell"}, 2),
        ({"reason": "Other words."}, 2),
        ({"is_authoritative": False}, 2),
        ({"evidence": [Cited(1)]}, 2),
    ],
)
def test_the_same_again_is_one_fact(change, count, reviewer):
    assessment = make_graded()
    given = {"outcome": "not_met", "reason": "It was not."}

    record_verdict(assessment.pk, KEY, said(**given), author=reviewer)
    record_verdict(assessment.pk, KEY, said(**{**given, **change}), author=reviewer)

    assert Verdict.objects.filter(source="human").count() == count


def test_the_same_again_after_it_was_taken_back_is_a_new_fact(reviewer):
    assessment = make_graded()
    first = record_verdict(assessment.pk, KEY, said(), author=reviewer)
    withdraw(first.pk, actor=reviewer)

    assert record_verdict(assessment.pk, KEY, said(), author=reviewer) != first


def test_agreeing_is_with_what_was_on_the_page(reviewer, analyst):
    assessment = make_graded()
    seen = assessment.verdicts.get().pk
    override = record_verdict(assessment.pk, KEY, said(), author=analyst)

    with pytest.raises(Conflict, match="changed since"):
        agree(assessment.pk, KEY, author=reviewer, seen=seen)
    assert agree(assessment.pk, KEY, author=reviewer, seen=override.pk).outcome == "not_met"
    assert agree(assessment.pk, KEY, author=reviewer).author == reviewer
    assert Verdict.objects.filter(author=reviewer).count() == 1


def test_there_is_no_agreeing_with_an_error_or_with_nothing(reviewer):
    broken = make_criterion("broken", check={"kind": "no_such_grader"})
    assessment = make_graded(rubric=make_rubric(broken, *RUBRIC.criteria))

    for key in ("broken", "tone"):
        with pytest.raises(Conflict, match="no verdict to agree with"):
            agree(assessment.pk, key, author=reviewer)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"outcome": ""}, "outcome: choose"),
        ({"outcome": "grader_error"}, "outcome: choose"),
        ({"reason": " \n"}, "reason: say why"),
        ({"reason": "x" * 4001}, "reason: write at most 4,000"),
        ({"evidence": [Cited(999)]}, "evidence: step 999 is not"),
        ({"evidence": [Cited(1, "nobody said this")]}, "evidence: step 1 does not say"),
        ({"evidence": [Cited(1)] * 21}, "evidence: 21 places"),
        ({"evidence": [Cited(1, "x" * 1001)]}, "evidence: step 1: quote at most"),
    ],
)
def test_what_is_wrong_is_named_with_its_field(fields, problem, reviewer):
    assessment = make_graded()

    with pytest.raises(Problems) as caught:
        record_verdict(assessment.pk, KEY, said(**fields), author=reviewer)

    assert caught.value.problems[0].startswith(problem)
    assert not Verdict.objects.filter(source="human").exists()


def test_a_quote_may_be_spaced_as_the_page_shows_it(reviewer):
    assessment = make_graded()
    step = assessment.rollout.episode.steps.filter(tool="sell").get()
    quote = '"buyer":   "dee"'

    verdict = record_verdict(
        assessment.pk, KEY, said(evidence=[Cited(step.index, quote)]), author=reviewer
    )

    assert verdict.evidence == [{"step": step.index, "quote": quote}]


def test_a_criterion_that_is_not_in_the_rubric_is_not_found(reviewer):
    with pytest.raises(NotFound, match="nope"):
        record_verdict(make_graded().pk, "nope", said(), author=reviewer)


def test_hostile_reasons_are_stored_clean(reviewer):
    hostile = "a\x00" + chr(0xD800)

    verdict = record_verdict(make_graded().pk, KEY, said(reason=hostile), author=reviewer)

    assert verdict.rationale == "a\ufffd\ufffd"


# blind


def test_a_verdict_is_blind_until_its_author_has_seen_anything(reviewer):
    assessment = make_graded()

    first, second = (
        record_verdict(assessment.pk, KEY, said(reason=words), author=reviewer, is_blind=True)
        for words in ("First.", "After I saw the others.")
    )

    assert (first.was_blind, second.was_blind) == (True, False)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"was_blind": True}, "verdict_only_people_are_blind"),
        ({"is_authoritative": True}, "verdict_only_people_are_authoritative"),
        ({"source": "human"}, "verdict_author_iff_human"),
    ],
)
def test_the_database_knows_what_only_people_do(fields, constraint):
    given = {"source": "judge", "outcome": "met", "criterion_key": KEY, **fields}
    assessment = make_graded()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Verdict.objects.create(assessment=assessment, **given)


# at the same time


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_two_facts_and_one_reward_that_fits_them(reviewer, analyst):
    assessment = make_graded()

    at_once(
        lambda: record_verdict(assessment.pk, KEY, said("not_met"), author=reviewer),
        lambda: record_verdict(assessment.pk, KEY, said("met"), author=analyst),
    )

    assert Verdict.objects.filter(source="human").count() == 2
    last = outcomes_of(assessment)[KEY]
    assert state_of(assessment)[2] == (last.outcome == "met")


@pytest.mark.django_db(transaction=True)
def test_one_person_who_presses_twice_leaves_one_fact(reviewer):
    assessment = make_graded()

    results = at_once(*[lambda: record_verdict(assessment.pk, KEY, said(), author=reviewer).pk] * 3)

    assert len(set(results)) == 1
    assert Verdict.objects.filter(source="human").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_verdict_and_a_new_round_at_once_never_lose_one_another(reviewer):
    broken = make_criterion("broken", check={"kind": "no_such_grader"})
    assessment = make_graded(rubric=make_rubric(broken, make_criterion(KEY)), agent=NULL)

    def speak():
        try:
            return record_verdict(assessment.pk, "broken", said("met"), author=reviewer).pk
        except Conflict:
            return None

    def reopen():
        Assessment.objects.filter(pk=assessment.pk, status="incomplete").update(
            status="open", graded_at=None, round=2
        )
        return None

    spoken, _ = at_once(speak, reopen)
    fresh = Assessment.objects.select_related("rollout__episode").get(pk=assessment.pk)
    if fresh.status == "open":
        grade_assessment(fresh)

    assert state_of(assessment)[0] == ("graded" if spoken else "incomplete")
    assert Verdict.objects.filter(source="human").count() == bool(spoken)
