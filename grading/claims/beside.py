"""Values beside the items of a list: each stands with its own item, and with no other one."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from grading.claims.amounts import MoneyClaim
from grading.claims.dates import DateClaim
from grading.claims.items import Item, Value
from grading.claims.numbers import NumberClaim
from grading.claims.values import ValueClaim
from grading.reading.denials import is_denied
from grading.reading.lines import Line
from grading.reading.listings import Listing
from grading.reading.places import Place
from grading.reading.plain import needle
from grading.reading.scopes import Part, Scope
from simulation.operators import is_day, is_instant
from simulation.wording import listed, shown

_DENIED = re.compile(
    r"\b(?:not|unlike|except|instead of|other than|confused with|mixed up with)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Pairs:
    """The values that go with the items of a list, ready to be looked for."""

    items: Sequence[Item]
    year: int

    def faults(self, listing: Listing) -> "Faults":
        """Say which values do not stand with their own items as they are listed."""
        scopes = _by_item(listing)
        columns = self._columns(scopes)
        strays = {
            number: self._strays(number, each, scopes[number])
            for number, each in enumerate(self.items)
            if number in scopes
        }
        missing = [
            (number, value)
            for number, scope in scopes.items()
            for value in self._missing(number, scope, columns)
        ]
        return Faults(self.items, missing, {n: found for n, found in strays.items() if found})

    # texts

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        """Give the texts that stand beside items, folded, as they are written."""
        values = (value for item in self.items for value in item.beside if _is_text(value))
        return {needle(str(value)): str(value) for value in values}

    @cached_property
    def _pattern(self) -> "re.Pattern[str]":
        longest_first = sorted(self._texts, key=len, reverse=True)
        return re.compile("|".join(map(_spelled, longest_first)) or r"(?!)")

    @cached_property
    def _own(self) -> Sequence[frozenset[str]]:
        return [
            frozenset(needle(str(v)) for v in item.beside if _is_text(v)) for item in self.items
        ]

    def _said(self, text: str) -> Iterator[str]:
        for found in self._pattern.finditer(text.lower()):
            if not _DENIED.search(text[max(0, found.start() - 60) : found.start()]):
                yield " ".join(found[0].split())

    def _strays(self, number: int, item: Item, scopes: Iterable[Scope]) -> list[str]:
        """Give the values of other items that stand with one."""
        names = {needle(spelling) for spelling in item.item}
        said = (text for scope in scopes for part in scope.parts for text in self._said(part.text))
        strays = dict.fromkeys(said) if self._texts else {}
        return [self._texts[text] for text in strays if text not in self._own[number] | names]

    def _stands_above(self, number: int, text: str, scope: Scope) -> bool:
        """Tell whether the nearest words above that say such a value say this one alone."""
        said = next((s for above in scope.above if (s := set(self._said(above)))), set())
        return text in said and said <= self._own[number]

    # all values

    def _missing(
        self, number: int, scopes: Sequence[Scope], columns: Mapping[int, str]
    ) -> Iterator[Value]:
        for place, value in enumerate(self.items[number].beside):
            if _is_text(value):
                stands = self._text_stands(number, needle(str(value)), scopes)
            else:
                column = columns.get(place, "")
                stands = any(not column or found == column for found in self._found(value, scopes))
            if not stands:
                yield value

    def _text_stands(self, number: int, text: str, scopes: Sequence[Scope]) -> bool:
        parts = (part for scope in scopes for part in scope.parts)
        return any(text in self._said(part.text) for part in parts) or any(
            self._stands_above(number, text, scope) for scope in scopes
        )

    def _columns(self, scopes: Mapping[int, Sequence[Scope]]) -> Mapping[int, str]:
        """Give the column in which most values of a place stand, so that a rank is no count."""
        if len({len(item.beside) for item in self.items}) > 1:
            return {}
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        for number, each in scopes.items():
            for place, value in enumerate(self.items[number].beside):
                if not _is_text(value):
                    counts[place].update(set(self._found(value, each)) - {""})
        return {place: found.most_common(1)[0][0] for place, found in counts.items() if found}

    def _found(self, value: Value, scopes: Iterable[Scope]) -> Iterator[str]:
        """Give the columns in which a number, an amount or a date stands."""
        claims = _claims(value)
        for scope in scopes:
            for part in scope.parts:
                place = _place(part, self.year)
                if any(_says(claim, place) for claim in claims):
                    yield part.column


@dataclass(frozen=True)
class Faults:
    """What does not stand where it should. strays: values of others, by the item that has them."""

    items: Sequence[Item]
    missing: Sequence[tuple[int, Value]] = ()
    strays: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.missing or self.strays)

    @property
    def items_at(self) -> list[int]:
        return [*self.strays, *(number for number, _ in self.missing)]

    def lines(self) -> list[str]:
        """Say each fault: "bo@x.example stands with Ana Lima, not with Bo Chen"."""
        owners: dict[str, list[str]] = defaultdict(list)
        for number, value in self.missing:
            owners[shown(value)].append(self.items[number].name)
        strays = [
            f"{text} stands with {self.items[number].name}{_not_with(owners.get(text))}"
            for number, texts in self.strays.items()
            for text in texts
        ]
        told = {text for texts in self.strays.values() for text in texts}
        lacking = {text: names for text, names in owners.items() if text not in told}
        return strays + [
            f"{text} does not stand with {listed(names)}" for text, names in lacking.items()
        ]


def _not_with(names: Sequence[str] | None) -> str:
    return f", not with {listed(names)}" if names else ""


def _by_item(listing: Listing) -> dict[int, list[Scope]]:
    found: dict[int, list[Scope]] = defaultdict(list)
    for scopes in listing.scopes:
        for item, scope in scopes():
            found[item].append(scope)
    return dict(found)


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and not (is_day(value) or is_instant(value))


def _claims(value: Value) -> Sequence[ValueClaim]:
    if isinstance(value, str):
        return (DateClaim(value=value),)
    return (NumberClaim(value=value), MoneyClaim(value=value))


_CELL = re.compile(r",(?=[\"$A-Za-z])")  # the next cell of a line of CSV begins a word


def _place(part: Part, year: int) -> Place:
    text = _CELL.sub(", ", part.text)
    return Place(text, Line("text", text, 0), year)


def _says(claim: ValueClaim, place: Place) -> bool:
    return any(
        claim.fits(place, found) and not is_denied(place.text, found)
        for found in place.values_and_words
    )


def _spelled(text: str) -> str:
    """Match a folded text whole, an address not inside a longer one."""
    joint = r"[-.@+]" if "@" in text else "-"
    body = re.escape(text).replace(r"\ ", r"\s+")
    return rf"(?<!\w)(?<!\w{joint}){body}(?!\w)(?!{joint}\w)"
