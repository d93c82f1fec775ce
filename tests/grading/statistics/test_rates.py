"""Shares with their interval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from grading.statistics.rates import wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (1, 1, 0.2065, 1.0)],
)
def test_wilsons_interval_has_the_published_values(successes, n, low, high):
    share = wilson(successes, n)

    assert (share.n, share.value) == (n, successes / n)
    assert share.low == pytest.approx(low, abs=1e-4)
    assert share.high == pytest.approx(high, abs=1e-4)


def test_nothing_counted_is_no_share():
    assert wilson(0, 0) is None


counts = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.5, 0.8, 0.95, 0.999]))
def test_the_interval_lies_between_0_and_1_and_contains_the_share(count, confidence):
    share = wilson(*count, confidence=confidence)

    assert 0 <= share.low <= share.value <= share.high <= 1


@given(counts)
def test_more_confidence_is_a_wider_interval(count):
    narrow, wide = (wilson(*count, confidence=confidence) for confidence in (0.8, 0.99))

    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@given(counts)
def test_failures_mirror_successes(count):
    successes, n = count
    share, mirrored = wilson(successes, n), wilson(n - successes, n)

    assert share.low == pytest.approx(1 - mirrored.high)
    assert share.high == pytest.approx(1 - mirrored.low)


@given(counts, st.sampled_from([0.5, 0.8, 0.95, 0.999]))
def test_the_interval_is_that_of_statsmodels(count, confidence):
    low, high = proportion_confint(*count, alpha=1 - confidence, method="wilson")

    share = wilson(*count, confidence=confidence)

    assert (share.low, share.high) == pytest.approx((low, high), abs=1e-9)
