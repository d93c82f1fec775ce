"""Moments: instants in text. A date and a time of day that stand together make one.

A time zone is an offset (`+02:00`, `UTC-5`), an abbreviation (`PDT`, `ET`) or a name
(`Pacific time`, `Europe/Berlin`); a time without one is in the zone that the reader is told. A
time whose zone is not known is no moment."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from grading.reading.places import Place
from grading.reading.values import Found, values_in

MINUTE = "minute"  # the unit of a moment that is written without seconds
_I = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day where it stands, its zone included; zone None is the reader's."""

    time: dt.time
    zone: dt.tzinfo | None
    start: int
    end: int
    has_seconds: bool


_TIME = re.compile(
    r"(?:(?<![\w:.,/+#$-])|(?<=[0-9][Tt]))(?:"
    r"(?P<hour>2[0-3]|[01]?[0-9])(?![0-9])"
    r"(?::(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9])(?:\.[0-9]{1,9})?)?)?"
    r"(?:\s?(?P<half>[ap])(?:m\b|\.m\b)\.?|(?<=:[0-9]{2})\s?h(?:rs?|ours)?\b)?"
    r"|(?P<word>noon|midnight)\b)",
    _I,
)
_ENDS = re.compile(r"(?![\w%/]|:[0-9]|[.,][0-9])")
_NOON, _HALF_DAY = dt.time(12), 12


def _fixed(hours: float) -> dt.timezone:
    return dt.timezone(dt.timedelta(hours=hours))


_OFFSETS = {
    name: float(hours)
    for hours, names in {
        -10: "HST",
        -9: "AKST",
        -8: "PST AKDT",
        -7: "MST PDT",
        -6: "CST MDT",
        -5: "EST CDT",
        -4: "EDT",
        0: "UTC GMT Z WET",
        1: "BST CET WEST",
        2: "CEST EET",
        3: "EEST",
        9: "JST",
        10: "AEST",
        11: "AEDT",
    }.items()
    for name in names.split()
}
_REGIONS = {
    name: f"America/{city}"
    for city, names in {
        "New_York": "et eastern",
        "Chicago": "ct central",
        "Denver": "mt mountain",
        "Los_Angeles": "pt pacific",
    }.items()
    for name in names.split()
}
_ZONE = re.compile(
    r"(?P<offset>[+]\s?[0-9]{1,2}:?[0-9]{2}|-[0-9]{2}:[0-9]{2})(?![0-9:])"
    r"|\s?[(\[]?(?:"
    r"(?P<base>UTC|GMT)(?:\s?(?P<from>[+-]\s?[0-9]{1,2}(?::?[0-9]{2})?))?(?![\w:])"
    r"|(?P<area>[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+){1,2})(?!\w)"
    r"|(?P<region>[Ee]astern|[Cc]entral|[Mm]ountain|[Pp]acific|[ECMP]T)"
    r"(?:\s(?:[Ss]tandard\s|[Dd]aylight\s)?[Tt]ime)?(?![\w/])"
    r"|(?P<code>Z|[A-Z]{2,4}T)(?![\w/-])"
    r")[)\]]?"
)
_ZONE_BEFORE = re.compile(r"(?<!\w)(?:UTC|GMT)\s$")


def clocks_in(text: str) -> Iterator[Clock]:
    """Give the times of day of plain text, in order."""
    for found in _TIME.finditer(text):
        if not (found["word"] or found["minute"] or found["half"]):
            continue
        is_stamp = text[found.start() - 1 : found.start()] in ("T", "t")
        zone = _zone_at(text, found, takes_minus=is_stamp or bool(found["second"]))
        end = zone.end() if zone else found.end()
        if not zone and not _ENDS.match(text, end):
            continue
        if (time := _time(found)) is None:
            continue
        named = _zone(zone) if zone else _zone_before(text, found.start())
        if zone and named is None:
            continue
        yield Clock(time, named, found.start(), end, bool(found["second"]))


def _zone_at(text: str, time: "re.Match[str]", *, takes_minus: bool) -> "re.Match[str] | None":
    """Find the zone after a time; `10:00-12:00` is a range, `10:00:00-12:00` has an offset."""
    zone = _ZONE.match(text, time.end())
    is_range = zone and (zone["offset"] or "").startswith("-") and not takes_minus
    return None if is_range else zone


def _time(found: "re.Match[str]") -> dt.time | None:
    if word := found["word"]:
        return _NOON if word.lower() == "noon" else dt.time()
    hour = int(found["hour"])
    half = (found["half"] or "").lower()
    if half and hour <= _HALF_DAY:
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    return dt.time(hour, int(found["minute"] or 0), int(found["second"] or 0))


def _zone(found: "re.Match[str]") -> dt.tzinfo | None:
    """Give the zone that is written; None for one that nobody knows."""
    if offset := found["offset"] or found["from"]:
        return _of_offset(offset)
    if found["base"]:
        return dt.UTC
    if region := found["region"]:
        return _area(_REGIONS[region.lower()])
    if area := found["area"]:
        return _area(area)
    hours = _OFFSETS.get(found["code"])
    return None if hours is None else _fixed(hours)


def _zone_before(text: str, at: int) -> dt.tzinfo | None:
    return dt.UTC if _ZONE_BEFORE.search(text[max(0, at - 5) : at]) else None


def _of_offset(text: str) -> dt.tzinfo | None:
    digits = re.sub(r"[^0-9]", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    amount = int(hours) + int(minutes) / 60
    return _fixed(-amount if text.startswith("-") else amount) if amount <= 14 else None


@lru_cache(maxsize=256)
def _area(name: str) -> dt.tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


# which date a time belongs to

_SMALL = r"at|by|around|about|from|until|till|approximately|approx\.?|exactly|precisely|on|the|time"
_WEEKDAYS = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_TO_TIME = re.compile(rf"(?:[\s,;@|(\[:-]|\b(?:{_SMALL})\b|\b{_WEEKDAYS})*", _I)
_TO_DATE = re.compile(rf"(?:[\s,|)\]-]|\b(?:on|of|the)\b|\b{_WEEKDAYS})*", _I)
_ANOTHER_DAY = re.compile(
    r"\W*(?:on\s+)?(?:the\s+(?:next|following|previous|same)|one)\s+day|\W*(?:today|yesterday|tomorrow)",
    _I,
)
_LONGEST_STEP = 40
_SAME_PLACE = 60


def moments_in(place: Place, zone: dt.tzinfo) -> list[Found]:
    """Give the instants (UTC) of a place, in order; `zone` is that of times that name none."""
    clocks = list(clocks_in(place.text))
    if not clocks:
        return []
    dates = [value for value in place.values if value.kind == "date"]
    around = _only_day(dates or _dates_above(place))
    moments: list[Found] = []
    last: tuple[Clock, Found] | None = None
    for clock in clocks:
        date = _date_of(place.text, clock, dates) or _continued(place.text, clock, last)
        day = date.value if date else around
        if date is None and _ANOTHER_DAY.match(place.text, clock.end):
            continue
        if isinstance(day, dt.date) and (moment := _moment(day, clock, zone)):
            is_first = date is not None and (last is None or last[1] is not date)
            moments.append(_found(moment, clock, date if is_first else None))
        last = (clock, date) if date else last
    return sorted(moments, key=lambda value: value.start)


def _date_of(text: str, clock: Clock, dates: Sequence[Found]) -> Found | None:
    """Find the date that a time is written with: before it, inside it, or after it."""
    following = bisect_right(dates, clock.start, key=_start)
    if following:
        date = dates[following - 1]
        gap = text[date.end : clock.start][: _LONGEST_STEP + 1]
        if clock.start < date.end or (len(gap) <= _LONGEST_STEP and _TO_TIME.fullmatch(gap)):
            return date
    if following < len(dates):
        gap = text[clock.end : dates[following].start][: _LONGEST_STEP + 1]
        if len(gap) <= _LONGEST_STEP and _TO_DATE.fullmatch(gap):
            return dates[following]
    return None


def _start(value: Found) -> int:
    return value.start


def _continued(text: str, clock: Clock, last: tuple[Clock, Found] | None) -> Found | None:
    """Give the date of the time before, as in "July 27, 9:20 AM PDT / 16:20 UTC"."""
    if last is None or clock.start - last[0].end > _SAME_PLACE:
        return None
    return last[1]


def _only_day(dates: Iterable[Found]) -> dt.date | None:
    days = {date.value for date in dates if isinstance(date.value, dt.date)}
    return days.pop() if len(days) == 1 else None


def _dates_above(place: Place) -> list[Found]:
    line = place.line
    above = list(line.context)
    if line.kind == "item" and line.previous and line.previous.group == line.group:
        above.append(line.previous.text)  # "- Date: July 27", "- Time: 16:20"
    return [
        value for text in above for value in values_in(text, place.year) if value.kind == "date"
    ]


def _moment(day: dt.date, clock: Clock, zone: dt.tzinfo) -> dt.datetime | None:
    try:
        return dt.datetime.combine(day, clock.time, clock.zone or zone).astimezone(dt.UTC)
    except OverflowError:
        return None


def _found(moment: dt.datetime, clock: Clock, date: Found | None) -> Found:
    start, end = clock.start, clock.end
    if date:
        start, end = min(start, date.start), max(end, date.end)
    return Found("moment", moment, start, end, "" if clock.has_seconds else MINUTE)
