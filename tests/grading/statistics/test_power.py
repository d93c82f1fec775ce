"""What a comparison can find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import NormalIndPower

from grading.statistics.power import detectable, tasks_needed

deviations = st.floats(0.05, 2)


@given(deviations, st.integers(2, 2000))
def test_the_detectable_difference_has_the_power_that_statsmodels_gives_it(deviation, tasks):
    found = detectable(deviation, tasks)

    power = NormalIndPower().power(found / deviation, tasks, 0.05, ratio=0)
    assert power == pytest.approx(0.8, abs=1e-4)


@given(deviations, st.floats(0.01, 1))
def test_so_many_tasks_find_the_difference_and_one_less_does_not(deviation, difference):
    tasks = tasks_needed(deviation, difference)

    assert detectable(deviation, tasks) <= difference * (1 + 1e-9)
    assert tasks == 2 or detectable(deviation, tasks - 1) > difference * (1 - 1e-9)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (detectable(0.5, 1), None),
        (detectable(0.5, 100), pytest.approx(0.14008, abs=1e-4)),
        (detectable(0.0, 5), 0.0),
        (tasks_needed(0.5, 0.0), None),
        (tasks_needed(0.5, 0.1), 197),
        (tasks_needed(0.5, -0.1), 197),
        (tasks_needed(0.0, 0.1), 2),
    ],
)
def test_edges(found, expected):
    assert found == expected
