"""The world of the generator, and what its tests ask of it."""

import datetime as dt
import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from simulation.environments.corecraft import generator

RATES = {"none": "0", "silver": "0.05", "gold": "0.10", "platinum": "0.15"}
FEES = {"standard": "9.99", "express": "19.99", "overnight": "39.99"}
SERVICES = {
    "ups_ground": "standard",
    "usps_ground": "standard",
    "fedex_express": "express",
    "fedex_overnight": "overnight",
}
OUTSTANDING = {"new", "open", "pending_customer"}
PREFIXES = {
    "order": "ord",
    "payment": "pay",
    "shipment": "ship",
    "refund": "ref",
    "support_ticket": "tick",
    "resolution": "res",
    "build": "build",
    "escalation": "esc",
}
WORLD = generator.generate()
Row = dict[str, Any]
ROWS = WORLD.entities


def noted(noise: str) -> set[str]:
    return {row["id"] for row in WORLD.manifest if row["noise"] == noise}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def days(first: str, second: str) -> int:
    return (day(second) - day(first)).days


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def price(product_id: str) -> Decimal:
    return Decimal(str(ROWS["product"][product_id]["price"]))


def rate(order: Row) -> Decimal:
    """Give what the customer's tier takes off a price."""
    return Decimal(RATES[ROWS["customer"][order["customerId"]]["loyaltyTier"]])


CODES = {promotion["code"]: promotion for promotion in ROWS["promotion"].values()}


def covers(promotion: Row, product_id: str) -> bool:
    if "productIds" in promotion:
        return product_id in promotion["productIds"]
    category = ROWS["product"][product_id]["category"]
    return "categories" not in promotion or category in promotion["categories"]


def covered(order: Row) -> Decimal:
    """Add up the prices of the goods on an order that its promotion is for."""
    promotion = CODES[order["promotionCode"]]
    lines = (line for line in order["lineItems"] if covers(promotion, line["productId"]))
    return sum((price(line["productId"]) * line["qty"] for line in lines), Decimal(0))


def taken_off(promotion: Row, goods: Decimal) -> Decimal:
    value = Decimal(str(promotion["value"]))
    return goods * value / 100 if promotion["kind"] == "percent" else min(value, goods)


def after_tier(order: Row) -> Decimal:
    lines = order["lineItems"]
    full = sum((price(line["productId"]) * line["qty"] for line in lines), Decimal(0))
    return full * (1 - rate(order))


def saved(order: Row) -> Decimal:
    """Give what the promotion took off beside the tier's discount, as calculatePrice has it."""
    promotion = CODES.get(order.get("promotionCode", ""))
    if promotion is None:
        return Decimal(0)
    if promotion["stacksWithLoyalty"]:
        return taken_off(promotion, covered(order) * (1 - rate(order)))
    loyalty = after_tier(order) / (1 - rate(order)) * rate(order)
    return max(taken_off(promotion, covered(order)) - loyalty, Decimal(0))


def goods(order: Row) -> Decimal:
    return after_tier(order) - saved(order)


def paid_for(order: Row, product_id: str) -> Decimal:
    """Give what one piece cost with its share of the promotion, by the rules of processReturn."""
    due, code = price(product_id) * (1 - rate(order)), order.get("promotionCode")
    if code is None or not covers(CODES[code], product_id):
        return due
    return due - saved(order) * price(product_id) / covered(order)


def by_order(kind: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in ROWS[kind].values():
        found[row["orderId"]].append(row)
    return found


PAYMENTS, SHIPMENTS = by_order("payment"), by_order("shipment")


def refunds_of(order_id: str) -> list[Row]:
    return [
        refund
        for refund in ROWS["refund"].values()
        if ROWS["payment"][refund["paymentId"]]["orderId"] == order_id
    ]


REFUNDS = {order_id: refunds_of(order_id) for order_id in ROWS["order"]}
SKUS = {product["sku"]: key for key, product in ROWS["product"].items()}


def newest_payment(order_id: str) -> Row:
    return max(PAYMENTS[order_id], key=lambda payment: payment["createdAt"])


def canonical(world: generator.GeneratedWorld) -> bytes:
    return json.dumps([world.entities, world.manifest], sort_keys=True).encode()


def purchases() -> dict[str, list[str]]:
    """Give (customer, when) of every order in time order by customer."""
    found = defaultdict(list)
    for order in ROWS["order"].values():
        found[order["customerId"]].append(order["createdAt"])
    return found
