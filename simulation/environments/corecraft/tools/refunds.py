"""Find refunds."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Refund
from simulation.environments.corecraft.tools.conditions import between, every, within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore
from simulation.environments.corecraft.tools.payments import payments_of
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
        "paymentId": payments_of(world, payment_id, order_id, customer_id),
        "ticketId": ticket_id,
        "status": status,
        "reason": reason,
    }
    return world.search("refund", order=NEWEST, equals=equals, where=where, limit=limit)


def _amount(row: Row) -> float:
    amount: float = row["amount"]
    return amount
