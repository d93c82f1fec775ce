"""Find refunds, and give money back.

Whether a payment was captured is for policy to ask, not for the tool: a refund of a failed payment
can be recorded, as a denied one is.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from simulation.entities import Row
from simulation.environments.corecraft.models import Refund
from simulation.environments.corecraft.models.orders import RefundLine
from simulation.environments.corecraft.tools.conditions import between, every, within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore, Quantity
from simulation.environments.corecraft.tools.payments import payments_of
from simulation.environments.corecraft.tools.references import need_given
from simulation.environments.corecraft.tools.settlements import left_of
from simulation.errors import Conflict, NotFound
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id, Money, PositiveMoney, UnsignedMoney, money


class RefundedArticle(RefundLine):
    """What is refunded for so many of one article."""

    sku: Id
    qty: Quantity
    amount: Annotated[UnsignedMoney, Field(description="USD for one of them")]


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


@tool(writes=True, toolsets=())
def create_refund(
    world: WorldState,
    *,
    payment_id: Id,
    amount: PositiveMoney,
    reason: Refund.Reason,
    status: Refund.Status = Refund.Status.PENDING,
    ticket_id: Id | None = None,
    lines: list[RefundedArticle] | None = None,
) -> Row:
    """Make a refund; the payment and its order stay as they are. Answers with the refund.

    amount: USD, up to what is left of the payment: its amount less its refunds that were neither
        denied nor failed
    status: a processed refund is paid out now
    ticket_id: the support ticket that asked for it
    lines: the articles that it is for, by SKU; they count as returned
    """
    payment = world.need("payment", payment_id, field="payment_id")
    need_given(world, "support_ticket", ticket_id, field="ticket_id")
    _need_articles(world, lines or [])
    left = left_of(world, payment)
    if money(amount) > left:
        raise Conflict(
            f"{amount} USD are more than the {left} USD that are left of payment {payment_id}",
            field="amount",
        )
    fields = {
        "paymentId": payment_id,
        "ticketId": ticket_id,
        "amount": amount,
        "reason": reason,
        "status": status,
        "lines": [line.model_dump() for line in lines] if lines else None,
        "processedAt": world.now if status == Refund.Status.PROCESSED else None,
    }
    return world.create("refund", fields)


def _need_articles(world: WorldState, lines: Sequence[RefundedArticle]) -> None:
    for line in lines:
        if not world.find("product", "sku", line.sku):
            raise NotFound(f"there is no product with the SKU {line.sku!r}", field="lines")


def _amount(row: Row) -> float:
    amount: float = row["amount"]
    return amount
