"""Sign flips, McNemar, Holm."""

import gc

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.multitest import multipletests

from grading.statistics.significance import FLIPS, holm, mcnemar, sign_flips

parts = st.integers(-8, 8).map(lambda part: part / 8)


@settings(deadline=None, max_examples=50)
@given(st.lists(parts, min_size=2, max_size=10))
def test_the_exact_p_is_that_of_scipys_permutation_test(differences):
    expected = scipy.stats.permutation_test(
        (np.array(differences), np.zeros(len(differences))),
        lambda x, y, axis: (x - y).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
    ).pvalue

    assert sign_flips(differences) == pytest.approx(expected)


def test_a_drawn_p_is_near_the_exact_one_of_a_sign_test():
    """Five standard errors of the draws; 30 equal differences make it a binomial."""
    differences = [0.5] * 20 + [-0.5] * 10
    exact = scipy.stats.binomtest(20, 30).pvalue

    assert abs(sign_flips(differences) - exact) < 5 * np.sqrt(exact * (1 - exact) / FLIPS)


def test_a_drawn_p_is_never_0():
    assert sign_flips([1.0] * 40) == 1 / (FLIPS + 1)


@pytest.mark.parametrize(
    ("differences", "p"),
    [([0.0, 0.0], 1), ([0.5, -0.5], 1), ([0.5], 1), ([1, 1, 1], 0.25), ([1] * 6, 1 / 32),
     ([1] * 6 + [0] * 500, 1 / 32), ([0.1, 0.2, 0.3], 0.25)],
)  # fmt: skip
def test_the_p_of_few_differences_is_counted(differences, p):
    assert sign_flips(differences) == pytest.approx(p)


@given(st.lists(parts, min_size=1, max_size=25))
def test_the_direction_does_not_matter(differences):
    assert sign_flips(differences) == sign_flips([-x for x in differences])


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemars_p_is_that_of_statsmodels(better, worse):
    expected = statsmodels_mcnemar([[3, better], [worse, 4]], exact=True).pvalue

    assert mcnemar(better=better, worse=worse) == pytest.approx(min(expected, 1.0))


@pytest.mark.parametrize(("better", "worse"), [(900, 1100), (5000, 5200)])
def test_mcnemars_p_of_many_flips_is_that_of_the_binomial(better, worse):
    expected = scipy.stats.binomtest(better, better + worse).pvalue

    assert mcnemar(better=better, worse=worse) == pytest.approx(expected)


@pytest.fixture(scope="module")
def _small_heap():
    """statsmodels collects garbage with every call: what the process holds already is left out.

    It stays out: to let it in again would let in all that tests.conftest keeps out as well.
    """
    gc.collect()
    gc.freeze()


@pytest.mark.usefixtures("_small_heap")
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjusted_ps_are_those_of_statsmodels(ps):
    assert holm(ps) == pytest.approx(list(multipletests(ps, method="holm")[1]))


def test_no_comparisons_need_no_adjusting():
    assert holm([]) == []
