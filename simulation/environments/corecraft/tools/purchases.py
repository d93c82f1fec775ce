"""What was paid for the goods of an order."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from simulation.entities import Row
from simulation.environments.corecraft.terms import FEES
from simulation.environments.corecraft.tools.promotions import (
    Discounts,
    discounts,
    is_for,
    promotions_named,
    runs_at,
)
from simulation.environments.corecraft.tools.sales import Sale, loyalty_rate, subtotal
from simulation.state import WorldState
from simulation.values import CENT, money


@dataclass(frozen=True)
class Purchase:
    """An order, the payment that settled it, and the goods at their prices of today.

    discounts: what tier and promotion took off the goods.
    reduced: the goods that the promotion made cheaper.
    """

    order: Row
    payment: Row
    sales: tuple[Sale, ...]
    discounts: Discounts
    reduced: tuple[Sale, ...]

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

    def paid_for(self, sales: Iterable[Sale]) -> Decimal:
        """Give what was paid for some of the goods: less the tier's rate and their promotion."""
        parts = (Fraction(sale.goods) * self._share(sale.product) for sale in sales)
        exact = sum(parts, Fraction(0)) * Fraction(1 - self.discounts.rate)
        return Decimal(exact.numerator) / exact.denominator

    def _share(self, product: Row) -> Fraction:
        """Give the share of a product's price that the promotion left; thirds stay exact."""
        if all(product["id"] != each.product["id"] for each in self.reduced):
            return Fraction(1)
        whole = subtotal(self.reduced) * (1 - self.discounts.rate)
        return 1 - Fraction(self.discounts.taken) / Fraction(whole)


def read_purchase(world: WorldState, order: Row, payment: Row) -> Purchase:
    products = ((world.get("product", line["productId"]), line) for line in order["lineItems"])
    sales = tuple(Sale(product, line["qty"]) for product, line in products if product)
    promotion = _promotion(world, order)
    taken = discounts(promotion, sales, _rate(world, order))
    if "promotionCode" in order:
        taken = _as_paid(taken, sales, order, payment)
    return Purchase(order, payment, sales, taken, _reduced(promotion, sales, taken))


def _rate(world: WorldState, order: Row) -> Decimal:
    customer = world.get("customer", order["customerId"])
    return loyalty_rate(world, customer["loyaltyTier"]) if customer else Decimal(0)


def _promotion(world: WorldState, order: Row) -> Row | None:
    """Find the promotion of an order: the one that ran when it was placed, else the latest."""
    named = promotions_named(world, order.get("promotionCode", ""))
    ran = [promotion for promotion in named if runs_at(promotion, order["createdAt"])]
    return next(reversed(ran or named), None)


def _as_paid(taken: Discounts, sales: tuple[Sale, ...], order: Row, payment: Row) -> Discounts:
    """Give what a promotion took off: by its rule, or what is missing where less or more was paid.

    An order that does not say how it was shipped is taken for a standard one.
    """
    service = order.get("shipping", {}).get("service", "standard")
    goods = subtotal(sales) * (1 - taken.rate)
    missing = goods + FEES[service] - money(payment["amount"])
    if abs(missing - taken.taken) <= CENT / 2:
        return taken
    return Discounts(taken.rate, max(min(missing, goods), Decimal(0)))


def _reduced(promotion: Row | None, sales: tuple[Sale, ...], taken: Discounts) -> tuple[Sale, ...]:
    """Give the goods that the promotion made cheaper: those that it is for, or else all."""
    if not taken.taken:
        return ()
    chosen = tuple(sale for sale in sales if promotion and is_for(promotion, sale.product))
    covers = subtotal(chosen) * (1 - taken.rate) >= taken.taken
    return chosen if covers else sales
