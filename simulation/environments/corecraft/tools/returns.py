"""Take goods back: the refund, and the statuses that follow from it.

Impossible, a conflict, is to take back more than was ordered and is still out, and to give back
money that never came in or is gone. The 30 days, the condition of the goods and the status of the
order are policy: a cancelled order can be refunded if it was paid, a pending one cannot if not.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from simulation.entities import Row
from simulation.environments.corecraft.models import Order, Payment, Refund
from simulation.environments.corecraft.tools.parameters import ProductQuantities, ProductQuantity
from simulation.environments.corecraft.tools.purchases import Purchase, read_purchase
from simulation.environments.corecraft.tools.references import need_given
from simulation.environments.corecraft.tools.sales import Sale
from simulation.environments.corecraft.tools.settlements import (
    left_of,
    received_payment,
    refunds_that_count,
    returned,
)
from simulation.errors import Conflict
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import CENT, Id, amount, money

_STATUSES = {  # by whether everything has come back
    True: (Order.Status.REFUNDED, Payment.Status.REFUNDED),
    False: (Order.Status.PARTIALLY_REFUNDED, Payment.Status.PARTIALLY_REFUNDED),
}


@tool(writes=True)
def process_return(
    world: WorldState,
    *,
    order_id: Id,
    lines: ProductQuantities,
    reason: Refund.Reason,
    ticket_id: Id | None = None,
) -> dict[str, Any]:
    """Take goods of an order back: make an approved refund and set the statuses that follow.

    The refund is price × quantity less the loyalty discount and what a promotion took off these
    goods; shipping stays paid. Order and payment become refunded when everything has come back,
    partially_refunded before. Answers with the refund, the order and the payment.

    lines: what comes back, as it stands on the order: a bundle is one product
    ticket_id: the support ticket that asked for it
    """
    order = world.need("order", order_id, field="order_id")
    need_given(world, "support_ticket", ticket_id, field="ticket_id")
    back = _taken_back(world, lines)
    payment = received_payment(world, order)
    purchase = read_purchase(world, order, payment)
    is_complete = _check_quantities(world, purchase, back)
    fields = {
        "paymentId": payment["id"],
        "ticketId": ticket_id,
        "amount": _owed(world, purchase, back),
        "reason": reason,
        "status": Refund.Status.APPROVED,
        "lines": [_refund_line(purchase, sale) for sale in back],
    }
    order_status, payment_status = _STATUSES[is_complete]
    return {
        "refund": world.create("refund", fields),
        "order": world.update("order", order_id, {"status": order_status}),
        "payment": world.update("payment", payment["id"], {"status": payment_status}),
    }


def _taken_back(world: WorldState, lines: Sequence[ProductQuantity]) -> list[Sale]:
    """Join the lines of one product."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts[line.product_id] += line.qty
    return [Sale(world.need("product", key, field="lines"), qty) for key, qty in counts.items()]


def _check_quantities(world: WorldState, purchase: Purchase, back: Sequence[Sale]) -> bool:
    """Tell whether everything has come back with this. Raises Conflict for more than is out."""
    before, coming = returned(world, purchase.order), _by_sku(back)
    ordered = _by_sku(purchase.sales)
    for sale in back:
        key, sku = sale.product["id"], sale.product["sku"]
        bought = purchase.bought[key]
        if not bought:
            raise Conflict(
                f"{key} is not on order {purchase.order['id']};"
                f" on it are {', '.join(purchase.bought)}",
                field="lines",
            )
        if sale.qty > bought or coming[sku] > ordered[sku] - before[sku]:
            raise Conflict(
                f"{sale.qty} of {key} cannot come back: {bought} ordered,"
                f" {before[sku]} returned before",
                field="lines",
            )
    return all(ordered[sku] <= before[sku] + coming[sku] for sku in ordered) and purchase.is_known


def _by_sku(sales: Sequence[Sale]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for sale in sales:
        counts[sale.product["sku"]] += sale.qty
    return counts


def _owed(world: WorldState, purchase: Purchase, back: Sequence[Sale]) -> float:
    """Give the amount of the refund. Raises Conflict when the payment does not cover it.

    Several returns may each be rounded up; the last one does not fail for these cents.
    """
    payment, left = purchase.payment, left_of(world, purchase.payment)
    owed = money(amount(purchase.paid_for(back)))
    cents = CENT * len(refunds_that_count(world, payment))
    if owed > left + cents:
        raise Conflict(
            f"{owed} USD are more than the {left} USD that are left of payment {payment['id']}",
            field="lines",
        )
    if min(owed, left) <= 0:
        raise Conflict("nothing was paid for these goods that could go back", field="lines")
    return amount(min(owed, left))


def _refund_line(purchase: Purchase, sale: Sale) -> Row:
    one = purchase.paid_for([Sale(sale.product, 1)])
    return {"sku": sale.product["sku"], "qty": sale.qty, "amount": amount(one)}
