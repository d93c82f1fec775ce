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


def share(order: Row) -> Decimal:
    """Give what a customer pays of a price."""
    return 1 - Decimal(RATES[ROWS["customer"][order["customerId"]]["loyaltyTier"]])


def goods(order: Row) -> Decimal:
    exact = sum((price(line["productId"]) * line["qty"] for line in order["lineItems"]), Decimal(0))
    return exact * share(order)


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
