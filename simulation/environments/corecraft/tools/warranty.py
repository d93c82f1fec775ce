"""Tell whether a product is still under warranty."""

import datetime as dt
from calendar import monthrange
from typing import Any

from simulation.entities import Row
from simulation.errors import Conflict, InvalidArgument
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Day, Id, Instant, read_day

USUAL_MONTHS = 12  # source: policy.md, "Warranty"


@tool(writes=False)
def check_warranty_status(
    world: WorldState,
    *,
    order_id: Id | None = None,
    product_id: Id | None = None,
    purchase_date: Day | Instant | None = None,
) -> dict[str, Any]:
    """Tell whether a product that somebody bought is under warranty today.

    Give the order, the product with its purchase_date, or the order and one of its products.
    Answers with is_under_warranty, warranty_end_date (the last day of the warranty) and
    days_remaining (days from today to that day, 0 when it is over). A warranty lasts the months
    of the product, 12 where it states none.

    order_id: the order that it was bought with
    product_id: needed when the order has several products; it must be on the order as it is
        written there: a bundle, not what is inside
    purchase_date: a date, or an instant, whose day in UTC counts; when left out, the day of
        the order
    """
    order = world.need("order", order_id, field="order_id") if order_id else None
    product = _product(world, order, product_id)
    end = _last_day(_bought(world, order, purchase_date), product.get("warrantyMonths"))
    left = (end - _today(world)).days
    return {
        "is_under_warranty": left >= 0,
        "warranty_end_date": end.isoformat(),
        "days_remaining": max(left, 0),
    }


def _product(world: WorldState, order: Row | None, product_id: str | None) -> Row:
    """Find the product that is meant, which must be on the order when one is given."""
    if product_id is None and order is None:
        raise InvalidArgument("give order_id, product_id or both", field="order_id")
    if product_id is None:
        product_id = _only_product(order or {})
    product = world.need("product", product_id, field="product_id")
    if order and product_id not in _products(order):
        raise Conflict(
            f"{product_id} is not on order {order['id']}; it has {', '.join(_products(order))}",
            field="product_id",
        )
    return product


def _only_product(order: Row) -> str:
    products = _products(order)
    if len(products) != 1:
        raise InvalidArgument(
            f"product_id is required: order {order['id']} has {', '.join(products) or 'none'}",
            field="product_id",
        )
    return products[0]


def _products(order: Row) -> list[str]:
    return list(dict.fromkeys(line["productId"] for line in order["lineItems"]))


def _bought(world: WorldState, order: Row | None, purchase_date: str | None) -> dt.date:
    """Give the day of the purchase in UTC."""
    if purchase_date is None and order is None:
        raise InvalidArgument(
            "purchase_date is required when no order_id is given", field="purchase_date"
        )
    day = read_day((purchase_date or (order or {})["createdAt"])[:10])
    if day > _today(world):
        raise InvalidArgument(
            f"purchase_date: {day} lies after today, {_today(world)}", field="purchase_date"
        )
    return day


def _today(world: WorldState) -> dt.date:
    return read_day(world.now[:10])


def _last_day(bought: dt.date, months: int | None) -> dt.date:
    """Count the months on from a day; where the month is too short, its last day is the end."""
    years, month = divmod(bought.month - 1 + (USUAL_MONTHS if months is None else months), 12)
    year = bought.year + years
    if year > dt.MAXYEAR:
        return dt.date.max
    return dt.date(year, month + 1, min(bought.day, monthrange(year, month + 1)[1]))
