"""Claims about numbers: counts, measures and percentages."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from pydantic import Field

from grading.claims.values import ValueClaim, gap_at, total_of, within
from grading.expected import ExpectedNumber, known, says
from grading.reading.places import Place
from grading.reading.plain import near_words
from grading.reading.values import Found, nothings
from simulation.values import money
from simulation.wording import listed


class NumberClaim(ValueClaim):
    """A number: 1,204 is 1204, and 27 in "July 27", in an id, a price or a percentage is no 27.

    `unit` asks for a word right after it, such as days or GB; with % or percent it is a
    percentage. When `near` words are given, numbers up to twenty may be spelled out, and 0 may be
    "no" or "none"."""

    KINDS = frozenset({"number"})
    NOUN = "the number"

    EXAMPLE = {"value": 30, "unit": ["day"], "near": ["return"]}

    value: ExpectedNumber = Field(description="the number that is meant, such as 12")
    tolerance: float = Field(0, ge=0, description="how far off it may be, up or down")
    unit: tuple[str, ...] = Field(
        (), description="words of which one follows the number, such as days or GB; or %"
    )

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
        if not self.near:
            return place.values
        if self.meant or self.unit:
            return place.values_and_words
        both = [*place.values_and_words, *nothings(place.text)]
        return sorted(both, key=lambda value: value.start)

    def is_kind(self, place: Place, found: Found) -> bool:
        is_pronoun = found.is_word and found.value == 1
        return not is_pronoun and self._has_unit(place, found)

    def fits(self, place: Place, found: Found) -> bool:
        if not within(found.value, self.meant, self.tolerance):
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
        follows = units.match(place.text, found.end + gap_at(place.text, found.end))
        return bool(units.fullmatch(found.unit) or follows or units.search(place.column_of(found)))

    def _add_up(self, parts: Iterable[Found]) -> bool:
        return total_of(parts) == self.meant
