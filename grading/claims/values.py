"""What claims about values share: a number, an amount or a moment, perhaps near some words."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from pydantic import Field, field_validator

from grading.claims import Claim, Judgement
from grading.expected import Bound, misfits, says
from grading.reading.denials import is_denied
from grading.reading.lines import Document
from grading.reading.places import Place, carried, places_of
from grading.reading.plain import near_words, needle
from grading.reading.values import Found
from simulation.environments import Environment
from simulation.state import WorldState
from simulation.values import money
from simulation.wording import listed

NEAR = (
    "words, of which one stands in the same sentence, line or table row, or above it; the same"
    " words must not carry another value"
)


class ValueClaim(Claim):
    """A value that stands in the text as a value, `near` one of some words if there are any.

    With `near`, the same words must not carry another value of the kind somewhere else.
    """

    KINDS: ClassVar[frozenset[str]]
    NOUN: ClassVar[str]

    near: tuple[str, ...] = Field((), description=NEAR)

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
        return f"gives {asked_as(self.NOUN, self._value(), self.described())}{self._says_near()}"

    def _says_near(self) -> str:
        comma = "," if isinstance(self._value(), Bound) else ""
        return f"{comma} near {listed(map(in_quotes, self.near), 'or')}" if self.near else ""

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
                if self.fits(place, value) and not self._is_denied(place, value):
                    yield place, value

    def _is_denied(self, place: Place, value: Found) -> bool:
        return is_denied(place.text, value, is_count=value.kind == "number")

    def _found(self, place: Place) -> Judgement:
        return Judgement(True, f"found {self.shown()} in “{place.quote}”", place.quote)

    def _judge_near(self, places: Sequence[Place], words: "re.Pattern[str]") -> Judgement:
        about = [place for place in places if place.is_about(words)]
        near = next((p for p, value in self._hits(about) if p.is_near(value, words)), None)
        if others := self._contradictions(about, words):
            return self._contradicted(*others[0], near)
        if near:
            return self._found(near)
        wanted = f"{self.shown()} does not stand near {listed(map(in_quotes, self.near), 'or')}"
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
            values = [value for value in self.values_of(place) if self.is_kind(place, value)]
            unfit = [value for value in values if not self.fits(place, value)]
            if not unfit or not words.search(place.text):
                continue
            bound = carried(place, words, values, partial(self.fits, place))
            wrong = [value for value in bound if not self.fits(place, value)]
            are_parts = len(wrong) < len(bound) and self._add_up(unfit)
            others += [] if are_parts else [(place, value) for value in wrong]
        return [] if self._add_up(value for _, value in others) else others

    def _add_up(self, parts: Iterable[Found]) -> bool:
        return False

    def _contradicted(self, place: Place, value: Found, near: Place | None) -> Judgement:
        said = f"“{place.quote}” says {place.text[value.start : value.end]}"
        also = f", although “{near.quote}” says so" if near else ""
        return Judgement(False, f"{said}, expected {self.shown()}{also}", place.quote)


def within(value: Any, wanted: Decimal, tolerance: float) -> bool:
    if not isinstance(value, Decimal):
        return False
    return value == wanted if not tolerance else abs(value - wanted) <= money(tolerance)


def total_of(parts: Iterable[Found]) -> Decimal | None:
    """Add parts up; None for fewer than two."""
    values = [part.value for part in parts if isinstance(part.value, Decimal)]
    return sum(values, Decimal()) if len(values) > 1 else None


def gap_at(text: str, at: int) -> int:
    """Give how many spaces and hyphens follow."""
    rest = text[at : at + 4]
    return len(rest) - len(rest.lstrip(" -"))


def asked_as(noun: str, value: Any, described: str) -> str:
    """Say a value with what it is: "the amount $5"; of what no world has answered yet only what is
    asked, "as the amount the sum of price", and a number of rows is plainly the number of them."""
    if not isinstance(value, Bound) or value.value is not None:
        return f"{noun} {described}"
    asked = described if described.startswith("the ") else f"the {described}"
    return asked if asked.startswith(f"{noun} of ") else f"as {noun} {asked}"


def in_quotes(word: str) -> str:
    return f"“{word}”"
