"""The BCa bootstrap over clusters."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.statistics.resampling import Clusters, _same_weights

SMALL = {"resamples": 500, "seed": 7}
# Multiples of 1/64: their sums are exact in any order, so that ties are ties for both.
values = st.lists(st.integers(0, 64).map(lambda part: part / 64), min_size=3, max_size=40).filter(
    lambda found: len(set(found)) > 1
)


def ratio(totals):
    return totals[..., 0] / totals[..., 1]


def of_means(numbers):
    return np.column_stack([numbers, np.ones(len(numbers))])


def scipys(numbers, confidence=0.95):
    return scipy.stats.bootstrap(
        (numbers,), np.mean, method="BCa", n_resamples=500, rng=np.random.default_rng(7),
        confidence_level=confidence, vectorized=True,
    )  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(values, st.sampled_from([0.8, 0.95]))
def test_with_the_same_draws_the_interval_is_that_of_scipy(numbers, confidence):
    expected = scipys(np.array(numbers), confidence)

    clusters = Clusters(of_means(numbers), **SMALL)
    interval = clusters.interval(ratio, confidence=confidence)

    assert clusters.resampled(ratio) == pytest.approx(expected.bootstrap_distribution)
    if not np.isnan(expected.confidence_interval.low):
        found = interval.low, interval.high
        assert found == pytest.approx(tuple(expected.confidence_interval), abs=1e-9)


def test_draws_in_parts_are_the_same_draws(monkeypatch):
    rows = of_means(np.arange(30.0))
    at_once = Clusters(rows, **SMALL).resampled(ratio)

    monkeypatch.setattr("grading.statistics.resampling.AT_ONCE", 1000)

    assert (Clusters(rows, **SMALL).resampled(ratio) == at_once).all()


def test_clusters_of_unequal_size_are_drawn_whole():
    rows = np.array([[4.0, 4], [0.0, 1]])

    drawn = Clusters(rows).resampled(ratio)

    assert set(np.round(drawn, 9)) == {0.0, 0.8, 1.0}


def test_the_same_numbers_give_the_same_interval():
    rows = of_means([0.0, 0.25, 1.0, 0.5])

    assert Clusters(rows).interval(ratio) == Clusters(rows).interval(ratio)


def half_defined(totals):
    return np.where(totals[..., 0] > 0, 1.0 * totals[..., 1], np.nan)


@pytest.mark.parametrize(
    ("rows", "statistic", "why"),
    [
        ([[1, 1]], ratio, "one alone"),
        ([[1, 1], [1, 1], [1, 1]], ratio, "all are alike"),
        ([[1, 1], [0, 2], [0, 1]], half_defined, "left out"),
    ],
)
def test_where_resampling_says_nothing_there_is_a_reason_and_no_interval(rows, statistic, why):
    interval = Clusters(np.array(rows, dtype=float)).interval(statistic)

    assert interval.low is interval.high is None
    assert why in interval.why


@pytest.mark.parametrize("rows", [np.zeros((0, 2)), np.zeros((3, 2))])
def test_an_undefined_statistic_is_none_with_the_reason_given(rows):
    figure = Clusters(rows).figure(ratio, n=0, undefined="nothing there")

    assert (figure.value, figure.why, figure.clusters) == (None, "nothing there", len(rows))


def test_draws_are_the_same_when_they_are_taken_from_memory():
    first, other = of_means(np.arange(40.0)), of_means(np.arange(40.0) ** 2)
    fresh = [Clusters(rows, **SMALL).resampled(ratio) for rows in (first, other)]
    _same_weights.cache_clear()

    again = [Clusters(rows, **SMALL).resampled(ratio) for rows in (other, first)]

    assert (again[0] == fresh[1]).all()
    assert (again[1] == fresh[0]).all()
    assert (Clusters(first, resamples=500, seed=8).resampled(ratio) != fresh[0]).any()
