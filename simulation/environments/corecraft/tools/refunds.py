"""Find refunds."""

from collections.abc import Collection

from simulation.entities import Row
from simulation.environments.corecraft.models import Refund
from simulation.environments.corecraft.tools.conditions import between, every, within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id, Money


@tool(writes=False)
def search_refunds(
    world: WorldState,
    *,
    refund_id: Id | None = None,
    payment_id: Id | None = None,
    order_id: Id | None = None,
    customer_id: Id | None = None,
    ticket_id: Id | None = None,
    status: OneOrMore[Refund.Status] | None = None,
    reason: OneOrMore[Refund.Reason] | None = None,
    min_amount: Money | None = None,
    max_amount: Money | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    processed_after: After | None = None,
    processed_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find refunds; all conditions given must hold. Sorted newest first.

    order_id: the order whose payment is refunded
    customer_id: who paid for it
    min_amount: USD, inclusive
    max_amount: USD, inclusive
    """
    where = every(
        between(_amount, min_amount, max_amount),
        within("createdAt", created_after, created_before),
        within("processedAt", processed_after, processed_before),
    )
    equals = {
        "id": refund_id,
        "paymentId": _payments(world, payment_id, order_id, customer_id),
        "ticketId": ticket_id,
        "status": status,
        "reason": reason,
    }
    return world.search("refund", order=NEWEST, equals=equals, where=where, limit=limit)


def _payments(
    world: WorldState, payment_id: str | None, order_id: str | None, customer_id: str | None
) -> Collection[str] | None:
    """Give the ids of the payments that meet all conditions given; None when none is given."""
    found: list[set[str]] = []
    if payment_id is not None:
        found.append({payment_id})
    if order_id is not None:
        found.append({row["id"] for row in world.find("payment", "orderId", order_id)})
    if customer_id is not None:
        found.append(_payments_by(world, customer_id))
    return set.intersection(*found) if found else None


def _payments_by(world: WorldState, customer_id: str) -> set[str]:
    """Give the payments of a customer: his own, and those without a payer on his orders."""
    orders = world.find("order", "customerId", customer_id)
    of_orders = (row for order in orders for row in world.find("payment", "orderId", order["id"]))
    unnamed = {row["id"] for row in of_orders if "customerId" not in row}
    return unnamed | {row["id"] for row in world.find("payment", "customerId", customer_id)}


def _amount(row: Row) -> float:
    amount: float = row["amount"]
    return amount
