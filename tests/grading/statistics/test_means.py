"""Means over tasks and over trials, with errors clustered by task."""

from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.statistics import means
from grading.statistics.means import clustered_error, mean, over_tasks, over_trials
from grading.statistics.rates import wilson

rewards = st.floats(0, 1, allow_subnormal=False).map(lambda x: round(x, 6))
unequal = st.lists(st.lists(rewards, min_size=1, max_size=6), min_size=2, max_size=30)
equal = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(rewards, min_size=n, max_size=n), min_size=2, max_size=30)
)


def fitted(tasks, weights):
    """The regression on a constant with errors clustered by task."""
    trials = np.concatenate([np.array(task, dtype=float) for task in tasks])
    groups = np.repeat(np.arange(len(tasks)), [len(task) for task in tasks])
    model = sm.WLS(trials, np.ones(len(trials)), weights=weights)
    # statsmodels also multiplies by (N - 1) / (N - K), which is 1 for a constant alone
    return model.fit(cov_type="cluster", cov_kwds={"groups": groups})


def sums(tasks):
    return np.array([[sum(task), len(task)] for task in tasks], dtype=float)


@settings(deadline=None)
@given(unequal)
def test_the_error_of_a_mean_over_trials_is_that_of_the_clustered_regression(tasks):
    fit = fitted(tasks, np.ones(sum(map(len, tasks))))

    assert over_trials(tasks).value == pytest.approx(fit.params[0], abs=1e-9)
    assert clustered_error(sums(tasks)) == pytest.approx(fit.bse[0], abs=1e-9)


@settings(deadline=None)
@given(unequal)
def test_the_error_of_a_mean_over_tasks_is_that_of_the_regression_weighted_by_task(tasks):
    fit = fitted(tasks, np.concatenate([np.full(len(task), 1 / len(task)) for task in tasks]))
    rows = np.array([[sum(task) / len(task), 1] for task in tasks])

    assert over_tasks(tasks, is_share=True).value == pytest.approx(fit.params[0], abs=1e-9)
    assert clustered_error(rows) == pytest.approx(fit.bse[0], abs=1e-9)


@given(equal)
def test_with_equal_trials_the_error_is_the_deviation_of_the_task_means_by_the_root_of_tasks(tasks):
    deviation = np.std([np.mean(task) for task in tasks], ddof=1)

    assert clustered_error(sums(tasks)) == pytest.approx(deviation / sqrt(len(tasks)), abs=1e-9)


@given(equal)
def test_with_equal_trials_both_means_are_the_same(tasks):
    one, other = over_tasks(tasks, is_share=False), over_trials(tasks)

    assert one.value == pytest.approx(other.value)
    assert (one.n, one.clusters) == (other.n, other.clusters) == (sum(map(len, tasks)), len(tasks))


@given(unequal)
def test_the_interval_of_a_share_lies_between_0_and_1_around_it(tasks):
    figure = over_tasks(tasks, is_share=True)

    assert 0 <= figure.interval.low <= figure.value <= figure.interval.high <= 1


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=50))
def test_one_trial_for_each_task_has_wilsons_interval(trials):
    figure, share = (
        over_tasks([[x] for x in trials], is_share=True),
        wilson(sum(trials), len(trials)),
    )

    assert figure.interval.method == "wilson"
    assert (figure.interval.low, figure.interval.high) == (share.low, share.high)


def test_more_trials_of_a_task_do_not_pass_for_more_tasks():
    once, often = ([[1.0] * n, [0.0] * n, [1.0] * n, [0.0] * n] for n in (2, 50))

    assert over_tasks(once, is_share=True).interval == over_tasks(often, is_share=True).interval


def test_the_interval_of_clustered_shares_has_the_value_worked_out_by_hand():
    """Task means 0.5 and seven times 0: error 1/16, 15 trials' worth, 10.3 for t with 7 degrees."""
    interval = over_tasks([[1.0, 0.0]] + [[0.0, 0.0]] * 7, is_share=True).interval

    assert (interval.low, interval.high) == pytest.approx((0.0080, 0.3546), abs=1e-4)


FEW, MANY = [[1.0, 3.0], [2.0, 2.5], [5.0, 4.0]], [[i % 7, i % 3] for i in range(40)]


@pytest.mark.parametrize(
    ("tasks", "is_share", "method", "why"),
    [
        ([[1.0], [0.0]], True, "wilson", ""),
        ([[1.0, 1.0], [1.0, 1.0]], True, "wilson", ""),
        ([[0.5], [0.5]], True, "wilson", ""),
        ([[0.1, 0.2], [0.2, 0.1], [0.15]], True, "wilson", ""),
        ([[1.0, 0.0], [1.0, 1.0]], True, "clustered_wilson", ""),
        ([[0.3], [0.4]], True, "clustered_wilson", ""),
        ([[1.0, 0.0]], True, "", means.ONE_TASK),
        ([[1.0]], True, "wilson", ""),
        (FEW, False, "t", ""),
        (MANY, False, "bca", ""),
        ([[3.0, 5.0]], False, "", means.ONE_TASK),
        ([[3.0, 5.0], [4.0]], False, "", means.ALIKE),
        ([], True, "", means.NOTHING),
        ([[], []], False, "", means.NOTHING),
    ],
)
def test_which_interval_is_shown_when(tasks, is_share, method, why):
    figure = over_tasks(tasks, is_share=is_share)

    assert (figure.interval.method, figure.interval.why) == (method, why)


def test_the_shown_interval_of_a_pass_rate_holds_the_truth_as_often_as_it_says():
    """95 % are promised. 600 runs: the count's own deviation is 0.9 percentage points."""
    random, held = np.random.default_rng(3), 0
    for _ in range(600):
        chances = random.beta(1, 2, 12)
        tasks = [list(random.random(4) < chance) for chance in chances]
        interval = over_tasks([[float(x) for x in task] for task in tasks], is_share=True).interval
        held += interval.low <= 1 / 3 <= interval.high

    assert 0.92 <= held / 600 <= 0.99


def test_an_interval_is_cut_where_no_value_can_be():
    calls = [[0.0], [0.0], [0.0], [5.0]]

    assert over_trials(calls).interval.low < 0
    assert over_trials(calls, lowest=0).interval.low == 0
    assert over_trials(calls, lowest=0).interval.high == over_trials(calls).interval.high


def test_the_mean_of_nothing_is_nothing_and_never_zero():
    assert mean([]) is None
    assert mean([0.0, 0.5]) == 0.25
    assert over_trials([]).value is over_tasks([[]], is_share=True).value is None
