"""Claims about amounts of money."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from pydantic import Field

from grading.claims.values import ValueClaim, total_of, within
from grading.expected import Bound, ExpectedNumber, known, says
from grading.reading.places import Place
from grading.reading.values import USD, Found, free_of_charge
from simulation.operators import is_number
from simulation.values import money


class MoneyClaim(ValueClaim):
    """An amount in US dollars: $1,234.50, 1234.5 USD, USD 1,234.50 and, in a table, 1234.50.

    1.234,50 is not guessed. The sign counts only with `signed`, because a refund may be written as
    −50.00."""

    KINDS = frozenset({"number"})
    NOUN = "the amount"

    EXAMPLE = {"value": 153.5, "near": ["refund", "total"]}

    value: ExpectedNumber = Field(description="the amount in US dollars, such as 153.5")
    tolerance: float = Field(0, ge=0, description="how many dollars off it may be, up or down")
    signed: bool = Field(False, description="the sign counts: −50.00 is not 50.00")

    @cached_property
    def meant(self) -> Decimal:
        return money(known(self.value))

    def described(self) -> str:
        within = f", give or take ${self.tolerance:,.2f}" if self.tolerance else ""
        return f"{self._said()}{within}"

    def _said(self) -> str:
        """Say the amount as amounts are written; of a bound one also where it comes from."""
        if not isinstance(self.value, Bound):
            return self.shown()
        if not is_number(self.value.value):
            return says(self.value)
        return f"{self.shown()} ({self.value.query.sentence()})"

    def shown(self) -> str:
        amount = self.meant
        return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"

    def values_of(self, place: Place) -> list[Found]:
        """Give the amounts; near words, what is free costs nothing."""
        if not self.near or "free" not in place.text.lower():
            return place.values
        both = [*place.values, *free_of_charge(place.text)]
        return sorted(both, key=lambda value: value.start)

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
        return within(value, wanted, self.tolerance)

    def _add_up(self, parts: Iterable[Found]) -> bool:
        return total_of(parts) == self.meant
