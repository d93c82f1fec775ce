"""The statuses of orders and payments, told from what happened to them."""

import datetime as dt

from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.records import Order

_SHIPPED = ("in_transit", "out_for_delivery", "delivered", "exception", "lost")


def settle(draft: Draft) -> None:
    """Write status and time of the last change into every order and its payment."""
    for order in draft.orders:
        order.status = _status(order)
        order.updated = max(_changes(order))
        if order.payment.status == "captured":
            order.payment.status = _money(order)


def returned(order: Order) -> str:
    """Tell whether all, some or none of the goods were refunded."""
    back = [line for refund in order.refunds if _counts(refund.status) for line in refund.lines]
    if not back:
        return "none"
    bought = sum(line.qty for line in order.lines)
    return "all" if sum(line.qty for line in back) >= bought else "some"


def _counts(status: str) -> bool:
    return status in ("approved", "processed")


def _money(order: Order) -> str:
    return {"all": "refunded", "some": "partially_refunded", "none": "captured"}[returned(order)]


def _status(order: Order) -> str:
    if order.cancelled:
        return "cancelled"
    if order.refunds:
        return _after_return(order)
    if order.fate == "backorder":
        return "backorder"
    if order.payment.status == "pending":
        return "pending"
    moved = order.shipment is not None and order.shipment.status in _SHIPPED
    return "fulfilled" if moved and order.fate != "paid_delivered" else "paid"


def _after_return(order: Order) -> str:
    waiting = any(refund.status in ("pending", "failed") for refund in order.refunds)
    usual = "refund_requested" if waiting else "fulfilled"
    return {"all": "refunded", "some": "partially_refunded", "none": usual}[returned(order)]


def _changes(order: Order) -> list[dt.datetime]:
    """Give when the order's row changed: payment, hand-over, cancellation, refunds."""
    found = [order.created, order.payment.processed, order.cancelled]
    found += [refund.created for refund in order.refunds if refund.status != "denied"]
    if order.status != "paid":
        found.append(order.picked_up)
    return [moment for moment in found if moment]
