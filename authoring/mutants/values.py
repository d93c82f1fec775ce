"""Values in texts, and the ways in which they are written wrong: in the spelling that they have."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from authoring.mutants.siblings import month_on
from grading.reading.values import Found, values_in

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FIGURES = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_MONTH_NAME = re.compile(rf"\b({'|'.join(MONTHS)}|{'|'.join(m[:3] for m in MONTHS)})\b")
_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})(?![0-9])")
_MARKS = re.compile(r"[*`]")
_NAME_BEFORE = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z]\w+ $")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Written:
    """A value as a text writes it."""

    found: Found
    text: str

    @property
    def span(self) -> tuple[int, int]:
        return self.found.start, self.found.end


def written_in(text: str, year: int) -> list[Written]:
    """Give the values of a text; `Orbit 916` is a name and no number."""
    plain = _MARKS.sub(" ", text)  # of the same length, so that places stay
    found = values_in(plain, year)
    return [
        Written(each, text[each.start : each.end])
        for each in found
        if each.kind != "number" or not _NAME_BEFORE.search(plain[: each.start])
    ]


def with_number(written: Written, value: Decimal) -> str:
    """Write another number in the same way: same places, same thousands marks, same sign."""
    figures = _FIGURES.search(written.text)
    if figures is None:
        return written.text
    places = written.found.places
    comma = "," if "," in figures[0] or (abs(value) >= 1000 and places) else ""
    new = f"{abs(value):{comma}.{places}f}"
    return written.text[: figures.start()] + new + written.text[figures.end() :]


def with_day(written: Written, day: dt.date) -> str:
    """Write another day in the same spelling; "" where the spelling is not understood."""
    if _ISO.search(written.text):
        return _ISO.sub(day.isoformat(), written.text, count=1)
    name = _MONTH_NAME.search(written.text)
    if name is None:
        return ""
    month = MONTHS[day.month - 1]
    month = month if len(name[0]) > 3 or name[0] == "May" else month[:3]
    text = written.text[: name.start()] + month + written.text[name.end() :]
    return _DAY.sub(str(day.day), text, count=1)


def wrong_days(day: dt.date) -> Iterator[tuple[str, dt.date]]:
    yield "a day later", day + dt.timedelta(days=1)
    yield "a day earlier", day - dt.timedelta(days=1)
    yield "a month later", dt.date.fromisoformat(month_on(day.isoformat(), 1))


def wrong_numbers(value: Decimal, step: Decimal) -> Iterator[Decimal]:
    """Give the number one step off, both ways, and with its first two different digits swapped."""
    yield value + step
    if value > step:
        yield value - step
    swapped = digits_swapped(value)
    if swapped is not None:
        yield swapped


def digits_swapped(value: Decimal) -> Decimal | None:
    digits = list(str(value))
    for place in range(len(digits) - 1, 0, -1):
        one, two = digits[place - 1], digits[place]
        if one.isdigit() and two.isdigit() and one != two and not (place == 1 and two == "0"):
            digits[place - 1], digits[place] = two, one
            return Decimal("".join(digits))
    return None
