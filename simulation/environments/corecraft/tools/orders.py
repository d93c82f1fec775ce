"""Find orders, look at one with all that belongs to it, and move it on."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulation.entities import Row
from simulation.environments.corecraft.models import Order
from simulation.environments.corecraft.tools.conditions import within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id

_ORDER = {
    "id": "id",
    "customerId": "customer_id",
    "lineItems": "line_items",
    "status": "status",
    "shipping": "shipping",
    "buildId": "build_id",
    "promotionCode": "promotion_code",
    "failureReason": "failure_reason",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
}
_PAYMENT = {name: name for name in ("id", "amount", "method", "status")}
_SHIPMENT = {
    "id": "id",
    "trackingNumber": "tracking_number",
    "carrier": "carrier",
    "status": "status",
}
_CUSTOMER = {"name": "name", "email": "email", "loyaltyTier": "loyalty_tier"}
_TICKET = {name: name for name in ("id", "subject", "status", "createdAt")}


@tool(writes=False)
def search_orders(
    world: WorldState,
    *,
    order_id: Id | None = None,
    customer_id: Id | None = None,
    product_id: Id | None = None,
    status: OneOrMore[Order.Status] | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find orders; all conditions given must hold. Sorted newest first.

    product_id: a product on the order, as it was ordered: a bundle's parts are not looked for
    """
    where = within("createdAt", created_after, created_before)
    equals = {
        "id": order_id,
        "customerId": customer_id,
        "lineItems.productId": product_id,
        "status": status,
    }
    return world.search("order", order=NEWEST, equals=equals, where=where, limit=limit)


@tool(writes=False)
def get_order_details(world: WorldState, *, order_id: Id) -> dict[str, Any]:
    """Look at one order with its newest payment and shipment, its customer and all its tickets.

    Answers with summaries; tickets come newest first, and what there is none of is left out.
    """
    order = world.need("order", order_id, field="order_id")
    details: dict[str, Any] = {"order": _summary(order, _ORDER)}
    if payment := _newest(world.find("payment", "orderId", order_id)):
        details["payment"] = _summary(payment, _PAYMENT)
    if shipment := _newest(world.find("shipment", "orderId", order_id)):
        details["shipment"] = _summary(shipment, _SHIPMENT)
    if customer := world.get("customer", order["customerId"]):
        details["customer"] = _summary(customer, _CUSTOMER)
    tickets = NEWEST.sort(world.find("support_ticket", "orderId", order_id))
    details["tickets"] = [_summary(ticket, _TICKET) for ticket in tickets]
    return details


@tool(writes=True)
def update_order_status(world: WorldState, *, order_id: Id, status: Order.Status) -> Row:
    """Set the status of an order; its payment and refunds stay as they are.

    Answers with the order.
    """
    world.need("order", order_id, field="order_id")
    return world.update("order", order_id, {"status": status})


def _summary(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {shown: row[field] for field, shown in names.items() if field in row}


def _newest(rows: Iterable[Row]) -> Row | None:
    return next(iter(NEWEST.sort(rows)), None)
