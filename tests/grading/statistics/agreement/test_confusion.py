"""Two raters."""

import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    recall_score,
)

from grading.statistics.agreement.confusion import NOT_RATED, Rated, confusion

CLASSES = ("met", "not_met", "cannot_tell")
labels = st.sampled_from(CLASSES)
pairs = st.lists(st.tuples(labels, labels), min_size=1, max_size=60)


def rated(pairs, episodes=5):
    return [Rated(episode=i % episodes, truth=t, rated=r) for i, (t, r) in enumerate(pairs)]


def same(figure, expected):
    """sklearn warns and gives 0 or nan where there is no value; we give None and say why."""
    if figure.value is None:
        return bool(figure.why)
    return figure.value == pytest.approx(expected, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(pairs)
def test_each_measure_is_that_of_sklearn(pairs):
    truth, said = zip(*pairs, strict=True)
    options = {"labels": CLASSES, "zero_division": np.nan}

    found = confusion(rated(pairs), CLASSES)

    assert (np.array(found.counts) == confusion_matrix(truth, said, labels=CLASSES)).all()
    f1s = f1_score(truth, said, average=None, **options)
    recalls = recall_score(truth, said, average=None, **options)
    assert all(map(same, found.by_class, f1s))
    assert all(map(same, found.recall, recalls))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert same(found.kappa, cohen_kappa_score(truth, said))
        assert same(found.balanced_accuracy, balanced_accuracy_score(truth, said))
    assert same(found.balanced_f1, f1_score(truth, said, average="macro", **options))
    assert [figure.value for figure in found.prevalence] == pytest.approx(
        [truth.count(name) / len(truth) for name in CLASSES]
    )


@settings(deadline=None, max_examples=60)
@given(pairs)
def test_a_measure_is_missing_only_where_it_is_undefined(pairs):
    truth, said = zip(*pairs, strict=True)

    found = confusion(rated(pairs), CLASSES)

    assert (found.kappa.value is None) == (len(set(truth) | set(said)) == 1)
    assert (found.balanced_accuracy.value is None) == (set(truth) != set(CLASSES))
    assert [figure.value is None for figure in found.by_class] == [
        name not in truth + said for name in CLASSES
    ]


@settings(deadline=None, max_examples=60)
@given(pairs)
def test_ac1_is_what_its_definition_gives(pairs):
    """Agreement beyond that of two who guess at random wherever they are unsure."""
    found = confusion(rated(pairs), CLASSES).ac1.value

    agreed = np.mean([t == r for t, r in pairs])
    shares = [np.mean([(t == name) + (r == name) for t, r in pairs]) / 2 for name in CLASSES]
    chance = sum(share * (1 - share) for share in shares) / (len(CLASSES) - 1)
    assert found == pytest.approx((agreed - chance) / (1 - chance))


def test_rare_harm_makes_kappa_collapse_and_leaves_ac1():
    """118 of 120 alike, one false alarm and one miss: the two known figures of this paradox."""
    table = [("met", "met")] * 118 + [("met", "not_met"), ("not_met", "met")]

    found = confusion(rated(table, 40), ("met", "not_met"))

    assert found.observed.value == pytest.approx(118 / 120)
    assert found.kappa.value == pytest.approx(-1 / 119)
    assert found.ac1.value == pytest.approx(0.98305, abs=1e-5)


PERFECT = [("met", "met"), ("not_met", "not_met")] * 10
ONE_SIDED = [("met", "met")] * 10


@pytest.mark.parametrize(
    ("pairs", "measure", "why"),
    [
        ([], "kappa", NOT_RATED),
        ([], "observed", NOT_RATED),
        (ONE_SIDED, "kappa", "both always say the same one class"),
        (ONE_SIDED, "balanced_accuracy", "one class is never true"),
        (ONE_SIDED, "balanced_f1", "one class is never said by either"),
    ],
)
def test_undefined_measures_are_none_with_a_reason(pairs, measure, why):
    figure = getattr(confusion(rated(pairs), ("met", "not_met")), measure)

    assert (figure.value, figure.why) == (None, why)


def test_perfect_agreement_is_1_and_resampling_knows_no_interval():
    kappa = confusion(rated(PERFECT), ("met", "not_met")).kappa

    assert kappa.value == 1
    assert kappa.interval.low is None
    assert "alike" in kappa.interval.why


def test_intervals_are_over_episodes_and_not_over_criteria():
    random = np.random.default_rng(5)
    truth = random.random((40, 10)) < 0.5
    right = np.repeat(
        random.random((40, 1)) < 0.8, 10, axis=1
    )  # a judge is right or not as a whole
    rows = [
        Rated(episode=e, truth=bool(truth[e, c]), rated=bool(truth[e, c] == right[e, c]))
        for e, c in product(range(40), range(10))
    ]
    alone = [Rated(episode=i, truth=row.truth, rated=row.rated) for i, row in enumerate(rows)]

    honest, naive = (confusion(given, (False, True)).kappa.interval for given in (rows, alone))

    assert honest.high - honest.low > 2 * (naive.high - naive.low)
