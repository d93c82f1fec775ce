"""Any number of raters, with gaps: Krippendorff's alpha, Gwet's AC1, and how often repeats flip."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from grading.statistics.figures import Figure
from grading.statistics.resampling import Clusters, Floats, Statistic

NO_PAIRS = "nothing was rated twice"
ONE_VALUE = "all ratings are the same one value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One thing with all ratings that it has; a rater who did not rate it is simply not there."""

    episode: Hashable
    ratings: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Measures of how far the raters of the same things agree."""

    alpha: Figure
    alpha_ordinal: Figure
    ac1: Figure
    flip_rate: Figure


def agreement(units: Sequence[Unit], classes: Sequence[Hashable]) -> Agreement:
    """Sum up ratings of the same things; classes: all that there are, from the lowest up."""
    counts, episodes = _counts(units, classes), _numbered(units)
    n = int((counts.sum(axis=1) >= 2).sum())
    pairs = Clusters(_by_episode(_coincidences(counts), episodes))
    parts = Clusters(_by_episode(_ac1_parts(counts), episodes))

    def figure(clusters: Clusters, statistic: Statistic, undefined: str) -> Figure:
        return clusters.figure(statistic, n=n, undefined=undefined if n else NO_PAIRS)

    return Agreement(
        alpha=figure(pairs, _Alpha(len(classes), is_ordinal=False), ONE_VALUE),
        alpha_ordinal=figure(pairs, _Alpha(len(classes), is_ordinal=True), ONE_VALUE),
        ac1=figure(parts, _ac1, "there is only one class"),
        flip_rate=figure(parts, _flip_rate, NO_PAIRS),
    )


@dataclass(frozen=True, slots=True)
class _Alpha:
    """1 - observed / expected disagreement. Source: Krippendorff, 2011."""

    classes: int
    is_ordinal: bool

    def __call__(self, totals: Floats) -> Floats:
        pairs = totals.reshape(*totals.shape[:-1], self.classes, self.classes)
        shares = pairs.sum(axis=-1)
        n = shares.sum(axis=-1)
        weights = _ordinal(shares) if self.is_ordinal else 1 - np.eye(self.classes)
        observed = (pairs * weights).sum(axis=(-2, -1))
        expected = (shares[..., :, None] * shares[..., None, :] * weights).sum(axis=(-2, -1))
        ratio: Floats = (n - 1) * observed / np.where(expected > 0, expected, np.nan)
        return 1 - ratio


def _ordinal(shares: Floats) -> Floats:
    """Give the squared distance of each two classes: how many ratings lie between them."""
    middles = np.cumsum(shares, axis=-1) - shares / 2
    distance: Floats = (middles[..., :, None] - middles[..., None, :]) ** 2
    return distance


def _coincidences(counts: Floats) -> Floats:
    """Give each unit's pairs of ratings, a pair of m ratings counting 1 / (m - 1)."""
    size = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(counts.shape[1])
    pairs /= np.where(size < 2, np.inf, size - 1)[:, None, None]
    return pairs.reshape(len(counts), counts.shape[1] ** 2)


def _ac1_parts(counts: Floats) -> Floats:
    """Give each unit's share of agreeing pairs, whether it has pairs, its shares and itself."""
    size = counts.sum(axis=1)
    has_pairs, is_rated = size >= 2, size >= 1
    agreeing = (counts * (counts - 1)).sum(axis=1) / np.where(has_pairs, size * (size - 1), 1)
    shares = counts / np.where(is_rated, size, 1)[:, None]
    return np.column_stack([agreeing * has_pairs, has_pairs, is_rated, shares])


def _ac1(totals: Floats) -> Floats:
    """Give Gwet's AC1 for any number of raters. Source: Gwet, 2008 and 2014."""
    shares = totals[..., 3:] / totals[..., 2, None]
    chance = (shares * (1 - shares)).sum(axis=-1) / (shares.shape[-1] - 1)
    ratio: Floats = (1 - _flip_rate(totals) - chance) / (1 - chance)
    return ratio


def _flip_rate(totals: Floats) -> Floats:
    """Give the share of pairs of ratings of the same thing that differ, mean over things."""
    ratio: Floats = 1 - totals[..., 0] / totals[..., 1]
    return ratio


def _counts(units: Sequence[Unit], classes: Sequence[Hashable]) -> Floats:
    places = {name: i for i, name in enumerate(classes)}
    counts = np.zeros((len(units), len(classes)))
    for row, unit in enumerate(units):
        for rating in unit.ratings:
            counts[row, places[rating]] += 1
    return counts


def _numbered(units: Sequence[Unit]) -> list[int]:
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(unit.episode, len(numbers)) for unit in units]


def _by_episode(parts: Floats, episodes: Sequence[int]) -> Floats:
    totals = np.zeros((len(set(episodes)), parts.shape[1]))
    np.add.at(totals, np.array(episodes, dtype=np.intp), parts)
    return totals
