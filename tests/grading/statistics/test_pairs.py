"""Paired comparisons."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.statistics.pairs import NO_PAIR, Change, Flips, compare

sides = st.lists(
    st.tuples(*[st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=4)] * 2),
    min_size=2,
    max_size=28,
)


def numbered(tasks):
    return {f"t{i:02}": dict(enumerate(values, 1)) for i, values in enumerate(tasks)}


@settings(deadline=None)
@given(sides)
def test_the_difference_is_that_of_a_paired_t_test_of_task_means(tasks):
    first, second = ([np.mean(pair[side]) for pair in tasks] for side in (0, 1))
    away = np.subtract(second, first)

    found = compare(*(numbered([pair[side] for pair in tasks]) for side in (0, 1)))

    assert found.difference.value == pytest.approx(np.mean(away), abs=1e-12)
    assert found.deviation == pytest.approx(np.std(away, ddof=1), abs=1e-12)
    if found.deviation > 1e-9:
        expected = scipy.stats.ttest_rel(second, first).confidence_interval()
        interval = found.difference.interval.low, found.difference.interval.high
        # a difference of shares is never beyond ±1, which Student's t does not know
        bounds = max(-1, expected.low), min(1, expected.high)
        assert interval == pytest.approx(bounds, abs=1e-9)


def test_tasks_of_one_side_are_listed_and_in_no_number():
    first = {"a": {1: 1.0}, "b": {1: 0.0}, "only": {1: 0.0}, "masked": {1: 1.0}}
    second = {"a": {1: 1.0}, "b": {1: 1.0}, "new": {1: 1.0}, "masked": {}}

    found = compare(first, second)

    assert (found.only_first, found.only_second) == (("masked", "only"), ("new",))
    assert found.difference.value == 0.5
    assert (found.difference.clusters, found.difference.n) == (2, 4)


def test_flips_are_counted_by_task_and_between_equal_repeats():
    first = {"a": {1: 1.0, 2: 0.0}, "b": {1: 0.0, 2: 0.0, 3: 1.0}, "c": {1: 1.0}}
    second = {"a": {1: 0.0, 2: 1.0}, "b": {2: 1.0, 3: 1.0}, "c": {1: 0.0}}

    found = compare(first, second)

    assert found.tasks == Flips(better=1, worse=1, same=1)
    assert found.trials == Flips(better=2, worse=2, same=1)


def test_changed_tasks_are_named_the_largest_change_first():
    first = {"a": {1: 0.5}, "b": {1: 1.0}, "c": {1: 1.0}}
    second = {"a": {1: 1.0}, "b": {1: 0.0}, "c": {1: 1.0}}

    assert compare(first, second).changes == (
        Change(task="b", first=1.0, second=0.0),
        Change(task="a", first=0.5, second=1.0),
    )


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        ([[0.0]] * 6, [[1.0]] * 6, 1 / 32),
        ([[0.0]] * 3 + [[1.0]], [[1.0]] * 3 + [[0.0]], 0.625),
        ([[0.0, 0.0]] * 6, [[1.0]] * 6, None),
        ([[0.5]] * 6, [[1.0]] * 6, None),
        ([[1.0]], [[1.0]], 1.0),
    ],
)
def test_mcnemar_is_for_one_trial_that_is_0_or_1(first, second, p):
    assert compare(numbered(first), numbered(second)).mcnemar == p


@given(sides)
def test_turned_round_the_difference_has_the_other_sign(tasks):
    there, back = (
        compare(*(numbered([pair[side] for pair in tasks]) for side in order))
        for order in ((0, 1), (1, 0))
    )

    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.p == back.p
    assert (there.tasks.better, there.tasks.worse) == (back.tasks.worse, back.tasks.better)


def test_nothing_in_common_is_no_difference_and_says_so():
    found = compare({"a": {1: 1.0}}, {"b": {1: 1.0}})

    assert (found.difference.value, found.difference.why) == (None, NO_PAIR)
    assert found.p is found.mcnemar is found.deviation is None
