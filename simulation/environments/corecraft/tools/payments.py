"""Find payments."""

from collections.abc import Collection

from simulation.entities import Row
from simulation.environments.corecraft.models import Payment
from simulation.environments.corecraft.tools.conditions import every, within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


@tool(writes=False)
def search_payments(
    world: WorldState,
    *,
    payment_id: Id | None = None,
    order_id: Id | None = None,
    customer_id: Id | None = None,
    method: OneOrMore[Payment.Method] | None = None,
    status: OneOrMore[Payment.Status] | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    processed_after: After | None = None,
    processed_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find payments; all conditions given must hold. Sorted newest first.

    order_id: the order that is paid for
    customer_id: who paid; where a payment names nobody, who ordered
    """
    where = every(
        within("createdAt", created_after, created_before),
        within("processedAt", processed_after, processed_before),
    )
    equals = {
        "id": payments_of(world, payment_id, order_id, customer_id),
        "method": method,
        "status": status,
    }
    return world.search("payment", order=NEWEST, equals=equals, where=where, limit=limit)


def payments_of(
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
