"""Figures as people read them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from grading.pages import Rate
from grading.statistics.rates import Share


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def rate(share: Share | None) -> Rate | None:
    """Give a share with its interval as text and as places on a scale of 100."""
    if share is None:
        return None
    low, middle, high = (round(100 * x, 1) for x in (share.low, share.value, share.high))
    return Rate(
        low=low,
        middle=middle,
        high=high,
        text=percent(share.value),
        interval=f"{share.low:.0%}–{share.high:.0%}".replace("%–", "–").replace("%", " %"),
        n=share.n,
    )


def points(reward: float | None, rubric: Mapping[str, Any]) -> str:
    """Give "5/8": the points behind a reward, of the positive points of the rubric."""
    if reward is None:
        return ""
    positive = sum(c["points"] for c in rubric.get("criteria", ()) if c["points"] > 0)
    return f"{round(reward * positive)}/{positive}"


def reward(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def usd(cost: Decimal) -> str:
    """Write a price: to the cent, or as fine as it takes to be more than nothing."""
    if not cost or cost >= Decimal("0.01"):
        return f"${cost:,.2f}"
    return f"${cost.normalize():f}"
