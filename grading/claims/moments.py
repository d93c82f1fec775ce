"""Claims about instants: a date with a time of day."""

import datetime as dt
from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from grading.claims.values import ValueClaim
from grading.expected import ExpectedInstant, known, says
from grading.reading.moments import MINUTE, moments_in
from grading.reading.places import Place
from grading.reading.values import Found
from simulation.values import read_instant, write_instant
from simulation.wording import counted

UTC = "UTC"
_EARLIEST, _LATEST = dt.timedelta(hours=12), dt.timedelta(hours=14)  # how far zones are from UTC


class MomentClaim(ValueClaim):
    """A date with a time, in any usual spelling and time zone: 2025-07-27T16:20:00Z, July 27, 2025
    at 4:20 PM UTC, 27 July, 18:20 (+02:00), 9:20 AM PDT on 7/27/2025.

    A time that names no zone is in the zone of the world's clock, UTC, or in `zone`. A time
    without seconds stands for its whole minute."""

    KINDS = frozenset({"instant"})
    NOUN = "the date and time"
    EXAMPLE = {"value": "2025-07-27T16:20:00Z", "tolerance_minutes": 5, "near": ["delivered"]}

    value: ExpectedInstant = Field(description="the instant, such as 2025-07-27T16:20:00Z")
    tolerance_minutes: int = Field(0, ge=0, le=10_080, description="how far off it may be")
    zone: str = Field(
        UTC, max_length=60, description="the zone of times that name none, such as Europe/Berlin"
    )

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            _ = zone == UTC or ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(
                f"{zone!r} is no time zone; write one such as UTC or Europe/Berlin"
            ) from None
        return zone

    @cached_property
    def meant(self) -> dt.datetime:
        return read_instant(str(known(self.value)))

    def described(self) -> str:
        minutes = counted(self.tolerance_minutes, "minute")
        within = f", give or take {minutes}" if self.tolerance_minutes else ""
        zone = "" if self.zone == UTC else f" (times without a zone are in {self.zone})"
        return f"{says(self.value)}{within}{zone}"

    def shown(self) -> str:
        return write_instant(self.meant)

    def values_of(self, place: Place) -> list[Found]:
        """Give the instants, and the days without a time, which can only contradict."""
        moments = moments_in(place, self._zone)
        lone: list[Found] = []
        ends = 0  # of the moments that begin before a date
        before = iter([*moments, None])
        moment = next(before)
        for value in place.values:
            while moment and moment.start <= value.start:
                ends, moment = max(ends, moment.end), next(before)
            lone += [value] if value.kind == "date" and value.start >= ends else []
        return sorted([*moments, *lone], key=lambda value: value.start) if lone else moments

    def is_kind(self, place: Place, found: Found) -> bool:
        if found.kind == "moment":
            return True
        days = {(self.meant - _EARLIEST).date(), (self.meant + _LATEST).date()}
        return found.value not in {*days, self.meant.date()}

    def fits(self, place: Place, found: Found) -> bool:
        if found.kind != "moment" or not isinstance(found.value, dt.datetime):
            return False
        ahead = self.meant.replace(microsecond=0) - found.value
        within = dt.timedelta(minutes=self.tolerance_minutes)
        unwritten = dt.timedelta(seconds=59 if found.unit == MINUTE else 0)
        return -within <= ahead <= within + unwritten

    @cached_property
    def _zone(self) -> dt.tzinfo:
        return dt.UTC if self.zone == UTC else ZoneInfo(self.zone)
