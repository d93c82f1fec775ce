"""What colleagues know of a ticket or an order at an instant, as slots of their texts.

The dates are written as in the office: "September 10". What is not known yet is left out.
"""

import datetime as dt

from simulation.environments.corecraft.generator.facts import Facts, dollars, facts_of, order_facts
from simulation.environments.corecraft.generator.moments import days_between
from simulation.environments.corecraft.generator.records import Order, Refund, Shipment, Ticket

_METHODS = {
    "card": "card",
    "paypal": "PayPal",
    "apple_pay": "Apple Pay",
    "google_pay": "Google Pay",
    "bank_transfer": "bank transfer",
}
_OF_THE_CUSTOMER = ("amount", "moneystate", "first", "name", "days", "daysused", "tier")


def case_facts(at: dt.datetime, ticket: Ticket | None, order: Order | None) -> Facts:
    """Give the facts of a ticket, of an order, or of both."""
    facts: Facts = {}
    if ticket:
        facts |= {name: text for name, text in facts_of(ticket).items() if text}
        facts |= _ticket(ticket, at)
    if order:
        facts |= order_facts(order, at)
    for name in _OF_THE_CUSTOMER:
        facts.pop(name, None)
    if order:
        facts |= _order(order, at) | _parcel(order.shipment, at) | _refund(order, ticket, at)
    return facts


def written(moment: dt.datetime) -> str:
    return f"{moment:%B} {moment.day}"


def _ticket(ticket: Ticket, at: dt.datetime) -> Facts:
    customer = ticket.customer
    standing = "no tier" if customer.tier == "none" else customer.tier
    facts = {
        "ticket": ticket.id,
        "customer": customer.name,
        "tier": standing,
        "asked": written(ticket.created),
        "channel": {"email": "e-mail", "web": "web form"}.get(ticket.channel, ticket.channel),
        "subject": ticket.subject,
    }
    if ticket.order:
        facts["askedday"] = str(days_between(ticket.order.created, ticket.created))
    waiting = days_between(ticket.created, at)
    facts |= {"waiting": str(waiting)} if waiting > 1 else {}
    return facts | ({"owner": ticket.assignee.row["name"].split()[0]} if ticket.assignee else {})


def _order(order: Order, at: dt.datetime) -> Facts:
    facts = {
        "customer": order.customer.name,
        "ordered": written(order.created),
        "date": written(order.created),
        "payment": order.payment.id,
        "method": _METHODS[order.payment.method],
        "attempts": str(len(order.payments)),
    }
    if order.failure and order.cancelled and order.cancelled <= at:
        facts |= {"failure": order.failure, "cancelled": written(order.cancelled)}
    age = days_between(order.created, at)
    return facts | ({"days": str(age)} if age > 1 else {})


def _parcel(shipment: Shipment | None, at: dt.datetime) -> Facts:
    if shipment is None or shipment.created > at:
        return {}
    last = [event for event in shipment.events if event.at <= at][-1]
    facts = {
        "shipment": shipment.id,
        "eta": written(shipment.eta),
        "place": last.place,
        "scanned": written(last.at),
        "warehouse": shipment.events[0].place.split(",")[0],
    }
    if last.status == "exception" and last.details:
        facts["held"] = last.details
    if last.status == "delivered":
        facts |= {"delivered": written(last.at), "doorstep": last.details}
    late = days_between(shipment.eta, last.at if last.status == "delivered" else at)
    return facts | ({"overdue": str(late)} if late > 1 else {})


def _refund(order: Order, ticket: Ticket | None, at: dt.datetime) -> Facts:
    """Give the refund of the ticket, else the first of the order."""
    known = [refund for refund in order.refunds if refund.created <= at]
    own = [refund for refund in known if ticket is not None and refund.ticket is ticket]
    refund: Refund | None = next(iter(own or known), None)
    if refund is None:
        return {}
    return {
        "refund": refund.id,
        "amount": dollars(refund.exact),
        "refunded": written(refund.created),
        "reason": refund.reason,
    }
