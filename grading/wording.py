"""Figures as people read them."""

from collections.abc import Mapping
from typing import Any

from grading.pages import Rate
from grading.statistics.figures import Figure
from grading.statistics.rates import Share
from simulation.wording import counted
from simulation.wording import usd as usd

NO_PRICE = " has no price; the cost counts as 0"


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def rate(share: Share | None) -> Rate | None:
    """Give a share with its interval as text and as places on a scale of 100."""
    if share is None:
        return None
    return Rate(
        low=_place(share.low),
        middle=_place(share.value),
        high=_place(share.high),
        text=percent(share.value),
        interval=_span(share.low, share.high),
        n=share.n,
        basis=f"n {share.n}",
    )


def clustered_rate(figure: Figure) -> Rate | None:
    """Give a mean share of trials that come in tasks, as `rate` does."""
    if figure.value is None:
        return None
    low, high = figure.interval.low, figure.interval.high
    return Rate(
        low=None if low is None else _place(low),
        middle=_place(figure.value),
        high=None if high is None else _place(high),
        text=percent(figure.value),
        interval=_span(low, high) if low is not None and high is not None else "",
        n=figure.n,
        basis=basis(figure),
        why=figure.interval.why,
    )


def basis(figure: Figure, unit: str = "trial") -> str:
    return f"{counted(figure.n, unit)} of {counted(figure.clusters, 'task')}"


def points(reward: float | None, rubric: Mapping[str, Any]) -> str:
    """Give "5/8": the points behind a reward, of the positive points of the rubric."""
    if reward is None:
        return ""
    positive = sum(c["points"] for c in rubric.get("criteria", ()) if c["points"] > 0)
    return f"{round(reward * positive)}/{positive}"


def reward(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _place(share: float) -> float:
    return round(100 * share, 1)


def _span(low: float, high: float) -> str:
    return f"{low:.0%}–{high:.0%}".replace("%–", "–").replace("%", " %")


def split_price_note(note: str) -> tuple[str, str]:
    """Take from a step's note that its model has no price: (the rest, the model)."""
    before, cut, after = note.partition(NO_PRICE)
    if not cut or after:
        return note, ""
    rest, _, model = before.rpartition("; ")
    return rest, model
