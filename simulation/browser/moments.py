"""Instants and days of a world in words: they are read from its rows and never from today."""

import datetime as dt

from simulation.values import read_day, read_instant

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_DISTANCE = 3660  # days; a date of birth is no event


def day_words(text: str) -> str:
    """`2025-09-15…` is "15 Sep 2025"; what is no date stays as it is."""
    try:
        return f"{int(text[8:10])} {_MONTHS[int(text[5:7]) - 1]} {text[:4]}"
    except (ValueError, IndexError):
        return text


def time_words(text: str) -> str:
    """The time of an instant, to the second or finer where it is."""
    return text[11:].removesuffix("Z")


def instant_words(text: str) -> str:
    return f"{day_words(text)}, {time_words(text)}"


def distance(text: str, now: str) -> str:
    """Say how many calendar days lie between an instant and the clock, as policies count them."""
    days = (_day(now) - _day(text)).days
    if abs(days) > LONGEST_DISTANCE:
        return ""
    if days == 0:
        return "on the day of the clock"
    count = f"{abs(days):,} day{'s' if abs(days) != 1 else ''}"
    return f"{count} before the clock" if days > 0 else f"{count} after the clock"


def _day(text: str) -> dt.date:
    return read_day(text) if len(text) == len("2025-09-15") else read_instant(text).date()
