"""Any number of raters, with gaps."""

from itertools import permutations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.statistics.agreement.confusion import Rated, confusion
from grading.statistics.agreement.raters import NO_PAIRS, ONE_VALUE, Unit, agreement

CLASSES = (0, 1, 2, 3)
rows = st.lists(
    st.lists(st.none() | st.sampled_from(CLASSES), min_size=3, max_size=3), min_size=2, max_size=25
)


def units(rows, episodes=6):
    return [
        Unit(episode=i % episodes, ratings=tuple(x for x in row if x is not None))
        for i, row in enumerate(rows)
    ]


def has_pairs(rows):
    return any(len(unit.ratings) >= 2 for unit in units(rows))


def pairable(rows):
    return [x for unit in units(rows) if len(unit.ratings) >= 2 for x in unit.ratings]


@settings(deadline=None, max_examples=80)
@given(rows)
def test_alpha_is_that_of_the_library(rows):
    found = agreement(units(rows), CLASSES)

    if len(set(pairable(rows))) < 2:
        assert found.alpha.value is found.alpha_ordinal.value is None
        return
    data = np.array([[np.nan if x is None else x for x in row] for row in rows], dtype=float).T
    for figure, level in ((found.alpha, "nominal"), (found.alpha_ordinal, "ordinal")):
        expected = krippendorff.alpha(data, value_domain=list(CLASSES), level_of_measurement=level)
        assert figure.value == pytest.approx(expected, abs=1e-9)


def gwets(rows):
    """AC1 from the definition: chance that two raters of a thing agree, beyond guessing."""
    rated = [unit.ratings for unit in units(rows) if unit.ratings]
    pairs = [list(permutations(ratings, 2)) for ratings in rated if len(ratings) >= 2]
    agreed = np.mean([np.mean([a == b for a, b in some]) for some in pairs])
    shares = [np.mean([r.count(name) / len(r) for r in rated]) for name in CLASSES]
    chance = sum(share * (1 - share) for share in shares) / (len(CLASSES) - 1)
    return (agreed - chance) / (1 - chance), 1 - agreed


@settings(deadline=None, max_examples=80)
@given(rows.filter(has_pairs))
def test_ac1_and_the_flip_rate_are_what_their_definitions_give(rows):
    found = agreement(units(rows), CLASSES)

    ac1, flips = gwets(rows)
    assert found.ac1.value == pytest.approx(ac1, abs=1e-12)
    assert found.flip_rate.value == pytest.approx(flips, abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(*[st.sampled_from(CLASSES)] * 2), min_size=1, max_size=30))
def test_for_two_raters_without_gaps_both_ac1_are_the_same(pairs):
    many = agreement([Unit(episode=i, ratings=pair) for i, pair in enumerate(pairs)], CLASSES)
    rated = [Rated(episode=i, truth=a, rated=b) for i, (a, b) in enumerate(pairs)]

    assert many.ac1.value == pytest.approx(confusion(rated, CLASSES).ac1.value)


@pytest.mark.parametrize(
    ("ratings", "measure", "value", "why"),
    [
        ([], "alpha", None, NO_PAIRS),
        ([(1,), (0,)], "alpha", None, NO_PAIRS),
        ([(1,), (0,)], "ac1", None, NO_PAIRS),
        ([(1,), ()], "flip_rate", None, NO_PAIRS),
        ([(1, 1), (1, 1)], "alpha", None, ONE_VALUE),
        ([(1, 1), (1, 1)], "ac1", 1.0, ""),
        ([(1, 1), (1, 1)], "flip_rate", 0.0, ""),
        ([(1, 0, 1), (1, 1, 1)], "flip_rate", 1 / 3, ""),
        ([(1, 0), (0, 1)], "flip_rate", 1.0, ""),
        ([(1, 1), (0, 0)], "alpha", 1.0, ""),
    ],
)
def test_edges_are_none_with_a_reason_or_exact(ratings, measure, value, why):
    given = [Unit(episode=i, ratings=ratings) for i, ratings in enumerate(ratings)]

    figure = getattr(agreement(given, (0, 1)), measure)

    assert figure.why == why
    assert figure.value == (value if value is None else pytest.approx(value))


def test_one_class_alone_is_no_agreement():
    figure = agreement([Unit(episode=1, ratings=(1, 1))], (1,)).ac1

    assert (figure.value, figure.why) == (None, "there is only one class")


def test_ordinal_disagreement_counts_by_how_far_apart_it_is():
    near, far = ([(0, 0), (1, 1), (2, 2), (3, 3), (0, other)] * 3 for other in (1, 3))

    close, apart = (
        agreement([Unit(episode=i, ratings=pair) for i, pair in enumerate(some)], CLASSES)
        for some in (near, far)
    )

    assert close.alpha_ordinal.value > apart.alpha_ordinal.value + 0.2


def test_figures_say_how_many_things_in_how_many_episodes():
    alpha = agreement(units([[1, 0, 1], [1, 1, None], [0, None, None]] * 4), (0, 1)).alpha

    assert (alpha.n, alpha.clusters) == (8, 6)
