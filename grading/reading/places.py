"""Places: sentences, lines and table rows, and which value stands by which words in them.

A value is *near* a word that is in the same place, in the heading, introduction or enclosing item
above it, or at the head of its column. A word *carries* a value that is bound to it more closely:
"13 processed refunds", "refunds: 13", "the total is 13"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

from grading.reading.denials import Span, is_denied, is_of_others
from grading.reading.lines import Document, Line, sentences
from grading.reading.plain import word_set
from grading.reading.values import Found, number_words, values_in

QUOTE = 160  # characters of a place that a reason shows
Spanning = TypeVar("Spanning", bound=Span)


@dataclass(slots=True)
class Place:
    """What words and values stand together in. Positions count from the start of its text."""

    text: str
    line: Line
    year: int
    _values: list[Found] | None = field(default=None, repr=False)
    _with_words: list[Found] | None = field(default=None, repr=False)
    _near: dict[str, bool] = field(default_factory=dict, repr=False)

    @property
    def values(self) -> list[Found]:
        """The values of the place, in order, without numbers that are spelled out."""
        if self._values is None:
            self._values = values_in(self.text, self.year)
        return self._values

    @property
    def values_and_words(self) -> list[Found]:
        """The values of the place, in order, with numbers that are spelled out."""
        if self._with_words is None:
            spelled_out = number_words(self.text)
            both = sorted([*self.values, *spelled_out], key=lambda value: value.start)
            self._with_words = both if spelled_out else self.values
        return self._with_words

    @property
    def quote(self) -> str:
        text = " ".join(self.text.split())
        return text if len(text) <= QUOTE else f"{text[:QUOTE]}…"

    def column_of(self, found: Span) -> str:
        """Give the head of the column that a value stands in, "" outside tables."""
        if not self.line.columns:
            return ""
        column = self.text.count(" | ", 0, found.start)
        return self.line.columns[column] if column < len(self.line.columns) else ""

    def is_about(self, words: "re.Pattern[str]") -> bool:
        """Tell whether any value of the place can be near the words."""
        if self._has_around(words):
            return True
        columns = self.line.columns
        return bool(columns) and any(map(words.search, columns))

    def is_near(self, found: Span, words: "re.Pattern[str]") -> bool:
        return self._has_around(words) or bool(words.search(self.column_of(found)))

    def _has_around(self, words: "re.Pattern[str]") -> bool:
        found = self._near.get(words.pattern)  # all of them are made alike, see near_words
        if found is None:
            found = bool(words.search(self.text)) or _says_any(words, self.line.context)
            self._near[words.pattern] = found
        return found


@lru_cache(maxsize=256)
def _says_any(words: "re.Pattern[str]", texts: Sequence[str]) -> bool:
    return any(words.search(text) for text in texts if text)


@lru_cache(maxsize=64)
def places_of(document: Document, year: int) -> tuple[Place, ...]:
    return tuple(_places(document, year))


def _places(document: Document, year: int) -> Iterator[Place]:
    for line in document.lines:
        if line.kind in ("row", "head"):
            yield Place(line.text, line, year)
        else:
            asked = ""
            for begin, end in sentences(line.text):
                text = line.text[begin:end]
                yield Place(text, _answering(line, asked) if asked else line, year)
                asked = text if text.rstrip().endswith("?") else ""


def _answering(line: Line, question: str) -> Line:
    """Give a line whose context has the question that was asked just before."""
    return replace(line, context=(*line.context, question))


def carried(
    place: Place,
    words: "re.Pattern[str]",
    values: Sequence[Spanning],
    is_meant: Callable[[Spanning], bool],
) -> list[Spanning]:
    """Give the values that the words carry, and those that stand as an alternative to a value that
    is meant.

    values: those of one kind, in order. Parts and wholes ("3 of the 12", "12 out of 40") and what
    a value is compared with ("instead of 13") are carried by nothing."""
    if not values:
        return []
    starts = [value.start for value in values]
    found = [
        value
        for anchor in words.finditer(place.text)
        for value in _bound_to(anchor, place.text, values, starts)
    ]
    found += _alternatives(place.text, values, is_meant)
    unique = {value.start: value for value in found if not _is_aside(place.text, value)}
    return [unique[start] for start in sorted(unique)]


def _bound_to(
    anchor: "re.Match[str]", text: str, values: Sequence[Spanning], starts: Sequence[int]
) -> Iterable[Spanning]:
    after = bisect_left(starts, anchor.end())
    before = bisect_right(starts, anchor.start()) - 1
    if after < len(values) and _says(_between(text, anchor.end(), values[after].start)):
        return [values[after]]
    value = values[before] if before >= 0 else None
    if value and value.end <= anchor.start() and _counts(_between(text, value.end, anchor.start())):
        return [value]
    return []


def _between(text: str, start: int, end: int) -> str:
    """Give the words in between, a break when they are too many to belong together."""
    return text[start:end] if end - start <= _LONGEST_GAP else ";"


_LONGEST_GAP = 80
_BREAK = re.compile(r"[,;()?!]|\.\s|\b(?:and|but|while|whereas|or|though|although|plus|vs)\b", re.I)
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_SAYING = word_set(
    "is was were are be been being equals equal of to at on by came comes totals totaled totalled"
    " reached reaches stands amounts since until on"
)
_FILLERS = word_set("only exactly just precisely now the a an about total sum date")
_OTHER_RELATION = word_set(
    "of for after in from with without within per until before that which who to than if when into"
    " at by on through during not against under over"
)


def _says(gap: str) -> bool:
    """Tell whether words say the value after the gap: "refunds: 13", "total amount is 13",
    "refunds | 13"."""
    if gap.count("|") > 1:
        return False
    stripped = gap.strip()
    if stripped in ("", "|"):
        return True
    if stripped[-1] in ":=-":  # "total (with tax): 13"
        gap = _BRACKETED.sub("", gap)
        stripped = gap.strip()
    if "|" in gap or _BREAK.search(gap):
        return False
    if stripped[-1] in ":=-":
        return len(stripped.split()) <= 6
    words = [word for word in stripped.lower().split() if word not in _FILLERS]
    return (
        not words
        or (words[-1] in _SAYING and words[-1] not in ("by", "to", "of", "at"))
        or (words[-1] in ("of", "to", "at", "on") and len(words) <= 2)
    )


def _counts(gap: str) -> bool:
    """Tell whether the value before the gap counts the words after it: "13 processed refunds", "13
    in total"."""
    if "|" in gap or ":" in gap or _BREAK.search(gap):
        return False
    words = gap.lower().replace("-", " ").split()
    if words == ["in"]:
        return True
    others = any(word in _OTHER_RELATION or word.endswith("s") for word in words)
    return len(words) <= 3 and not others


_PART = re.compile(
    r"\s+(?:\w+\s+)?(?:out\s+)?of\s+(?:the|these|those|them|all|which|my|our|your|[0-9])", re.I
)
_WHOLE = re.compile(
    r"(?:[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|none|some|all|most))"
    r"\s+(?:\w+\s+)?(?:out\s+)?of\s+(?:the\s+|these\s+|those\s+|all\s+|my\s+|our\s+)*$",
    re.I,
)
_ASIDE = re.compile(
    r"\b(?:not|than|from|excluding|ignoring|besides|except(?: for)?|apart from"
    r"|instead of|rather than|previously|formerly|originally|versus|vs|minus|plus"
    r"|up to|another|other|further|additional|each|every)\s+$",
    re.I,
)


_ADDED_TO = re.compile(r"\s*[+*]\s*(?:[a-z]{0,3}[$€£]\s?)?[0-9]", re.I)
_ADDED = re.compile(r"[0-9]\s*[+*]\s*$")


def _is_added(text: str, value: Span, left: str) -> bool:
    """Tell whether a value is a part of a sum that is written out: "5 + 7 = 12"."""
    return bool(_ADDED_TO.match(text, value.end) or _ADDED.search(left))


def _is_aside(text: str, value: Span) -> bool:
    left = text[max(0, value.start - 40) : value.start]
    is_part = _PART.match(text, value.end) or _WHOLE.search(left) or _is_added(text, value, left)
    return (
        bool(is_part or _ASIDE.search(left)) or is_denied(text, value) or is_of_others(text, value)
    )


_OR = re.compile(r"\s*(?:or|-)\s*(?:maybe\s+|possibly\s+|perhaps\s+|even\s+)?", re.I)


def _alternatives(
    text: str, values: Sequence[Spanning], is_meant: Callable[[Spanning], bool]
) -> Iterator[Spanning]:
    """Give what stands as "12 or 13" or "12-13" beside a value that is meant."""
    for one, other in pairwise(values):
        gap = _between(text, one.end, other.start)
        if _OR.fullmatch(gap) and is_meant(one) != is_meant(other):
            yield other if is_meant(one) else one
