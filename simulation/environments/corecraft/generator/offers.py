"""Campaigns as the shop counts them: what they are for and what they take off."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.texts import slug

Goods = Sequence[tuple[Product, int]]


@dataclass(frozen=True, eq=False)
class Offer:
    """One campaign. share: how many percent of those who could give its code do."""

    code: str
    name: str
    kind: str
    value: Decimal
    starts: dt.datetime
    ends: dt.datetime
    created: dt.datetime
    stacks: bool
    minimum: Decimal = Decimal(0)
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    share: Decimal = Decimal(0)
    first_order: bool = False

    @property
    def id(self) -> str:
        return slug(self.code)

    def covers(self, product: Product) -> bool:
        if self.products:
            return product.id in self.products
        return not self.categories or product.category in self.categories

    def off(self, goods: Decimal) -> Decimal:
        """Give what is taken off goods that it covers, not rounded yet."""
        return goods * self.value / 100 if self.kind == "percent" else min(self.value, goods)

    def fulfilled_by(self, goods: Goods) -> bool:
        """Tell whether these goods meet its conditions; what it does not cover does not count."""
        covered = [product for product, _ in goods if self.covers(product)]
        whole = self.kind != "bundle" or len(covered) == len(self.products)
        return bool(covered) and whole and _sum(goods, self) >= self.minimum


@dataclass(frozen=True)
class Bill:
    """What goods cost a customer. kept: the share of prices that the tier leaves, taken: USD off.

    An offer that does not stack with the tier's discount counts where it is the larger of the two.
    """

    kept: Decimal
    taken: Decimal = Decimal(0)
    covered: Decimal = Decimal(0)
    offer: Offer | None = None

    def cost(self, goods: Goods) -> Decimal:
        """Give what all or some of the goods cost, each with its share of the offer."""
        cost = _sum(goods) * self.kept
        if self.offer is None or not self.taken:
            return cost
        return cost - self.taken * _sum(goods, self.offer) / self.covered


def bill(goods: Goods, rate: Decimal, offer: Offer | None) -> Bill:
    """Tell what tier and offer take off all goods of an order, not rounded yet."""
    loyal = Bill(1 - rate)
    if offer is None:
        return loyal
    covered = _sum(goods, offer)
    if offer.stacks:
        return Bill(loyal.kept, offer.off(covered * loyal.kept), covered, offer)
    alone = Bill(Decimal(1), offer.off(covered), covered, offer)
    return alone if alone.taken > _sum(goods) * rate else loyal


def _sum(goods: Goods, offer: Offer | None = None) -> Decimal:
    """Add up the prices, of the goods that an offer covers where one is given."""
    counted = (
        product.price * qty for product, qty in goods if offer is None or offer.covers(product)
    )
    return sum(counted, Decimal(0))
