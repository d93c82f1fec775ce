"""Payments: what was to be paid, and whether order and payment tell the same story."""

from collections.abc import Iterator, Sequence

from simulation.entities import Row
from simulation.environments.corecraft.checks.prices import totals
from simulation.environments.corecraft.terms import MONEY_BACK
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import instant_key
from simulation.wording import shown

BACK = ("refunded", "partially_refunded")


@rule()
def payments_are_what_the_order_costs(inspection: Inspection) -> Iterator[Breach]:
    """A payment is price × quantity less tier rate and promotion, plus the shipping fee."""
    for payment in inspection.rows("payment"):
        order = inspection.get("order", payment["orderId"])
        due = totals(inspection, order) if order else set()
        if due and payment["amount"] not in due:
            costs = shown([f"{each:.2f}" for each in sorted(due)])
            sentence = f"{payment['amount']:.2f} USD, but {payment['orderId']} costs {costs} USD"
            yield Breach("payment", payment["id"], "amount", sentence)


@rule()
def payments_are_of_the_orders_customer(inspection: Inspection) -> Iterator[Breach]:
    """A payment is made by the customer of its order."""
    for payment in inspection.rows("payment"):
        order = inspection.get("order", payment["orderId"])
        payer = payment.get("customerId")
        if order and payer and payer != order["customerId"]:
            sentence = f"{payer}, but {order['id']} is of {order['customerId']}"
            yield Breach("payment", payment["id"], "customerId", sentence)


@rule()
def refunded_orders_and_payments_agree(inspection: Inspection) -> Iterator[Breach]:
    """An order is refunded, in full or in part, exactly as its newest payment is.

    A cancelled order stays cancelled when its payment is given back.
    """
    for order in inspection.rows("order"):
        payments = inspection.find("payment", "orderId", order["id"])
        if payments and order["status"] != "cancelled":
            newest = max(payments, key=_made)
            back = {row["status"] for row in (order, newest)} & set(BACK)
            if back and order["status"] != newest["status"]:
                sentence = f"{order['status']}, but {newest['id']} is {newest['status']}"
                yield Breach("order", order["id"], "status", sentence)


@rule()
def refunded_payments_have_refunds(inspection: Inspection) -> Iterator[Breach]:
    """A payment is refunded exactly when a refund of it was approved or processed."""
    for payment in inspection.rows("payment"):
        back = _money_back(inspection, payment)
        if payment["status"] in BACK and not back:
            sentence = f"{payment['status']}, but no refund of it is approved or processed"
            yield Breach("payment", payment["id"], "status", sentence)
        elif back and payment["status"] not in BACK:
            sentence = f"{payment['status']}, though {back[0]['id']} is {back[0]['status']}"
            yield Breach("payment", payment["id"], "status", sentence)


def _money_back(inspection: Inspection, payment: Row) -> Sequence[Row]:
    refunds = inspection.find("refund", "paymentId", payment["id"])
    return [refund for refund in refunds if refund["status"] in MONEY_BACK]


def _made(row: Row) -> tuple[str, str]:
    return instant_key(row["createdAt"]), row["id"]
