"""Money that came in for an order, and how much of it and of the goods has gone back."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.models import Payment, Refund
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.errors import Conflict
from simulation.state import WorldState
from simulation.values import money

_CAME_TO_NOTHING = (Refund.Status.DENIED, Refund.Status.FAILED)
_CAME_IN = (
    Payment.Status.CAPTURED,
    Payment.Status.PARTIALLY_REFUNDED,
    Payment.Status.REFUNDED,
)


def refunds_that_count(world: WorldState, payment: Row) -> list[Row]:
    """Give the refunds of a payment that were neither denied nor failed."""
    refunds = world.find("refund", "paymentId", payment["id"])
    return [refund for refund in refunds if refund["status"] not in _CAME_TO_NOTHING]


def left_of(world: WorldState, payment: Row) -> Decimal:
    """Give what is left of a payment: its amount less its refunds that count, asked for or paid."""
    refunds = refunds_that_count(world, payment)
    return money(payment["amount"]) - sum((money(row["amount"]) for row in refunds), Decimal(0))


def received_payment(world: WorldState, order: Row) -> Row:
    """Give the newest payment of an order that brought in money. Raises Conflict without one."""
    payments = NEWEST.sort(world.find("payment", "orderId", order["id"]))
    for payment in payments:
        if payment["status"] in _CAME_IN:
            return payment
    found = ", ".join(f"{payment['id']} is {payment['status']}" for payment in payments)
    raise Conflict(
        f"nothing was paid for order {order['id']}: {found or 'it has no payment'}",
        field="order_id",
    )


def returned(world: WorldState, order: Row) -> Counter[str]:
    """Count by SKU what came back of an order, or is on its way: the lines of refunds that count.

    A refund without lines is money alone.
    """
    counts: Counter[str] = Counter()
    for line in _refunded_lines(world, order):
        counts[line["sku"]] += line["qty"]
    return counts


def _refunded_lines(world: WorldState, order: Row) -> Iterator[Row]:
    for payment in world.find("payment", "orderId", order["id"]):
        for refund in refunds_that_count(world, payment):
            yield from refund.get("lines", ())
