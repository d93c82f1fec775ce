"""pass@k, pass^k and the spread of repeats."""

from itertools import combinations
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.statistics.repeats import Trials, all_of, any_of, over_k, spread

counts = st.integers(1, 9).flatmap(
    lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))
)
tasks = st.lists(
    st.integers(3, 8).flatmap(
        lambda n: st.builds(Trials, st.just("t"), st.just(n), st.integers(0, n))
    ),
    min_size=1,
    max_size=12,
)


def drawn(n, passed, k):
    """Every choice of k of these trials."""
    return list(combinations([True] * passed + [False] * (n - passed), k))


@given(counts)
def test_pass_at_k_is_the_share_of_choices_in_which_any_passed(count):
    assert any_of(*count) == pytest.approx(fmean(any(chosen) for chosen in drawn(*count)))


@given(counts)
def test_pass_hat_k_is_the_share_of_choices_in_which_all_passed(count):
    assert all_of(*count) == pytest.approx(fmean(all(chosen) for chosen in drawn(*count)))


@pytest.mark.parametrize(
    ("n", "passed", "k", "any_passes", "all_pass"),
    [
        (1, 1, 1, 1, 1), (1, 0, 1, 0, 0), (4, 2, 1, 0.5, 0.5), (4, 2, 2, 5 / 6, 1 / 6),
        (4, 2, 3, 1, 0), (4, 4, 4, 1, 1), (4, 0, 4, 0, 0), (200, 1, 100, 0.5, 0),
    ],
)  # fmt: skip
def test_the_estimators_have_the_values_worked_out_by_hand(n, passed, k, any_passes, all_pass):
    assert any_of(n, passed, k) == pytest.approx(any_passes)
    assert all_of(n, passed, k) == pytest.approx(all_pass)


@given(tasks, st.integers(1, 3), st.sampled_from([any_of, all_of]))
def test_over_tasks_it_is_the_mean(tasks, k, estimator):
    figure = over_k(tasks, k, estimator)

    expected = fmean(estimator(task.n, task.passed, k) for task in tasks)
    assert figure.value == pytest.approx(expected, abs=1e-12)
    assert (figure.clusters, figure.n) == (len(tasks), sum(task.n for task in tasks))


@given(tasks)
def test_pass_at_k_never_falls_and_pass_hat_k_never_rises_with_k(tasks):
    any_passes, all_pass = (
        [over_k(tasks, k, estimator).value for k in (1, 2, 3)] for estimator in (any_of, all_of)
    )

    assert any_passes == pytest.approx(sorted(any_passes))
    assert all_pass == pytest.approx(sorted(all_pass, reverse=True))
    assert any_passes[0] == pytest.approx(all_pass[0])


def test_a_task_with_too_few_trials_leaves_no_number_and_is_named():
    given = [Trials("sell", 4, 2), Trials("refund", 3, 1), *(Trials(f"t{i}", 1, 0) for i in "abc")]

    figure = over_k(given, 4, any_of)

    assert figure.value is None
    assert figure.why == (
        "4 of 5 tasks have fewer than 4 graded trials: refund (3), ta (1), tb (1) and 1 more"
    )


def test_no_tasks_are_no_number():
    assert over_k([], 1, all_of).value is None


@given(
    st.dictionaries(st.integers(1, 9), st.lists(st.booleans(), min_size=1), min_size=2, max_size=9)
)
def test_the_deviation_of_repeats_is_that_of_their_pass_rates(by_index):
    found = spread(by_index)

    expected = [np.mean(by_index[index]) for index in sorted(by_index)]
    assert [share.value for share in found.rates.values()] == pytest.approx(expected)
    assert found.deviation == pytest.approx(np.std(expected, ddof=1), abs=1e-12)


@pytest.mark.parametrize("by_index", [{}, {1: [True]}, {1: [True], 2: []}])
def test_fewer_than_two_repeats_have_no_deviation(by_index):
    found = spread(by_index)

    assert found.deviation is None
    assert found.why
