"""Criteria, rubrics and the reward."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grading.criteria import Criterion, Outcome, RubricContent, reward_of
from tests.factories import make_criterion, make_rubric

MET, NOT_MET, CANNOT_TELL, ERROR = Outcome


def criteria(*points):
    return [make_criterion(f"c-{n}", points=p) for n, p in enumerate(points)]


def reward(points, outcomes):
    given = criteria(*points)
    return reward_of(given, {c.key: outcome for c, outcome in zip(given, outcomes, strict=False)})


@pytest.mark.parametrize(
    ("points", "outcomes", "expected"),
    [
        ((1,), (MET,), (1.0, True)),
        ((1,), (NOT_MET,), (0.0, False)),
        ((1, 1, 1), (MET, MET, NOT_MET), (2 / 3, False)),
        ((1, 3), (NOT_MET, MET), (0.75, False)),
        ((1, 3), (MET, MET), (1.0, True)),
        ((1, 1, -2), (MET, MET, NOT_MET), (1.0, True)),
        ((1, 1, -2), (MET, MET, MET), (0.0, False)),
        ((2, 2, -1), (MET, MET, MET), (0.75, False)),
        ((1, -3), (NOT_MET, MET), (0.0, False)),
        ((1, 1), (MET, CANNOT_TELL), (0.5, False)),
        ((1, -2), (MET, CANNOT_TELL), (1.0, True)),
    ],
)
def test_the_reward_is_the_points_of_met_over_the_positive_points(points, outcomes, expected):
    assert reward(points, outcomes) == expected


@pytest.mark.parametrize("outcomes", [(MET, ERROR), (ERROR, NOT_MET), (MET,), ()])
def test_without_complete_grading_there_is_no_reward_never_a_zero(outcomes):
    assert reward((1, 1), outcomes) is None


points = st.integers(-3, 3).filter(bool)
decided = st.sampled_from([MET, NOT_MET, CANNOT_TELL])


@given(st.lists(st.tuples(points, decided), min_size=1, max_size=8))
def test_a_reward_is_a_share_and_passing_means_all_good_and_no_harm(pairs):
    pairs = [(1, MET), *pairs]
    amount, passed = reward(*zip(*pairs, strict=True))

    assert 0 <= amount <= 1
    assert passed is all((outcome == MET) is (p > 0) for p, outcome in pairs)
    assert not passed or amount == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"points": 0}, "points are never 0"),
        ({"points": 1.5}, "valid integer"),
        ({"points": 10**30}, "less than or equal to"),
        ({"key": "Not a slug"}, "match pattern"),
        ({"key": ""}, "match pattern"),
        ({"key": "x" * 81}, "at most 80"),
        ({"text": ""}, "at least 1"),
        ({"category": "style"}, "completeness"),
        ({"weight": 2}, "Extra inputs"),
    ],
)
def test_a_criterion_refuses_what_it_cannot_be(fields, message):
    with pytest.raises(ValidationError, match=message):
        make_criterion(**fields)


@pytest.mark.parametrize(
    ("given_points", "word"),
    [(1, "standard"), (2, "important"), (3, "essential"), (-2, "harmful"), (-3, "critical harm"),
     (5, "+5"), (-1, "-1")],
)  # fmt: skip
def test_points_have_words(given_points, word):
    assert make_criterion(points=given_points).points_word == word


def test_a_rubric_needs_something_to_gain():
    with pytest.raises(ValidationError, match="a rubric needs a criterion with positive points"):
        make_rubric(*criteria(-2, -3))


def test_a_rubric_names_the_keys_that_are_there_twice():
    twice = [make_criterion("a"), make_criterion("b"), make_criterion("a")]

    with pytest.raises(ValidationError, match="two criteria have the key a"):
        make_rubric(*twice)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Other words."},
        {"points": 2},
        {"note": "x"},
        {"category": "completeness"},
        {"check": {"kind": "human"}},
    ],
)
def test_the_hash_tells_two_criteria_under_one_key_apart(change):
    assert make_criterion(**change).hash != make_criterion().hash


def test_equal_rubrics_have_equal_hashes_and_order_counts():
    one, other = criteria(1, 2)

    assert make_rubric(one, other).hash == make_rubric(one, other).hash
    assert make_rubric(one, other).hash != make_rubric(other, one).hash


def test_a_rubric_reads_back_from_its_own_data():
    rubric = make_rubric(*criteria(1, -2))

    again = RubricContent.model_validate(rubric.model_dump(mode="json"))

    assert (again, again.hash) == (rubric, rubric.hash)


def test_an_absent_member_of_a_check_and_a_null_are_one():
    check = make_criterion().check

    assert make_criterion(check={**check, "count": None}).hash == make_criterion().hash


def test_the_kind_of_a_criterion_is_that_of_its_check():
    assert make_criterion().kind == "state"
    assert Criterion(key="k", text="t", check={}).kind == ""
