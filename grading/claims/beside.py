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

_LEAD = 60  # characters before a value that may deny it
_DENIED = re.compile(
    r"\b(?:not|unlike|except|instead of|other than|confused with|mixed up with)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


Scopes = Mapping[int, Sequence[Scope]]  # of each item that is listed, by its number


@dataclass(frozen=True)
class Pairs:
    """The values that go with the items of a list, ready to be looked for."""

    items: Sequence[Item]

    def faults(self, listing: Listing, year: int) -> "Faults":
        """Say which values do not stand with their own items as they are listed. year: of days
        that name none."""
        scopes = _by_item(listing)
        strays = {number: self._texts.strays(number, each) for number, each in scopes.items()}
        figures = _Figures(self.items, scopes, year)
        missing = [
            (number, value)
            for number in sorted(scopes)
            for place, value in enumerate(self.items[number].beside)
            if not self._stands(figures, number, place, value)
        ]
        return Faults(self.items, missing, {n: found for n, found in strays.items() if found})

    @cached_property
    def _texts(self) -> "_Texts":
        return _Texts(self.items)

    def _stands(self, figures: "_Figures", number: int, place: int, value: Value) -> bool:
        if _is_text(value):
            return self._texts.stands(number, needle(str(value)), figures.scopes[number])
        return figures.stands(number, place)


@dataclass(frozen=True)
class _Texts:
    """The values that are texts: what stands with an item must be its own."""

    items: Sequence[Item]

    @cached_property
    def _written(self) -> Mapping[str, str]:
        """Give the texts, folded, as they are written."""
        values = (value for item in self.items for value in item.beside if _is_text(value))
        return {needle(str(value)): str(value) for value in values}

    @cached_property
    def _pattern(self) -> "re.Pattern[str]":
        longest_first = sorted(self._written, key=len, reverse=True)
        return re.compile("|".join(map(_spelled, longest_first)) or r"(?!)")

    @cached_property
    def _own(self) -> Sequence[frozenset[str]]:
        return [
            frozenset(needle(str(v)) for v in item.beside if _is_text(v)) for item in self.items
        ]

    def stands(self, number: int, text: str, scopes: Iterable[Scope]) -> bool:
        return any(
            any(text in self._said(part.text) for part in scope.parts)
            or self._stands_above(number, text, scope)
            for scope in scopes
        )

    def strays(self, number: int, scopes: Iterable[Scope]) -> list[str]:
        """Give the values of other items that stand with one."""
        own = {*self._own[number], *map(needle, self.items[number].item)}
        said = (text for scope in scopes for part in scope.parts for text in self._said(part.text))
        return [self._written[text] for text in dict.fromkeys(said) if text not in own]

    def _stands_above(self, number: int, text: str, scope: Scope) -> bool:
        """Tell whether the nearest words above that say such a value say this one alone."""
        said = next((s for above in scope.above if (s := set(self._said(above)))), set())
        return text in said and said <= self._own[number]

    def _said(self, text: str) -> Iterator[str]:
        for found in self._pattern.finditer(text.lower()):
            if not _DENIED.search(text[max(0, found.start() - _LEAD) : found.start()]):
                yield " ".join(found[0].split())


@dataclass(frozen=True)
class _Figures:
    """The values that are numbers, amounts or days, as they stand in a text."""

    items: Sequence[Item]
    scopes: Scopes
    year: int

    def stands(self, number: int, place: int) -> bool:
        """Tell whether the value at a place of an item stands with it, in the column of such."""
        columns, common = self._columns[number, place], self._common.get(place, "")
        return common in columns if common else bool(columns)

    @cached_property
    def _columns(self) -> Mapping[tuple[int, int], frozenset[str]]:
        return {
            (number, place): frozenset(self._columns_of(value, scopes))
            for number, scopes in self.scopes.items()
            for place, value in enumerate(self.items[number].beside)
            if not _is_text(value)
        }

    @cached_property
    def _common(self) -> Mapping[int, str]:
        """Give the column in which most values of a place stand, so that a rank is no count."""
        if len({len(item.beside) for item in self.items}) > 1:
            return {}
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        for (_, place), columns in self._columns.items():
            counts[place].update(sorted(columns - {""}))
        return {place: found.most_common(1)[0][0] for place, found in counts.items() if found}

    def _columns_of(self, value: Value, scopes: Iterable[Scope]) -> Iterator[str]:
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


def _by_item(listing: Listing) -> Scopes:
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
