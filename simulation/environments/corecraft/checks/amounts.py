"""What payments and refunds come to, computed from the orders that people make."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from simulation.entities import Row
from simulation.environments.corecraft.checks.prices import (
    ZERO,
    goods_of,
    promotion_of,
    totals,
    why_not,
)
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Correction, Places, amounts
from simulation.values import amount, money


@amounts
def promotions_that_hold(inspection: Inspection, new: Places) -> Iterator[Correction]:
    """An order has a promotion code only while that promotion is for it."""
    for order in _new(inspection, new, "order"):
        if "promotionCode" in order and not _holds(inspection, order):
            yield Correction("order", order["id"], "promotionCode", None)


@amounts
def payments_and_refunds(inspection: Inspection, new: Places) -> Iterator[Correction]:
    """A payment is what its order costs, and its refunds change in the same proportion."""
    for payment in _new(inspection, new, "payment"):
        due = _due(inspection, payment)
        if due is not None:
            yield Correction("payment", payment["id"], "amount", due)
            for refund in inspection.find("refund", "paymentId", payment["id"]):
                if ("refund", refund["id"]) in new:
                    yield from _refunded(inspection, refund, payment, due)


def _new(inspection: Inspection, new: Places, entity_type: str) -> list[Row]:
    found = (inspection.get(kind, key) for kind, key in sorted(new) if kind == entity_type)
    return [row for row in found if row is not None]


def _holds(inspection: Inspection, order: Row) -> bool:
    promotion, goods = promotion_of(inspection, order), goods_of(inspection, order["lineItems"])
    subtotal = sum((price for _, price in goods or ()), ZERO)
    return promotion is not None and not why_not(promotion, order, subtotal)


def _due(inspection: Inspection, payment: Row) -> float | None:
    """Give what a payment should be; None where that is not known, or it is so already."""
    order = inspection.get("order", payment["orderId"])
    due = totals(inspection, order) if order else set()
    return min(due) if due and payment["amount"] not in due else None


def _refunded(
    inspection: Inspection, refund: Row, payment: Row, due: float
) -> Iterator[Correction]:
    paid = money(payment["amount"])
    share = money(due) / paid if paid else ZERO
    lines = _lines(inspection, refund, payment, share)
    if "lines" in refund:
        yield Correction("refund", refund["id"], "lines", lines or None)
    total = sum((money(line["amount"]) * line["qty"] for line in lines), ZERO)
    yield Correction(
        "refund", refund["id"], "amount", amount(total or money(refund["amount"]) * share)
    )


def _lines(
    inspection: Inspection, refund: Row, payment: Row, share: Decimal
) -> Sequence[Mapping[str, Any]]:
    """Give the lines of a refund at other prices; none when one of them is not on the order."""
    order = inspection.get("order", payment["orderId"]) or {"lineItems": ()}
    bought = {
        product["sku"]: line["qty"]
        for line in order["lineItems"]
        if (product := inspection.get("product", line["productId"]))
    }
    lines = refund.get("lines", ())
    if any(line["qty"] > bought.get(line["sku"], 0) for line in lines):
        return ()
    return [{**line, "amount": amount(money(line["amount"]) * share)} for line in lines]
