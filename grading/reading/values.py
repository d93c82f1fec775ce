"""Values in text: numbers, percentages, money and dates, each whole and never inside another token.

A run starts with a digit and has no space inside: `1,204.50`, `2025-07-27`, `16GB`, `12-13`. Every
run is one thing: a part of a name (`ord-250820-007`), a date, a time, money, a percentage, a
number, or something that is not read because it may mean two things (`1.234,50`, `3:1`, `2.0.1`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from grading.reading.plain import word_set

Kind = Literal["number", "percent", "money", "date", "moment"]
MAX_DIGITS = 30
USD = "USD"
_I = re.IGNORECASE


class Found(NamedTuple):
    """A value and where it stands, its month or currency sign included.

    unit: letters written onto a number (`16GB`, `30-day`), "minute" for a moment without seconds.
    currency: USD, "other", or "" for none.
    is_word: the number is spelled out. ends_phrase: no word follows, as in a table cell.
    """

    kind: Kind
    value: Decimal | date
    start: int
    end: int
    unit: str = ""
    currency: str = ""
    places: int = 0
    is_word: bool = False
    ends_phrase: bool = False


@dataclass(slots=True)
class Run:
    """A run of a text, with the words around it; `year` is that of a date that names none."""

    text: str
    start: int
    end: int
    body: str
    year: int
    left: str
    before: str  # the last word before, in lower case without marks at its end
    after: str  # the first word after, in lower case without marks at its end

    def found(self, kind: Kind, value: Decimal | date, end: int | None = None) -> Found:
        return Found(kind, value, self.start, end or self.end)


_RUN = re.compile(r"[0-9](?:\w|[.,:/'-](?=\w))*+")
_NOISE = re.compile(
    r"(?:https?://|www\.)[^\s<>\"']+"
    r"|\+[0-9][0-9 ().-]{6,18}[0-9]"
    r"|\([0-9]{3}\)\s?[0-9]{3}[ -][0-9]{4}"
    r"|(?<![\w-])[0-9]{3}[ -][0-9]{3}-[0-9]{4}(?![\w-])",
    _I,
)
_NOISE_MARKS = ("://", "www.", "-", "+")
_MARKS = ".,:;!?)(\"'"


def values_in(text: str, year: int) -> list[Found]:
    """Give the values of plain text in order; numbers that are spelled out are not among them."""
    if any(mark in text for mark in _NOISE_MARKS):
        text = _NOISE.sub(lambda noise: " " * len(noise[0]), text)
    found: list[Found] = []
    taken = 0
    for match in _RUN.finditer(text):
        start, end = match.span()
        if start >= taken:
            run = _run(text, start, end, year)
            values = next(got for read in _READERS if (got := read(run)) is not None)
            found += values
            taken = values[-1].end if values else end
    return found


def _run(text: str, start: int, end: int, year: int) -> Run:
    left = text[max(0, start - 32) : start]
    before = left[-16:].rsplit(None, 1)
    after = text[end : end + 16].split(None, 1)
    return Run(
        text,
        start,
        end,
        text[start:end],
        year,
        left,
        before[-1].strip(_MARKS).lower() if before else "",
        after[0].strip(_MARKS).lower() if after else "",
    )


# parts of names

_JOINTS = frozenset("-./@'")
_CODE_BEFORE = re.compile(r"(?<![\w-])(?:usd|eur|gbp|cad|aud|jpy|chf)$", _I)


def _part_of_name(run: Run) -> list[Found] | None:
    before, earlier = run.left[-1:], run.left[-2:-1]
    if before and not before.isspace():
        is_joined = before in _JOINTS and (earlier.isalnum() or earlier == "_")
        is_code = before.isalpha() and _CODE_BEFORE.search(run.left)
        if not is_code and (before.isalnum() or before in "_#.+" or is_joined):
            return []
    return [] if run.text[run.end : run.end + 1] in ("@", "_") else None


# dates

_MONTH_NAMES = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_INTO_RANGE = frozenset({"the", "-", "to", "and", "or", "through", "&"})
_NTH = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH_BEFORE = re.compile(
    rf"(?<!\w)({_MONTH_NAMES})\.?(,)?\s+(?:the\s+|{_NTH}\s*(?:-|to|and|or|through|&)\s*)?$", _I
)
_MONTH_AFTER = re.compile(
    rf"\s+(?:of\s+)?({_MONTH_NAMES})(?!\w)\.?(?:,?\s+(?:of\s+)?((?:19|20)[0-9]{{2}})(?!\w))?", _I
)
_YEAR_AFTER = re.compile(r"(?:\s*,\s*|\s+(?:of\s+)?)((?:19|20)[0-9]{2})(?![\w%]|[.,][0-9])")
_DAYS = re.compile(rf"{_NTH}(?:-{_NTH}|,((?:19|20)[0-9]{{2}}))?", _I)
_ISO = re.compile(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?:T[0-9:.Z-]*)?")
_ISO_MONTH = re.compile(r"(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])")
_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}|[0-9]{2})")
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_DASHED = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_NAMED = re.compile(rf"([0-9]{{1,2}})[-/]({_MONTH_NAMES})[-/]([0-9]{{4}})", _I)


def _written_in_figures(run: Run) -> list[Found] | None:
    if len(run.body) < 6:
        return None
    if found := _ISO.fullmatch(run.body):
        parts = found[1], found[3], found[4]
    elif found := _US.fullmatch(run.body):
        parts = f"20{found[3]}" if len(found[3]) == 2 else found[3], found[1], found[2]
    elif found := _DASHED.fullmatch(run.body):
        return _of_either_order(run, *map(int, found.groups()))
    elif found := _DOTTED.fullmatch(run.body):
        parts = found[3], found[2], found[1]
    elif found := _NAMED.fullmatch(run.body):
        parts = found[3], str(_MONTHS[found[2][:3].lower()]), found[1]
    else:
        return [] if _ISO_MONTH.fullmatch(run.body) else None
    day = _day(*map(int, parts))
    return [run.found("date", day)] if day else []


def _of_either_order(run: Run, one: int, other: int, year: int) -> list[Found]:
    """Read `27-07-2025` and `07-27-2025`, where only one order makes a day."""
    days = {day for day in (_day(year, one, other), _day(year, other, one)) if day}
    return [run.found("date", days.pop())] if len(days) == 1 else []


def _month_and_day(run: Run) -> list[Found] | None:
    """Read `July 27, 2025`, `27 July`, `July 1-31`; `July 2025` is no value."""
    is_after = run.before[:3] in _MONTHS or run.before in _INTO_RANGE
    before = _MONTH_BEFORE.search(run.left) if is_after else None
    if before and _YEAR.fullmatch(run.body):
        return []
    days = _DAYS.fullmatch(run.body)
    if not days:
        return None
    if before:
        after = None if days[3] else _YEAR_AFTER.match(run.text, run.end)
        if before[2] and not (days[3] or after):
            return None  # "in July, 27 orders"
        month_at = run.start - len(run.left) + before.start(1) if not before[3] else run.start
        end = after.end() if after else run.end
        return _days_of(run, days, (before[1], days[3] or (after and after[1])), (month_at, end))
    after = _MONTH_AFTER.match(run.text, run.end) if _may_name_month(run.after) else None
    if after and (after[2] or after[1][0].isupper() or len(after[1]) > 5):
        return _days_of(run, days, (after[1], after[2]), (run.start, after.end()))
    return None


def _may_name_month(word: str) -> bool:
    return word[:3] in _MONTHS or word == "of"


def _days_of(
    run: Run,
    days: "re.Match[str]",
    month_and_year: tuple[str, str | None],
    span: tuple[int, int],
) -> list[Found]:
    """Make a date of each day; the second one of `July 1-31` begins where it is written."""
    month, year = month_and_year
    starts = span[0], run.start + max(0, days.start(2))
    found = []
    for day, start in zip((days[1], days[2]), starts, strict=True):
        moment = _day(int(year or run.year), _MONTHS[month[:3].lower()], int(day)) if day else None
        if moment:
            found.append(Found("date", moment, start, span[1]))
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# times, labels, years

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_YEAR_BEFORE = word_set("in since during until year early late mid")
_LABELS = word_set("step page section version line figure chapter appendix phase part item no nr")
_CLOCK = frozenset({"am", "pm", "a.m", "p.m"})


def _no_amount(run: Run) -> list[Found] | None:
    """Take what looks like an amount and is none: times, ratios, padded numbers, years, labels."""
    is_padded = run.body[0] == "0" and len(run.body) > 1 and run.body.isdigit()
    if is_padded or ":" in run.body or run.after in _CLOCK:
        return []
    if run.before in _YEAR_BEFORE and _YEAR.fullmatch(run.body):
        return []
    return [] if run.before in _LABELS and run.left[-1:].isspace() else None


# amounts

_NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?(?:[-/]?([^\W\d_][^\W\d_-]*))?")
_RANGE = re.compile(r"([1-9][0-9]{0,3})-([1-9][0-9]{0,3})")
_CURRENCY_BEFORE = re.compile(
    r"(?<!\w)(?:(us\s?\$|usd\s?\$?|\$)|[a-z]{1,3}\$|€|£|¥|eur|gbp|cad|aud|jpy|chf)\s?-?$", _I
)
_CURRENCY_AFTER = re.compile(
    r"\s?(?:(\$|us\$|usd|(?:u\.?s\.?\s)?dollars?|bucks)"
    r"|€|£|¥|eur|gbp|cad|aud|jpy|chf|euros?|pounds|cents?)(?!\w)",
    _I,
)
_PERCENT = re.compile(r"\s?%|\s+per\s?cent(?!\w)", _I)
_SCALES = {"k": 10**3, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_WORD_FOLLOWS = re.compile(r"[\s-]*[^\W\d_]")
_SIGNS = frozenset("$€£¥")
_CODES = word_set("usd us eur gbp cad aud jpy chf")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "am", "pm"})
_SIGNED = re.compile(r"(?<![\w)])-(?:us|usd)?\s?\$?$|\$\s?-$", _I)


def _range(run: Run) -> list[Found] | None:
    ends = _RANGE.fullmatch(run.body)
    if not ends:
        return None
    if all(map(_YEAR.fullmatch, ends.groups())):
        return []
    spans = [(run.start + ends.start(n), run.start + ends.end(n)) for n in (1, 2)]
    whole = _amount(replace(run, body=ends[1]))
    return [
        each._replace(value=Decimal(ends[number]), start=start, end=end)
        for each in whole
        for number, (start, end) in enumerate(spans, 1)
    ]


def _amount(run: Run) -> list[Found]:
    number = _NUMBER.fullmatch(run.body)
    unit = (number[3] or "").lower() if number else ""
    if not number or len(run.body) > MAX_DIGITS or unit in _ORDINALS:
        return []
    value = Decimal(number[1].replace(",", "") + (number[2] or ""))
    places = len(number[2] or ".") - 1
    end = run.end
    if unit in _SCALES:
        value, unit = value * _SCALES[unit], ""
    elif run.after in _SCALES:
        value, end = (
            value * _SCALES[run.after],
            run.text.index(run.after[1:], run.end) + len(run.after) - 1,
        )
    if run.left[-1:] in ("-", "$") and _SIGNED.search(run.left):
        value = -value
    return [_with_sign(run, Found("number", value, run.start, end, unit, places=places))]


def _with_sign(run: Run, found: Found) -> Found:
    """Add what stands before or after a number: a currency, a per cent sign, or another word."""
    if run.after[:1] in ("%", "p") and (percent := _PERCENT.match(run.text, found.end)):
        return found._replace(kind="percent", end=percent.end())
    currency, start, end = _currency(run, found)
    unit = "" if found.unit == "x" or currency else found.unit
    is_last = not unit and not _WORD_FOLLOWS.match(run.text, end)
    kind: Kind = "money" if currency else "number"
    return Found(
        kind,
        found.value,
        start,
        end,
        unit,
        currency=currency,
        places=found.places,
        ends_phrase=is_last,
    )


def _currency(run: Run, found: Found) -> tuple[str, int, int]:
    """Give the currency that is written with a number, and where the amount begins and ends."""
    is_after = run.left.rstrip(" -")[-1:] in _SIGNS or run.before in _CODES
    if is_after and (before := _CURRENCY_BEFORE.search(run.left)):
        begin = found.start - len(run.left) + before.start()
        return USD if before[1] else "other", begin, found.end
    if found.unit:
        attached = _CURRENCY_AFTER.fullmatch(found.unit)
        return (USD if attached[1] else "other") if attached else "", found.start, found.end
    after = run.text[found.end : found.end + 2].strip()[:1]
    if (after in _SIGNS or after.isalpha()) and (
        sign := _CURRENCY_AFTER.match(run.text, found.end)
    ):
        return USD if sign[1] else "other", found.start, sign.end()
    return "", found.start, found.end


Reader = Callable[[Run], "list[Found] | None"]
_READERS: tuple[Reader, ...] = (
    _part_of_name,
    _written_in_figures,
    _month_and_day,
    _no_amount,
    _range,
    _amount,
)

# spelled out

_WORDS = {
    word: Decimal(number)
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen", "twenty"),
        )
    )
}
_LARGER = (
    "hundred|thousand|million|billion|dozen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
)
_NUMBER_WORD = re.compile(
    rf"\b(?<!\w-)(?P<before>(?:{_LARGER})\s+(?:and\s+)?)?(?P<word>{'|'.join(_WORDS)})\b(?!-\w)"
    rf"(?!\s+(?:{_LARGER})\b)"
)
_NONE = re.compile(r"\b(?<!\w-)(?:no|none)\b(?![-.]\w|\s+(?:more|less|fewer|later)\s+than\b)")
_FREE = re.compile(r"(?<=[:|=]\s)free\b|\b(?:is|are|was|were)\s+(?:now\s+)?(free)\b(?!\s+to\b)")


def number_words(text: str) -> list[Found]:
    """Give the numbers that are spelled out, zero to twenty."""
    return [
        Found("number", _WORDS[word["word"]], *word.span(), is_word=True)
        for word in _NUMBER_WORD.finditer(text.lower())
        if not word["before"]
    ]


def nothings(text: str) -> list[Found]:
    """Give the zeros that are written as "no" or "none"."""
    found = _NONE.finditer(text.lower())
    return [Found("number", Decimal(), *word.span(), is_word=True) for word in found]


def free_of_charge(text: str) -> list[Found]:
    """Give the amounts of zero that are written as "is free"."""
    return [
        Found("money", Decimal(), found.end() - len("free"), found.end(), currency=USD)
        for found in _FREE.finditer(text.lower())
    ]
