"""Instants of the company's history. All are UTC and whole seconds."""

import datetime as dt
from dataclasses import dataclass

from simulation.environments.corecraft.generator.dice import Dice

START = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2025, 9, 15, 19, tzinfo=dt.UTC)
# hours of the day in UTC by how much is ordered: the shop's customers are mostly in America
_BUSY = {0: 5, 1: 5, 2: 4, 3: 3, 4: 2, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, 11: 2}
_BUSY |= {12: 3, 13: 4, 14: 5, 15: 6, 16: 6, 17: 6, 18: 6, 19: 6, 20: 6, 21: 5, 22: 5, 23: 5}


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant to another, both included."""

    low: dt.datetime
    high: dt.datetime

    def within(self, low: dt.datetime, high: dt.datetime) -> "Span | None":
        """Give what lies in both, None when nothing does."""
        span = Span(max(self.low, low), min(self.high, high))
        return span if span.low <= span.high else None

    def draw(self, dice: Dice) -> dt.datetime:
        seconds = int((self.high - self.low).total_seconds())
        return self.low + dt.timedelta(seconds=dice.number(0, seconds))


def after(moment: dt.datetime, *, days: int = 0, hours: int = 0, minutes: int = 0) -> dt.datetime:
    return moment + dt.timedelta(days=days, hours=hours, minutes=minutes)


def later(dice: Dice, moment: dt.datetime, low_hours: int, high_hours: int) -> dt.datetime:
    """Draw an instant so many hours after another."""
    return moment + dt.timedelta(seconds=dice.number(low_hours * 3600, high_hours * 3600))


def days_between(first: dt.datetime, second: dt.datetime) -> int:
    """Count calendar days in UTC, as the return period does."""
    return (second.date() - first.date()).days


def month_span(month: str) -> Span:
    """Give the span of a month such as 2025-08, ending at the clock."""
    low = dt.datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    following = (low + dt.timedelta(days=32)).replace(day=1)
    return Span(low, min(following - dt.timedelta(seconds=1), NOW))


def shopping_moment(dice: Dice, span: Span) -> dt.datetime:
    """Draw an instant at an hour at which people shop."""
    day = dice.number(0, days_between(span.low, span.high))
    hour = dice.weighted(_BUSY)
    moment = span.low.replace(hour=0, minute=0, second=0) + dt.timedelta(
        days=day, hours=hour, minutes=dice.number(0, 59), seconds=dice.number(0, 59)
    )
    return moment if span.low <= moment <= span.high else span.draw(dice)
