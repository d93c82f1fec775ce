"""Claims about days."""

from datetime import date
from functools import cached_property

from pydantic import Field

from grading.claims.values import ValueClaim
from grading.expected import ExpectedDate, known, says
from grading.reading.places import Place
from grading.reading.values import Found
from simulation.wording import counted


class DateClaim(ValueClaim):
    """A day, in any usual spelling: 2025-07-27, July 27, 2025, 27 July 2025, 7/27/2025 (US order),
    July 27.

    A date without a year is in the year of the world's clock. Of an instant only the day (UTC)
    counts."""

    KINDS = frozenset({"instant", "day"})
    NOUN = "the date"

    EXAMPLE = {"value": "2025-07-27", "near": ["delivered"]}

    value: ExpectedDate = Field(description="the day that is meant, such as 2025-07-27")
    tolerance_days: int = Field(0, ge=0, le=366, description="how many days off it may be")

    @cached_property
    def meant(self) -> date:
        return date.fromisoformat(str(known(self.value))[:10])

    def described(self) -> str:
        days = counted(self.tolerance_days, "day")
        return f"{says(self.value)}{f', give or take {days}' if self.tolerance_days else ''}"

    def shown(self) -> str:
        return self.meant.isoformat()

    def is_kind(self, place: Place, found: Found) -> bool:
        return found.kind == "date"

    def fits(self, place: Place, found: Found) -> bool:
        if found.kind != "date" or not isinstance(found.value, date):
            return False
        return abs((found.value - self.meant).days) <= self.tolerance_days
