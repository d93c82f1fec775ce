"""Quantiles of Student's t."""

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from grading.statistics.student import inside, quantile


@pytest.mark.parametrize("freedom", [*range(1, 40), 99, 100, 999, 1000, 5001])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_a_quantile_is_that_of_scipy(freedom, confidence):
    expected = scipy.stats.t.ppf(0.5 + confidence / 2, freedom)

    assert quantile(freedom, confidence=confidence) == pytest.approx(expected, rel=1e-9)


@given(st.floats(0, 50), st.integers(1, 300))
def test_the_share_inside_is_that_of_scipy(t, freedom):
    expected = 1 - 2 * scipy.stats.t.sf(t, freedom)

    assert inside(t, freedom) == pytest.approx(expected, abs=1e-10)
