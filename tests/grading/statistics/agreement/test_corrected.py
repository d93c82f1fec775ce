"""The pass rate behind an imperfect judge."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grading.statistics.agreement.corrected import Calibration, corrected_rate


def calibrated(hits, rejections, n=1000):
    return Calibration(
        met=n, found_met=round(hits * n), not_met=n, found_not_met=round(rejections * n)
    )


@given(st.integers(0, 1000), st.integers(550, 1000), st.integers(550, 1000))
def test_a_known_rate_seen_through_a_known_judge_is_found_again(true, hits, rejections):
    seen = true * hits + (1000 - true) * (1000 - rejections)  # per million
    assume(0 < seen < 1_000_000)

    figure = corrected_rate(seen, 1_000_000, calibrated(hits / 1000, rejections / 1000))

    assert figure.value == pytest.approx(true / 1000, abs=1e-6)
    assert 0 <= figure.interval.low <= figure.value <= figure.interval.high <= 1


def test_a_perfect_judge_is_not_corrected():
    assert corrected_rate(30, 100, calibrated(1, 1)).value == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("judged_met", "judged", "calibration", "why"),
    [
        (0, 0, calibrated(0.9, 0.9), "some verdicts"),
        (5, 10, Calibration(met=0, found_met=0, not_met=5, found_not_met=5), "met and not met"),
        (5, 10, Calibration(met=5, found_met=5, not_met=0, found_not_met=0), "met and not met"),
        (5, 10, calibrated(0.5, 0.5), "no better than chance"),
        (5, 10, calibrated(0.2, 0.3), "no better than chance"),
    ],
)
def test_where_no_correction_is_possible_there_is_a_reason(judged_met, judged, calibration, why):
    figure = corrected_rate(judged_met, judged, calibration)

    assert figure.value is None
    assert why in figure.why


@pytest.mark.parametrize(("judged_met", "value"), [(1, 0.0), (99, 1.0)])
def test_a_rate_beyond_the_possible_is_cut(judged_met, value):
    assert corrected_rate(judged_met, 100, calibrated(0.9, 0.9)).value == value


@pytest.mark.parametrize("true", [0.3, 0.5, 0.85])
def test_the_bounds_miss_the_truth_as_seldom_as_they_say_and_on_both_sides(true):
    """2.5 % a side are promised. 3,000 draws: the count's own deviation is 0.3 points."""
    random, above, below = np.random.default_rng(11), 0, 0
    for _ in range(3000):
        known = Calibration(
            met=60, found_met=random.binomial(60, 0.9),
            not_met=40, found_not_met=random.binomial(40, 0.8),
        )  # fmt: skip
        seen = random.binomial(200, true * 0.9 + (1 - true) * 0.2)
        interval = corrected_rate(seen, 200, known).interval
        above, below = above + (interval.low > true), below + (interval.high < true)

    assert 0.012 <= above / 3000 <= 0.038
    assert 0.012 <= below / 3000 <= 0.038
