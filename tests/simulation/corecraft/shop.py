"""A shop with stock, tiers, promotions and orders in every state, for the tools that write."""

from typing import Any

from simulation.snapshots import from_document
from simulation.state import WorldState

from .worlds import (
    AFTER_CLOCK,
    AGENT,
    AUSTIN,
    BERLIN,
    NOW,
    Row,
    document,
    make_customer,
    make_employee,
    make_order,
    make_payment,
    make_product,
    make_refund,
    make_ticket,
)

WHEN = "2025-09-01T10:00:00Z"
PAST, FUTURE = "2025-08-01T00:00:00Z", "2025-10-01T00:00:00Z"
BEFORE_CLOCK = "2025-09-15T18:59:59.999Z"


def make_tier(name: str, rate: float) -> Row:
    return {"name": name, "discountRate": rate, "minimumYearlySpend": 0, "benefits": []}


def make_promotion(code: str, kind: str, value: float, **fields: Any) -> Row:
    return {
        "code": code,
        "name": code.title(),
        "kind": kind,
        "value": value,
        "startsAt": PAST,
        "endsAt": FUTURE,
        "stacksWithLoyalty": True,
        **fields,
    }


def make_level(product_id: str, warehouse: str, on_hand: int, reserved: int) -> Row:
    return {
        "productId": product_id,
        "warehouse": warehouse,
        "onHand": on_hand,
        "reserved": reserved,
        "reorderPoint": 1,
    }


def line(product_id: str, qty: int = 1) -> Row:
    return {"productId": product_id, "qty": qty}


def ordered(customer: str, *lines: Row, service: str = "standard", **fields: Any) -> Row:
    carrier = {"standard": "UPS Ground", "express": "FedEx Express"}[service]
    shipping = {"address": AUSTIN, "carrier": carrier, "service": service}
    return make_order(
        customer,
        WHEN,
        lineItems=list(lines),
        **{"shipping": shipping, "status": "fulfilled"} | fields,
    )


def article(name: str, price: float, stock: int, sku: str, **fields: Any) -> Row:
    return make_product(name, price=price, stock=stock, sku=sku, **fields)


BACKORDERABLE = {"inStock": 0, "backorderable": True}
SET = {
    "components": [{"componentId": "gpu", "qty": 1}, {"componentId": "mouse", "qty": 1}],
    "discount": {"type": "fixed", "value": 19.95},
}
CUSTOMERS = {
    "ann-none-1": make_customer("Ann None", addresses=[AUSTIN]),
    "gus-gold-2": make_customer(
        "Gus Gold", loyaltyTier="gold", addresses=[{**AUSTIN, "label": "other"}, BERLIN, AUSTIN]
    ),
    "pia-plat-4": make_customer("Pia Plat", loyaltyTier="platinum"),
    "sil-silver-3": make_customer("Sil Silver", loyaltyTier="silver"),
    "tom-tent-5": make_customer("Tom Tent", addresses=[]),
}
PRODUCTS = {
    "cable": article("Cord Cable", 0.05, 0, "CAB", category="cable", inventory=BACKORDERABLE),
    "chip": article("Clay Chip", 100.0, 2, "CPU", inventory={"inStock": 2, "backorderable": True}),
    "future": make_product("Soon Thing", sku="NEW", createdAt=AFTER_CLOCK),
    "gpu": article("Vast GPU", 300.0, 5, "GPU", category="gpu"),
    "left": article("Left Twin", 20.0, 9, "TWIN"),
    "mouse": article("Kes Mouse", 39.95, 1, "MOU"),
    "right": article("Right Twin", 20.0, 9, "TWIN"),
    "set": article("Good Set", 320.0, 2, "SET", category="bundle", specs={"bundle": SET}),
}
LEVELS = {
    "chip-reno": make_level("chip", "Reno", 3, 1),
    "gpu-dallas": make_level("gpu", "Dallas", 3, 1),
    "gpu-reno": make_level("gpu", "Reno", 4, 1),
    "mouse-austin": make_level("mouse", "Austin", 2, 2),
    "mouse-reno": make_level("mouse", "Reno", 1, 0),
}
PROMOTIONS = {
    "again-1": make_promotion("AGAIN", "percent", 90, endsAt=WHEN),
    "again-2": make_promotion("Again", "fixed", 1, startsAt=WHEN),
    "all": make_promotion("ALL", "percent", 100),
    "beg": make_promotion("BEGINS", "fixed", 2, startsAt=NOW),
    "deal": make_promotion("DEAL", "percent", 20, stacksWithLoyalty=False),
    "deals": make_promotion("DEALS", "fixed", 150, categories=["gpu"], stacksWithLoyalty=False),
    "ends": make_promotion("ENDS", "fixed", 3, endsAt=NOW),
    "five": make_promotion("FIVE", "fixed", 5.0),
    "gpus": make_promotion("GPUS", "percent", 50, categories=["gpu"]),
    "hid": make_promotion("HIDDEN", "percent", 50, createdAt=AFTER_CLOCK),
    "mice": make_promotion("MICE", "fixed", 100, productIds=["mouse"]),
    "min": make_promotion("BIG", "fixed", 10, minimumSubtotal=300.0),
    "much": make_promotion("MUCH", "fixed", 10, minimumSubtotal=40.0, productIds=["mouse"]),
    "over": make_promotion("OVER", "percent", 10, endsAt=BEFORE_CLOCK),
    "part": make_promotion("PART", "bundle", 30, productIds=["gpu", "mouse"]),
    "soon": make_promotion("SOON", "percent", 10, startsAt=AFTER_CLOCK),
    "strasse": make_promotion("STRASSE", "fixed", 1),
    "ten": make_promotion("TEN", "percent", 10),
    "tiny": make_promotion("TINY", "percent", 1, stacksWithLoyalty=False),
    "two": make_promotion("TWO", "percent", 20, categories=["cable"], productIds=["mouse"]),
}
ORDERS = {
    "bundled": ordered("ann-none-1", line("set")),
    "cancelled": ordered("ann-none-1", line("mouse"), status="cancelled"),
    "cents": ordered("gus-gold-2", line("cable", 3)),
    "cut": ordered("ann-none-1", line("gpu"), line("mouse"), promotionCode="GPUS"),
    "dealt": ordered("gus-gold-2", line("gpu"), line("mouse"), promotionCode="DEALS"),
    "free": ordered("ann-none-1", line("mouse"), promotionCode="MICE"),
    "gold": ordered("gus-gold-2", line("gpu", 2), line("mouse", 3)),
    "gone": ordered("ann-none-1", line("gpu"), line("mouse"), promotionCode="GONE"),
    "hidden": ordered("ann-none-1", line("future"), line("mouse")),
    "plain": ordered("ann-none-1", line("gpu", 2), line("mouse")),
    "refused": ordered("ann-none-1", line("mouse"), status="pending"),
    "split": ordered("ann-none-1", line("mouse"), line("gpu"), line("mouse", 2)),
    "ten": ordered(
        "gus-gold-2", line("gpu"), line("mouse"), service="express", promotionCode="ten"
    ),
    "tried": ordered("ann-none-1", line("mouse", 4)),
    "twins": ordered("ann-none-1", line("left", 2), line("right")),
    "unpaid": ordered("ann-none-1", line("mouse"), status="pending"),
    "waived": ordered("ann-none-1", line("mouse", 2)),
}


def paid(order_id: str, amount: float, status: str = "captured", at: str = WHEN) -> Row:
    return make_payment(order_id, at, amount=amount, status=status)


PAYMENTS = {
    "pay-bundled": paid("bundled", 329.99),
    "pay-cancelled": paid("cancelled", 49.94),
    "pay-cents": paid("cents", 0.14),
    "pay-cut": paid("cut", 199.94),
    "pay-dealt": paid("dealt", 199.94),
    "pay-free": paid("free", 9.99),
    "pay-gold": paid("gold", 657.86),
    "pay-gone": paid("gone", 315.95),
    "pay-hidden": paid("hidden", 59.94),
    "pay-plain": paid("plain", 649.94),
    "pay-refused": paid("refused", 49.94, "failed"),
    "pay-split": paid("split", 429.84),
    "pay-ten": paid("ten", 295.35),
    "pay-tried-1": paid("tried", 169.79, "failed", at="2025-09-03T00:00:00Z"),
    "pay-tried-2": paid("tried", 169.79, "partially_refunded"),
    "pay-twins": paid("twins", 69.99),
    "pay-waived": paid("waived", 89.89),
    "pay-refused-2": paid("refused", 49.94, "pending", at="2025-09-02T00:00:00Z"),
}


def refunded(payment_id: str, status: str, amount: float, **fields: Any) -> Row:
    return make_refund(payment_id, WHEN, status=status, amount=amount, **fields)


ONE_MOUSE = [{"sku": "MOU", "qty": 1, "amount": 39.95}]
REFUNDS = {
    "ref-tried-1": refunded("pay-tried-2", "denied", 39.95, lines=ONE_MOUSE),
    "ref-tried-2": refunded("pay-tried-2", "failed", 39.95, lines=ONE_MOUSE),
    "ref-tried-3": refunded("pay-tried-2", "pending", 39.95, lines=ONE_MOUSE),
    "ref-tried-4": refunded("pay-tried-1", "processed", 39.95, lines=ONE_MOUSE),
    "ref-waived": refunded("pay-waived", "processed", 50.0),
}
BUILDS = {
    "build-250901-001": {
        "ownerType": "internal",
        "componentIds": ["chip"],
        "name": "Test bench",
        "createdAt": WHEN,
        "updatedAt": WHEN,
    }
}
CHANNELS = {
    "c-1": {"name": "Support-Desk", "purpose": "Questions", "members": [AGENT]},
    "c-2": {"name": "support-desk", "purpose": "The same name again", "members": []},
    "c-3": {"name": "Straße", "purpose": "Deliveries", "members": []},
}
TICKETS = {"tick-250902-001": make_ticket("ann-none-1", WHEN, orderId="plain")}
ENTITIES = {
    "build": BUILDS,
    "customer": CUSTOMERS,
    "employee": {AGENT: make_employee("Ada Agent")},
    "inventory_level": LEVELS,
    "loyalty_tier": {"gold": make_tier("Gold", 0.1), "t-1": make_tier("Silver", 0.05)},
    "order": ORDERS,
    "payment": PAYMENTS,
    "product": PRODUCTS,
    "promotion": PROMOTIONS,
    "refund": REFUNDS,
    "slack_channel": CHANNELS,
    "support_ticket": TICKETS,
}
SNAPSHOT = from_document(document(ENTITIES), frozen=True)


def changes(world: WorldState) -> dict[str, Any]:
    """Give what became of the world, row by row: new rows whole, others as field: (old, new)."""
    return {
        change.id: {name: (old, new) for name, old, new in change.fields}
        if change.before
        else change.after
        for change in world.diff()
    }
