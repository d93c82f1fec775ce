"""What was paid for the goods of an order."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from simulation.entities import Row
from simulation.environments.corecraft.tools.prices import FEES
from simulation.environments.corecraft.tools.promotions import is_for, promotions_named, runs_at
from simulation.environments.corecraft.tools.sales import Sale, loyalty_rate, subtotal
from simulation.state import WorldState
from simulation.values import money


@dataclass(frozen=True)
class Purchase:
    """An order, the payment that settled it, and the goods at their prices of today.

    promotion: the one whose code is on the order; None when there is none of it any more.
    """

    order: Row
    payment: Row
    sales: tuple[Sale, ...]
    rate: Decimal
    promotion: Row | None

    @cached_property
    def bought(self) -> Counter[str]:
        """Count the pieces of each product."""
        counts: Counter[str] = Counter()
        for line in self.order["lineItems"]:
            counts[line["productId"]] += line["qty"]
        return counts

    @property
    def is_known(self) -> bool:
        """Tell whether all that was ordered is in the catalogue."""
        return len(self.sales) == len(self.order["lineItems"])

    def paid_for(self, sale: Sale) -> Decimal:
        """Give what was paid for some of the goods: less the tier's rate and their promotion."""
        goods = sale.goods * (1 - self.rate)
        reduced = self._reduced
        if not reduced or not any(sale.product["id"] == one.product["id"] for one in reduced):
            return goods
        # one division at the end keeps amounts exact that are whole cents
        whole = subtotal(reduced) * (1 - self.rate)
        return goods * (whole - self._taken_off) / whole

    @cached_property
    def _taken_off(self) -> Decimal:
        """Give what the promotion took off: what should have been paid, less what was."""
        if "promotionCode" not in self.order:
            return Decimal(0)
        service = self.order.get("shipping", {}).get("service", "standard")
        due = subtotal(self.sales) * (1 - self.rate) + FEES[service]
        return max(due - money(self.payment["amount"]), Decimal(0))

    @cached_property
    def _reduced(self) -> tuple[Sale, ...]:
        """Give the goods that the promotion made cheaper: those that it is for, or else all."""
        if not self._taken_off:
            return ()
        chosen = tuple(
            s for s in self.sales if self.promotion and is_for(self.promotion, s.product)
        )
        covers = subtotal(chosen) * (1 - self.rate) >= self._taken_off
        return chosen if covers else self.sales


def read_purchase(world: WorldState, order: Row, payment: Row) -> Purchase:
    customer = world.get("customer", order["customerId"])
    products = ((world.get("product", line["productId"]), line) for line in order["lineItems"])
    return Purchase(
        order=order,
        payment=payment,
        sales=tuple(Sale(product, line["qty"]) for product, line in products if product),
        rate=loyalty_rate(world, customer["loyaltyTier"]) if customer else Decimal(0),
        promotion=_promotion(world, order),
    )


def _promotion(world: WorldState, order: Row) -> Row | None:
    """Find the promotion of an order: the one that ran when it was placed, else the latest."""
    named = promotions_named(world, order.get("promotionCode", ""))
    ran = [promotion for promotion in named if runs_at(promotion, order["createdAt"])]
    return next(reversed(ran or named), None)
