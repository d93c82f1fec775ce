"""Refunds: never more than was paid, never more than was bought."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.terms import NOT_COUNTED
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import CENT, instant_key, money

HALF_CENT = CENT / 2


@rule()
def refunds_stay_within_the_payment(inspection: Inspection) -> Iterator[Breach]:
    """The refunds of a payment that are neither denied nor failed are no more than the payment."""
    for payment in inspection.rows("payment"):
        refunds = _counted(inspection, payment)
        total = sum((money(refund["amount"]) for refund in refunds), Decimal(0))
        if total > money(payment["amount"]):
            sentence = f"{total} USD is refunded of the {payment['amount']:.2f} USD that was paid"
            yield Breach("payment", payment["id"], "amount", sentence)


@rule()
def refunds_are_the_sum_of_their_lines(inspection: Inspection) -> Iterator[Breach]:
    """A refund is quantity × amount of its lines, to half a cent for each piece."""
    for refund in inspection.rows("refund"):
        lines = refund.get("lines", ())
        total = sum((line["qty"] * money(line["amount"]) for line in lines), Decimal(0))
        tolerance = HALF_CENT * (1 + sum(line["qty"] for line in lines))
        if lines and abs(total - money(refund["amount"])) > tolerance:
            sentence = f"{refund['amount']:.2f} USD, but the lines make {total.quantize(CENT)} USD"
            yield Breach("refund", refund["id"], "amount", sentence)


@rule()
def refunds_are_of_what_was_bought(inspection: Inspection) -> Iterator[Breach]:
    """No more of an article is refunded than the order holds, all its refunds together."""
    for order in inspection.rows("order"):
        bought = _bought(inspection, order)
        returned: Counter[str] = Counter()
        for refund in _refunds_of(inspection, order):
            returned.update(_pieces(refund))
            for sku in _pieces(refund):
                if returned[sku] > bought[sku]:
                    sentence = f"{returned[sku]} of {sku} refunded, {bought[sku]} on {order['id']}"
                    yield Breach("refund", refund["id"], "lines", sentence)


@rule()
def processed_refunds_say_when(inspection: Inspection) -> Iterator[Breach]:
    """A refund has a time of processing exactly when it is processed, after it was made."""
    for refund in inspection.rows("refund"):
        when, status = refund.get("processedAt"), refund["status"]
        if (when is None) is (status == "processed"):
            sentence = (
                "none, though it is processed" if when is None else f"{when}, though {status}"
            )
            yield Breach("refund", refund["id"], "processedAt", sentence)
        elif when and instant_key(when) < instant_key(refund["createdAt"]):
            sentence = f"{when} is before the refund was made, {refund['createdAt']}"
            yield Breach("refund", refund["id"], "processedAt", sentence)


@rule()
def refunds_answer_tickets_about_their_order(inspection: Inspection) -> Iterator[Breach]:
    """The ticket of a refund is about the order that was paid, as far as it names one."""
    for refund in inspection.rows("refund"):
        ticket = inspection.get("support_ticket", refund.get("ticketId")) or {}
        payment = inspection.get("payment", refund["paymentId"]) or {}
        about, paid = ticket.get("orderId"), payment.get("orderId")
        if about and paid and about != paid:
            sentence = f"{ticket['id']} is about {about}, but the refund is of {paid}"
            yield Breach("refund", refund["id"], "ticketId", sentence)


def _counted(inspection: Inspection, payment: Row) -> Sequence[Row]:
    refunds = inspection.find("refund", "paymentId", payment["id"])
    return [refund for refund in refunds if refund["status"] not in NOT_COUNTED]


def _refunds_of(inspection: Inspection, order: Row) -> Sequence[Row]:
    payments = inspection.find("payment", "orderId", order["id"])
    refunds = [refund for payment in payments for refund in _counted(inspection, payment)]
    return sorted(refunds, key=lambda refund: (instant_key(refund["createdAt"]), refund["id"]))


def _bought(inspection: Inspection, order: Row) -> Counter[str]:
    pieces: Counter[str] = Counter()
    for line in order["lineItems"]:
        product = inspection.get("product", line["productId"])
        if product:
            pieces[product["sku"]] += line["qty"]
    return pieces


def _pieces(refund: Row) -> Counter[str]:
    pieces: Counter[str] = Counter()
    for line in refund.get("lines", ()):
        pieces[line["sku"]] += line["qty"]
    return pieces
