"""Claims about values: a number, an amount of money or a date, perhaps near some words."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, ClassVar

from pydantic import Field, field_validator

from grading.claims import Claim, Judgement
from grading.expected import Bound, ExpectedDate, ExpectedNumber, known, misfits, says
from grading.reading.lines import Document
from grading.reading.places import Place, carried, is_denied, places_of
from grading.reading.plain import near_words, needle
from grading.reading.values import USD, Found
from simulation.environments import Environment
from simulation.state import WorldState
from simulation.values import money
from simulation.wording import listed


class ValueClaim(Claim):
    """A value that stands in the text as a value, `near` one of some words if there are any.

    With `near`, the same words must not carry another value of the kind somewhere else.
    """

    KINDS: ClassVar[frozenset[str]]
    NOUN: ClassVar[str]

    near: tuple[str, ...] = ()

    @field_validator("near")
    @classmethod
    def _words(cls, near: tuple[str, ...]) -> tuple[str, ...]:
        if not all(needle(word) for word in near):
            raise ValueError("write words, not empty texts")
        return near

    @property
    @abstractmethod
    def meant(self) -> Any:
        """The value that is meant. Raises InvalidArgument for a query that was never bound."""

    @abstractmethod
    def is_kind(self, place: Place, found: Found) -> bool:
        """Tell whether a value is surely of the kind, so that it may contradict."""

    @abstractmethod
    def fits(self, place: Place, found: Found) -> bool:
        """Tell whether a value is the one that is meant."""

    @abstractmethod
    def shown(self) -> str:
        """Write the value that is meant."""

    def judge(self, document: Document, world: WorldState) -> Judgement:
        places = places_of(document, int(world.now[:4]))
        if self.near:
            return self._judge_near(places, near_words(self.near))
        hit = next(self._hits(places), None)
        if hit is None:
            return Judgement(False, f"{self.shown()} is nowhere as {self.NOUN}")
        return self._found(hit[0])

    def values_of(self, place: Place) -> list[Found]:
        return place.values

    def says(self) -> str:
        near = f" near {listed(map(_quoted, self.near), 'or')}" if self.near else ""
        return f"gives {self.NOUN} {self.described()}{near}"

    def described(self) -> str:
        return says(self._value())

    def problems(self, company: Environment) -> list[str]:
        return misfits(company, "value", self._value(), kinds=self.KINDS)

    def _value(self) -> Any:
        return self.value  # type: ignore[attr-defined]

    def _hits(self, places: Sequence[Place]) -> "Iterator[tuple[Place, Found]]":
        """Find the value that is meant, where the text does not deny it."""
        for place in places:
            for value in self.values_of(place):
                if self.fits(place, value) and not is_denied(place.text, value):
                    yield place, value

    def _found(self, place: Place) -> Judgement:
        return Judgement(True, f"found {self.shown()} in “{place.quote}”", place.quote)

    def _judge_near(self, places: Sequence[Place], words: "re.Pattern[str]") -> Judgement:
        about = [place for place in places if place.is_about(words)]
        near = next((p for p, value in self._hits(about) if p.is_near(value, words)), None)
        if others := self._contradictions(about, words):
            return self._contradicted(*others[0], near)
        if near:
            return self._found(near)
        wanted = f"{self.shown()} does not stand near {listed(map(_quoted, self.near), 'or')}"
        elsewhere = next(self._hits(places), None)
        if elsewhere is None:
            return Judgement(False, wanted)
        quote = elsewhere[0].quote
        return Judgement(False, f"{wanted}, only in “{quote}”", quote)

    def _contradictions(
        self, places: Sequence[Place], words: "re.Pattern[str]"
    ) -> "list[tuple[Place, Found]]":
        """Give the other values that the words carry, unless they are parts that add up to the one
        meant."""
        others: list[tuple[Place, Found]] = []
        for place in places:
            if not words.search(place.text):
                continue
            values = [value for value in self.values_of(place) if self.is_kind(place, value)]
            bound = carried(place, words, values, partial(self.fits, place))
            others += [(place, value) for value in bound if not self.fits(place, value)]
        return [] if self._add_up(value for _, value in others) else others

    def _add_up(self, parts: Iterable[Found]) -> bool:
        return False

    def _contradicted(self, place: Place, value: Found, near: Place | None) -> Judgement:
        said = f"“{place.quote}” says {place.text[value.start : value.end]}"
        also = f", although “{near.quote}” says so" if near else ""
        return Judgement(False, f"{said}, expected {self.shown()}{also}", place.quote)


class NumberClaim(ValueClaim):
    """A number: 1,204 is 1204, and 27 in "July 27", in an id, a price or a percentage is no 27.

    `unit` asks for a word right after it, such as days or GB; with % or percent it is a
    percentage. Numbers up to twelve may be spelled out when `near` words are given."""

    KINDS = frozenset({"number"})
    NOUN = "the number"

    value: ExpectedNumber
    tolerance: float = Field(0, ge=0)
    unit: tuple[str, ...] = ()

    @cached_property
    def meant(self) -> Decimal:
        return money(known(self.value))

    def described(self) -> str:
        unit = f" {listed(self.unit, 'or')}" if self.unit else ""
        within = f", give or take {self.tolerance:g}" if self.tolerance else ""
        return f"{says(self.value)}{unit}{within}"

    def shown(self) -> str:
        return f"{known(self.value)}{f' {self.unit[0]}' if self.unit else ''}"

    def values_of(self, place: Place) -> list[Found]:
        return place.values_and_words if self.near else place.values

    def is_kind(self, place: Place, found: Found) -> bool:
        is_pronoun = found.is_word and found.value == 1
        return not is_pronoun and self._has_unit(place, found)

    def fits(self, place: Place, found: Found) -> bool:
        if not _within(found.value, self.meant, self.tolerance):
            return False
        return self._has_unit(place, found)

    def _has_unit(self, place: Place, found: Found) -> bool:
        written = place.text[found.start : found.end]
        if not self.unit:
            return found.kind == "number" and (not found.unit or "-" in written)
        if found.kind == "percent":
            return any(unit in ("%", "percent", "per cent") for unit in self.unit)
        if found.kind != "number":
            return False
        units = near_words(self.unit)
        follows = units.match(place.text, found.end + _gap(place.text, found.end))
        return bool(units.fullmatch(found.unit) or follows or units.search(place.column_of(found)))

    def _add_up(self, parts: Iterable[Found]) -> bool:
        return _sum(parts) == self.meant


class MoneyClaim(ValueClaim):
    """An amount in US dollars: $1,234.50, 1234.5 USD, USD 1,234.50 and, in a table, 1234.50.

    1.234,50 is not guessed. The sign counts only with `signed`, because a refund may be written as
    −50.00."""

    KINDS = frozenset({"number"})
    NOUN = "the amount"

    value: ExpectedNumber
    tolerance: float = Field(0, ge=0)
    signed: bool = False

    @cached_property
    def meant(self) -> Decimal:
        return money(known(self.value))

    def described(self) -> str:
        within = f", give or take ${self.tolerance:,.2f}" if self.tolerance else ""
        sign = "" if isinstance(self.value, Bound) else "$"
        return f"{sign}{says(self.value)}{within}"

    def shown(self) -> str:
        amount = self.meant
        return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"

    def is_kind(self, place: Place, found: Found) -> bool:
        is_bare = found.kind == "number" and found.places == 2 and not found.unit
        return found.currency == USD or is_bare

    def fits(self, place: Place, found: Found) -> bool:
        is_bare = found.kind == "number" and not found.unit and not found.is_word
        in_place = found.places > 0 or (bool(self.near) and found.ends_phrase)
        if found.currency != USD and not (is_bare and in_place):
            return False
        wanted, value = self.meant, found.value
        if not self.signed and isinstance(value, Decimal):
            wanted, value = abs(wanted), abs(value)
        return _within(value, wanted, self.tolerance)

    def _add_up(self, parts: Iterable[Found]) -> bool:
        return _sum(parts) == self.meant


class DateClaim(ValueClaim):
    """A day, in any usual spelling: 2025-07-27, July 27, 2025, 27 July 2025, 7/27/2025 (US order),
    July 27.

    A date without a year is in the year of the world's clock. Of an instant only the day (UTC)
    counts."""

    KINDS = frozenset({"instant", "day"})
    NOUN = "the date"

    value: ExpectedDate

    @cached_property
    def meant(self) -> date:
        return date.fromisoformat(str(known(self.value))[:10])

    def shown(self) -> str:
        return self.meant.isoformat()

    def is_kind(self, place: Place, found: Found) -> bool:
        return found.kind == "date"

    def fits(self, place: Place, found: Found) -> bool:
        return found.kind == "date" and found.value == self.meant


def _within(value: Any, wanted: Decimal, tolerance: float) -> bool:
    if not isinstance(value, Decimal):
        return False
    return value == wanted if not tolerance else abs(value - wanted) <= money(tolerance)


def _sum(parts: Iterable[Found]) -> Decimal | None:
    """Add parts up; None for fewer than two."""
    values = [part.value for part in parts if isinstance(part.value, Decimal)]
    return sum(values, Decimal()) if len(values) > 1 else None


def _gap(text: str, at: int) -> int:
    """Give how many spaces and hyphens follow."""
    rest = text[at : at + 4]
    return len(rest) - len(rest.lstrip(" -"))


def _quoted(word: str) -> str:
    return f"“{word}”"
