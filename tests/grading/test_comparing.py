"""Two gradings beside each other: the same rollouts, flips first, criterion by criterion."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from grading.criteria import Criterion
from grading.models import Withdrawal
from grading.regrading.compare_page import compare_page
from grading.regrading.comparing import Change, Pair, compare, in_both, tallies
from grading.regrading.criteria_page import text_changes
from grading.regrading.official import switch_official
from grading.regrading.words import words_changed
from grading.scopes import Scope
from grading.verdicts import outcomes_of
from tests.factories import make_criterion
from tests.grading.regrading import (
    HUMAN,
    NEVER,
    NULL,
    SUBJECT,
    make_graded_run,
    never,
    regrade,
    say,
)

pytestmark = pytest.mark.django_db


def pair_of(run, a=1, b=2):
    return run.gradings.get(number=a), run.gradings.get(number=b)


def changes(run, **filters):
    both = compare(run, *pair_of(run), filters)
    return [(r.agent, r.index, str(r.change)) for r in both.shown]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_words_of_both_texts_are_found_in_what_changed(before, after):
    pieces = words_changed(before, after)

    assert "".join(p.text for p in pieces if p.sign != "+") == before
    assert "".join(p.text for p in pieces if p.sign != "-") == after
    if before == after:
        assert {p.sign for p in pieces} <= {""}


def test_words_that_changed_are_shown_and_the_others_stand():
    pieces = words_changed("The refund is 153.50 dollars.", "The refund is 27 dollars.")

    assert [(p.sign, p.text) for p in pieces][:3] == [
        ("", "The refund is "),
        ("-", "153.50"),
        ("+", "27"),
    ]


def test_flips_come_first_then_rewards_then_verdicts(analyst):
    criteria = [make_criterion(), never("more"), make_criterion("kind", check=HUMAN)]
    run = make_graded_run(*criteria, repeats=2)
    for assessment in run.official.assessments.all():
        say(assessment, analyst, key="kind", outcome="met")
    second = regrade(run, make_criterion(), make_criterion("kind", check=HUMAN))
    by_index = {
        (a.rollout.agent, a.rollout.index): a for a in second.assessments.select_related("rollout")
    }
    say(by_index["null", 1], analyst, key="kind", outcome="not_met")
    say(by_index["null", 2], analyst, key="lamp-sold", outcome="met")

    assert changes(run) == [
        ("null", 2, Change.UP),
        ("reference", 1, Change.UP),
        ("reference", 2, Change.UP),
        ("null", 1, Change.REWARD),
    ]
    switched = compare(run, *pair_of(run, 2, 1), {})
    assert [r.change for r in switched.shown] == [Change.DOWN] * 3 + [Change.REWARD]


def test_a_verdict_may_change_without_its_reward(analyst):
    run = make_graded_run(make_criterion(), agents=[NULL], repeats=1)
    second = regrade(run)
    say(second.assessments.get(), analyst, outcome="cannot_tell")

    assert changes(run) == [("null", 1, Change.CRITERIA)]


def test_equal_gradings_have_nothing_to_show():
    run = make_graded_run()
    regrade(run)

    assert changes(run) == []
    assert len(changes(run, change="same")) == 4


def test_figures_are_of_the_rollouts_that_both_decided_completely(analyst):
    run = make_graded_run(make_criterion(), make_criterion("kind", check=HUMAN), repeats=2)
    assessments = run.official.assessments.select_related("rollout")
    for assessment in assessments.exclude(rollout__agent="null", rollout__index=2):
        say(assessment, analyst, key="kind")
    regrade(run, make_criterion(), scope=Scope(agent="null"))

    head = compare(run, *pair_of(run), {}).head

    assert (head.n, head.passed, head.mean) == (1, (0, 0), (0.5, 0.0))
    assert head.changes[Change.OPEN] == 1
    page = compare_page(run, list(run.gradings.all()), *pair_of(run), {})
    assert page.left_out == (
        "2 rollouts only in grading 1",
        "1 rollout without a complete grading in one of both",
    )


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 2),
        ({"agent": "null"}, 0),
        ({"agent": "reference"}, 2),
        ({"task": SUBJECT}, 2),
        ({"task": "other@1"}, 0),
        ({"criterion": "lamp-sold"}, 2),
        ({"criterion": "more"}, 2),
        ({"criterion": "nothing"}, 0),
        ({"change": "down"}, 2),
        ({"change": "up"}, 0),
        ({"change": "same"}, 2),
    ],
)
def test_filters_narrow_what_is_shown(filters, count):
    run = make_graded_run(make_criterion(), make_criterion("more"))
    regrade(run, never(), never("more"))

    assert len(changes(run, **filters)) == count


def test_pairs_of_verdicts_are_those_that_count(analyst, charlie):
    """The query says the same as `effective` says of one assessment."""
    run = make_graded_run(make_criterion(), never("more"), make_criterion("kind", check=HUMAN))
    first = list(run.official.assessments.all())
    say(first[0], analyst, "not_met")
    say(first[1], charlie, "not_met", final=False)
    say(first[2], analyst, "met", key="kind")
    say(first[2], analyst, "not_met", key="kind")
    taken_back = say(first[3], analyst, "met", key="more")
    Withdrawal.objects.create(verdict=taken_back, author=analyst)
    regrade(run, make_criterion(), make_criterion("kind", check=HUMAN), never("new"))
    a, b = pair_of(run)

    found = tallies(in_both(run, a, b), a, b)

    wanted = {}
    for rollout in run.rollouts.all():
        of = [outcomes_of(g.assessments.get(rollout=rollout)) for g in (a, b)]
        for key in of[0].keys() | of[1].keys():
            outcomes = [side[key].outcome if key in side else "" for side in of]
            ids = wanted.setdefault((SUBJECT, key, *outcomes), set())
            ids.add(rollout.pk)
    assert {(t.subject, t.key, t.before, t.after): t.count for t in found} == {
        place: len(ids) for place, ids in wanted.items()
    }
    for tally in found:
        differ = tally.before != tally.after
        same = wanted[tally.subject, tally.key, tally.before, tally.after]
        assert tally.rollouts == (same if differ else set())


def shown(pair):
    return {
        change.label: "".join(f"{p.sign}{p.text}" for p in change.pieces)
        for change in text_changes(pair)
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"text": "Dee's lamps are sold."}, {"Text": "Dee's lamps are -paid+sold."}),
        ({"points": -2}, {"Points": "-standard +1+harmful −2"}),
        ({"note": "Look twice."}, {"Note for graders": "+Look twice."}),
        ({"category": "completeness"}, {"Category": "-correctness+completeness"}),
        ({}, {}),
    ],
)
def test_what_changed_of_a_criterion_is_said_in_words(fields, expected):
    pair = Pair(SUBJECT, "lamp-sold", make_criterion(), make_criterion(**fields))

    assert shown(pair) == expected


def test_a_check_that_changed_is_compared_by_its_sentence():
    pair = Pair(SUBJECT, "lamp-sold", make_criterion(), make_criterion(check=NEVER))

    assert set(shown(pair)) == {"Check"}
    assert "-dee" in shown(pair)["Check"]


def test_a_check_that_nobody_can_read_is_shown_as_data():
    broken = make_criterion(check={"kind": "no-such-grader"})

    assert "no-such-grader" in shown(Pair(SUBJECT, "x", make_criterion(), broken))["Check"].replace(
        "+", ""
    )


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        (None, make_criterion(), "new"),
        (make_criterion(), None, "gone"),
        (make_criterion(), make_criterion(text="x"), "rewritten"),
        (make_criterion(), make_criterion(), "same"),
    ],
)
def test_a_criterion_is_new_gone_rewritten_or_the_same(
    before: Criterion | None, after: Criterion | None, state: str
):
    assert Pair(SUBJECT, "lamp-sold", before, after).state == state


def test_verdicts_that_were_not_carried_are_listed_open(analyst):
    run = make_graded_run(make_criterion(), make_criterion("other"), agents=[NULL], repeats=1)
    say(run.official.assessments.get(), analyst)
    say(run.official.assessments.get(), analyst, key="other")
    second = regrade(run, make_criterion(), make_criterion("other", text="Other words."))
    say(run.official.assessments.get(), analyst, "not_met", key="other")  # later: nothing was left

    page = compare_page(run, list(run.gradings.all()), *pair_of(run), {})

    (left,) = page.people
    assert (left.author, left.key, left.outcome) == ("anna", "other", "met")
    rollout = run.rollouts.get()
    assert left.url == f"/runs/{run.pk}/e/{rollout.pk}/?grading=2#criterion-other"
    assert second.scope["not_carried"] == 1


@pytest.mark.parametrize("reverse", [False, True])
def test_a_comparison_costs_the_same_however_much_there_is(reverse, analyst):
    counts = []
    for repeats in (1, 8):
        run = make_graded_run(make_criterion(), make_criterion("more"), repeats=repeats)
        for assessment in run.official.assessments.all():
            say(assessment, analyst, "not_met")
        second = regrade(run, make_criterion(text="x"), never("more"))
        switch_official(run, second, before=run.official, reason="x", actor=run.owner)
        run.refresh_from_db()
        both = pair_of(run)[::-1] if reverse else pair_of(run)
        gradings = list(run.gradings.all())
        with CaptureQueriesContext(connection) as captured:
            compare_page(run, gradings, *both, {})
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 15
