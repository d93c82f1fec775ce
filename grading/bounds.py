"""Bounds: how many of something there must be."""

from pydantic import Field, model_validator

from simulation.values import Frozen


class Bounds(Frozen):
    """Exactly `eq`, or at least `gte` and at most `lte`."""

    eq: int | None = Field(None, ge=0, title="exactly")
    gte: int | None = Field(None, ge=0, title="at least")
    lte: int | None = Field(None, ge=0, title="at most")

    @model_validator(mode="after")
    def _can_be_met(self) -> "Bounds":
        if self.eq is None and self.gte is None and self.lte is None:
            raise ValueError("write eq, gte or lte")
        if self.eq is not None and (self.gte is not None or self.lte is not None):
            raise ValueError("eq stands alone")
        if self.gte is not None and self.lte is not None and self.gte > self.lte:
            raise ValueError(f"nothing is at least {self.gte} and at most {self.lte}")
        return self

    @property
    def needs_one(self) -> bool:
        """Tell whether none is too few."""
        return not self.hold(0)

    def hold(self, number: int) -> bool:
        if self.eq is not None:
            return number == self.eq
        return (self.gte or 0) <= number and (self.lte is None or number <= self.lte)

    def says(self) -> str:
        if self.eq is not None:
            return f"exactly {self.eq}" if self.eq else "no"
        if self.lte is None:
            return f"at least {self.gte}"
        return f"at most {self.lte}" if not self.gte else f"{self.gte} to {self.lte}"


AT_LEAST_ONE = Bounds(gte=1)
NONE = Bounds(eq=0)
