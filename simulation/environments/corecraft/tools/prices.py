"""What goods cost: their subtotal, the discounts on it, and shipping. Exact until it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from simulation.entities import Row
from simulation.environments.corecraft.models import Customer
from simulation.environments.corecraft.terms import FEES
from simulation.environments.corecraft.tools.parameters import Quantity, Text
from simulation.environments.corecraft.tools.promotions import (
    check_applies,
    discounts,
    running_promotion,
)
from simulation.environments.corecraft.tools.sales import Sale, loyalty_rate, subtotal
from simulation.errors import InvalidArgument
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import MAX_AMOUNT, Id, amount

Service = Literal["standard", "express", "overnight"]


@dataclass(frozen=True, slots=True)
class Price:
    """What somebody pays, in USD and exact: each figure is rounded by itself when it is written."""

    subtotal: Decimal
    discount: Decimal
    shipping: Decimal

    @property
    def total(self) -> Decimal:
        return self.subtotal - self.discount + self.shipping


@tool(writes=False)
def calculate_price(
    world: WorldState,
    *,
    product_ids: Annotated[list[Id], Field(min_length=1)],
    quantities: list[Quantity] | None = None,
    loyalty_tier: Customer.Tier = Customer.Tier.NONE,
    promotion_code: Text | None = None,
    shipping_service: Service = "standard",
) -> dict[str, float]:
    """Calculate what products cost now: subtotal, discount, shipping and total in USD.

    The tier's rate is taken off the subtotal. A promotion that stacks with loyalty is taken off
    the rest, of any other the larger of the two discounts counts. Shipping is never discounted.

    quantities: how many of each product, in the order of product_ids; one of each when left out
    loyalty_tier: the tier of the buyer
    promotion_code: case is ignored; the promotion must run now and apply to these products
    """
    counts = [1] * len(product_ids) if quantities is None else quantities
    if len(counts) != len(product_ids):
        raise InvalidArgument(
            f"quantities: expected {len(product_ids)}, one for each of product_ids,"
            f" got {len(counts)}",
            field="quantities",
        )
    sales = [
        Sale(world.need("product", product_id, field="product_ids"), count)
        for product_id, count in zip(product_ids, counts, strict=True)
    ]
    promotion = running_promotion(world, promotion_code) if promotion_code else None
    price = price_of(world, sales, loyalty_tier, promotion, shipping_service)
    return {
        "subtotal": amount(price.subtotal),
        "discount": amount(price.discount),
        "shipping": amount(price.shipping),
        "total": amount(price.total),
    }


def price_of(
    world: WorldState, sales: Sequence[Sale], tier: str, promotion: Row | None, service: str
) -> Price:
    """Price goods. Raises Conflict when the promotion does not apply to them."""
    goods = subtotal(sales)
    if goods > MAX_AMOUNT - max(FEES.values()):
        raise InvalidArgument(f"these goods cost more than {MAX_AMOUNT} USD: order fewer of them")
    if promotion:
        check_applies(promotion, sales)
    taken = discounts(promotion, sales, loyalty_rate(world, tier))
    return Price(goods, taken.of(sales), FEES[service])
