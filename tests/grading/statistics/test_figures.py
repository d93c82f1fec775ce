"""A figure has a value or a reason, never both and never neither."""

import pytest

from grading.statistics.figures import Figure, Interval, missing

NO_INTERVAL = Interval(why="for the test")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_no_figure(value):
    with pytest.raises(ValueError, match="is no figure"):
        Figure(value=value, n=1, clusters=1, interval=NO_INTERVAL)


@pytest.mark.parametrize(("value", "why"), [(None, ""), (0.5, "too few")])
def test_a_figure_has_a_value_or_a_reason(value, why):
    with pytest.raises(ValueError, match="a value or a reason"):
        Figure(value=value, n=1, clusters=1, interval=NO_INTERVAL, why=why)


@pytest.mark.parametrize(
    "given", [{}, {"low": 0.1, "high": 0.2, "method": "t", "why": "x"}, {"low": 0.2, "high": 0.1}]
)
def test_an_interval_has_bounds_in_order_or_a_reason(given):
    with pytest.raises(ValueError, match="interval"):
        Interval(**given)


def test_what_is_missing_says_why():
    figure = missing("no tasks")

    assert (figure.value, figure.why, figure.interval.why) == (None, "no tasks", "no tasks")
