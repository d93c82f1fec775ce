"""Two raters, one against the other: a confusion matrix and what is read off it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from grading.statistics.figures import Figure
from grading.statistics.resampling import Clusters, Floats, Statistic

NOT_RATED = "nothing was rated by both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One thing that two have rated; what belongs to one episode is no independent evidence.

    truth: what counts as right where the two are no equals, such as the people's verdict.
    """

    episode: Hashable
    truth: Hashable
    rated: Hashable


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Counts of truth (rows) by rating (columns), and the measures of it.

    Measures by class are in the order of `classes`.
    """

    classes: tuple[Hashable, ...]
    counts: tuple[tuple[int, ...], ...]
    observed: Figure
    prevalence: tuple[Figure, ...]
    by_class: tuple[Figure, ...]
    recall: tuple[Figure, ...]
    balanced_accuracy: Figure
    balanced_f1: Figure
    kappa: Figure
    ac1: Figure


def confusion(rated: Sequence[Rated], classes: Sequence[Hashable]) -> Confusion:
    """Sum up what was rated twice; classes: all that there are, also those that never occurred."""
    tables = _tables(rated, classes)
    places, episodes = range(len(classes)), Clusters(_flat(tables))

    def figure(statistic: Statistic, undefined: str) -> Figure:
        on_totals = _on_tables(statistic, len(classes))
        why = undefined if rated else NOT_RATED
        return episodes.figure(on_totals, n=len(rated), undefined=why)

    return Confusion(
        classes=tuple(classes),
        counts=tuple(tuple(int(count) for count in row) for row in tables.sum(axis=0)),
        observed=figure(agreed, NOT_RATED),
        prevalence=tuple(figure(_Class(prevalence, i), NOT_RATED) for i in places),
        by_class=tuple(figure(_Class(specific, i), _never(classes[i], "said")) for i in places),
        recall=tuple(figure(_Class(recall, i), _never(classes[i], "true")) for i in places),
        balanced_accuracy=figure(balanced_accuracy, "one class is never true"),
        balanced_f1=figure(balanced_f1, "one class is never said by either"),
        kappa=figure(kappa, "both always say the same one class"),
        ac1=figure(ac1, "there is only one class"),
    )


def agreed(tables: Floats) -> Floats:
    """Give the share that both say alike."""
    share: Floats = _both(tables).sum(axis=-1) / _all(tables)
    return share


def prevalence(tables: Floats) -> Floats:
    """Give for each class the share of it in the truth."""
    return _true(tables) / _all(tables)[..., None]


def specific(tables: Floats) -> Floats:
    """Give each class' specific agreement: both said it, of the times that either did.

    It is the F1 of the class. Source: Cicchetti and Feinstein, 1990.
    """
    return 2 * _both(tables) / (_true(tables) + _said(tables))


def recall(tables: Floats) -> Floats:
    """Give for each class how much of what truly is of it was said to be."""
    return _both(tables) / _true(tables)


def balanced_accuracy(tables: Floats) -> Floats:
    """Give the mean recall over classes."""
    mean: Floats = recall(tables).mean(axis=-1)
    return mean


def balanced_f1(tables: Floats) -> Floats:
    """Give the mean F1 over classes."""
    mean: Floats = specific(tables).mean(axis=-1)
    return mean


def kappa(tables: Floats) -> Floats:
    """Give Cohen's kappa: agreement beyond what the two's own shares would give by chance."""
    chance = (_true(tables) * _said(tables)).sum(axis=-1) / _all(tables) ** 2
    return _beyond(agreed(tables), chance)


def ac1(tables: Floats) -> Floats:
    """Give Gwet's AC1, which does not collapse where one class is rare. Source: Gwet, 2008."""
    shares = (_true(tables) + _said(tables)) / (2 * _all(tables)[..., None])
    chance = (shares * (1 - shares)).sum(axis=-1) / (tables.shape[-1] - 1)
    return _beyond(agreed(tables), chance)


@dataclass(frozen=True, slots=True)
class _Class:
    """One class' number of a measure that has one for each."""

    measure: Statistic
    place: int

    def __call__(self, tables: Floats) -> Floats:
        number: Floats = self.measure(tables)[..., self.place]
        return number


def _beyond(observed: Floats, chance: Floats) -> Floats:
    share: Floats = (observed - chance) / np.where(chance >= 1, np.nan, 1 - chance)
    return share


def _tables(rated: Sequence[Rated], classes: Sequence[Hashable]) -> Floats:
    """Count one table for each episode."""
    episodes = {episode: i for i, episode in enumerate(dict.fromkeys(r.episode for r in rated))}
    places = {name: i for i, name in enumerate(classes)}
    tables = np.zeros((len(episodes), len(classes), len(classes)))
    for row in rated:
        tables[episodes[row.episode], places[row.truth], places[row.rated]] += 1
    return tables


def _flat(tables: Floats) -> Floats:
    return tables.reshape(len(tables), tables.shape[1] * tables.shape[2])


def _on_tables(statistic: Statistic, classes: int) -> Statistic:
    return lambda totals: statistic(totals.reshape(*totals.shape[:-1], classes, classes))


def _never(name: Hashable, verb: str) -> str:
    return f"{name} is never {verb}"


def _both(tables: Floats) -> Floats:
    return np.diagonal(tables, axis1=-2, axis2=-1)


def _true(tables: Floats) -> Floats:
    total: Floats = tables.sum(axis=-1)
    return total


def _said(tables: Floats) -> Floats:
    total: Floats = tables.sum(axis=-2)
    return total


def _all(tables: Floats) -> Floats:
    total: Floats = tables.sum(axis=(-2, -1))
    return total
