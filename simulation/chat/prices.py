"""What an answer costs."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from pydantic import Field

from simulation.chat.exchange import Usage
from simulation.values import Frozen

PER = 1_000_000  # tokens that a price is for
ANY_MODEL = "*"
MOST_COST = Decimal("999999.999999")  # USD; what rows hold, and more than anything costs
_PLACES = Decimal("0.000001")


class Price(Frozen):
    """USD per million tokens. cached: of the prompt's tokens that were cached; None: as others."""

    prompt: Decimal = Field(ge=0, le=1_000_000, max_digits=13, decimal_places=6)
    cached: Decimal | None = Field(None, ge=0, le=1_000_000, max_digits=13, decimal_places=6)
    completion: Decimal = Field(ge=0, le=1_000_000, max_digits=13, decimal_places=6)

    def cost(self, usage: Usage) -> Decimal:
        """Give the USD of an answer, to six places; a server may say any number of tokens."""
        cached = min(usage.cached, usage.prompt)
        cached_price = self.prompt if self.cached is None else self.cached
        total = (
            (usage.prompt - cached) * self.prompt
            + cached * cached_price
            + usage.completion * self.completion
        )
        return min((total / PER).quantize(_PLACES, rounding=ROUND_HALF_UP), MOST_COST)


def price_of(prices: Mapping[str, Any], *models: str) -> Price | None:
    """Give the price of the first of these names that has one, else that of any model."""
    found = next((prices[name] for name in (*models, ANY_MODEL) if name in prices), None)
    return None if found is None else Price.model_validate(found)
