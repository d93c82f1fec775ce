"""So many of a product at its price, and the loyalty discount on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from simulation.entities import Row
from simulation.state import WorldState
from simulation.values import money


@dataclass(frozen=True, slots=True)
class Sale:
    """So many of a product at its price of today: orders keep no prices."""

    product: Row
    qty: int

    @property
    def goods(self) -> Decimal:
        return money(self.product["price"]) * self.qty


def subtotal(sales: Iterable[Sale]) -> Decimal:
    return sum((sale.goods for sale in sales), Decimal(0))


def loyalty_rate(world: WorldState, tier: str) -> Decimal:
    """Give the share that a tier takes off goods, 0 to 1.

    It is read from the tier whose id or, case ignored, name it is; a tier of which the world has
    no row takes off nothing.
    """
    row = world.get("loyalty_tier", tier) or _tier_named(world, tier)
    return min(max(money(row["discountRate"]), Decimal(0)), Decimal(1)) if row else Decimal(0)


def _tier_named(world: WorldState, name: str) -> Row | None:
    named = (row for row in world.rows("loyalty_tier") if row["name"].casefold() == name)
    return min(named, key=lambda row: str(row["id"]), default=None)
