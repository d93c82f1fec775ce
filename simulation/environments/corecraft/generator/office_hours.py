"""When colleagues are at work: data/chat/hours.toml in Central Time, which has summer time."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.moments import Span

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD = 14  # days
_DRAWS = 12
_SETTLING = (2, 38)  # minutes from the start of a shift to the first message


@dataclass(frozen=True, slots=True)
class Shift:
    """The days of a week on which somebody works, and from when to when."""

    days: tuple[int, ...]
    start: dt.timedelta
    end: dt.timedelta

    def includes(self, day: dt.date) -> bool:
        closed = day.isoformat()[5:] in _closed() or day.isoformat() in _closed()
        return day.weekday() in self.days and not closed


def shift_of(employee_id: str) -> Shift:
    shifts = _shifts()
    return shifts.get(employee_id, shifts["usual"])


def is_at_work(employee_id: str, moment: dt.datetime) -> bool:
    shift, local = shift_of(employee_id), central(moment)
    midnight = local.replace(hour=0, minute=0, second=0)
    return shift.includes(local.date()) and shift.start <= local - midnight <= shift.end


def at_work(dice: Dice, employee_id: str, moment: dt.datetime) -> dt.datetime:
    """Give the instant itself when they are at work, else one early in their next shift."""
    if is_at_work(employee_id, moment):
        return moment
    shift = shift_of(employee_id)
    local = central(moment)
    midnight = local.replace(hour=0, minute=0, second=0)
    for ahead in range(_LOOK_AHEAD):
        day = midnight + dt.timedelta(days=ahead)
        begin = day + shift.start
        if shift.includes(day.date()) and begin > local:
            settling = dt.timedelta(minutes=dice.number(*_SETTLING), seconds=dice.number(0, 59))
            return _utc(begin + settling)
    raise AssertionError("everybody works on some day of a fortnight")


def working_moment(dice: Dice, employee_id: str, span: Span) -> dt.datetime:
    """Draw an instant at which they are at work, if the span seems to have one."""
    for _ in range(_DRAWS):
        moment = span.draw(dice)
        if is_at_work(employee_id, moment):
            return moment
    return at_work(dice, employee_id, moment)


def central(moment: dt.datetime) -> dt.datetime:
    """Give what the clock on the wall of the office shows."""
    return moment + _offset(moment)


def _utc(local: dt.datetime) -> dt.datetime:
    return local - _offset(local + dt.timedelta(hours=6))


def _offset(moment: dt.datetime) -> dt.timedelta:
    """Summer time runs from the second Sunday of March to the first of November."""
    begin = _sunday(moment.year, 3, 2) + dt.timedelta(hours=8)
    end = _sunday(moment.year, 11, 1) + dt.timedelta(hours=7)
    return dt.timedelta(hours=-5 if begin <= moment < end else -6)


@cache
def _sunday(year: int, month: int, number: int) -> dt.datetime:
    first = dt.datetime(year, month, 1, tzinfo=dt.UTC)
    return first + dt.timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


@cache
def _shifts() -> dict[str, Shift]:
    rows = texts.table("chat/hours.toml")
    return {name: _shift(row) for name, row in rows.items() if name != "closed"}


@cache
def _closed() -> frozenset[str]:
    return frozenset(texts.table("chat/hours.toml")["closed"]["days"])


def _shift(row: dict[str, str]) -> Shift:
    start, end = (_since_midnight(text) for text in row["hours"].split("-"))
    return Shift(tuple(_WEEK.index(day) for day in row["days"].split()), start, end)


def _since_midnight(text: str) -> dt.timedelta:
    hours, minutes = text.split(":")
    return dt.timedelta(hours=int(hours), minutes=int(minutes))
