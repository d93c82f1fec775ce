"""The facts of an order as customers mention them: the slots of the texts in data/tickets."""

import datetime as dt
import re
from decimal import Decimal

from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.moments import days_between
from simulation.environments.corecraft.generator.records import Customer, Order, Ticket
from simulation.values import amount

Facts = dict[str, str]
# what may be said of a product of networking, by its kind
_NETWORKING = {
    "router": ("router", "wireless"),
    "mesh set": ("router", "wireless"),
    "PCIe adapter": ("adapter", "wireless"),
    "USB adapter": ("adapter", "wireless"),
    "switch": ("ports",),
}
_SLOT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([Aa]) \{(\w+)\}")
_CHOICE = re.compile(r"<([^<>]*\|[^<>]*)>")


def usable(template: str, facts: Facts) -> bool:
    """Tell whether everything that a text mentions is known."""
    return all(slot in facts for slot in _SLOT.findall(template))


def fill(dice: Dice, template: str, facts: Facts, *, lower: bool = False) -> str:
    """Choose among <a|b>, write the facts in, and put "an" where it belongs."""
    text = _CHOICE.sub(lambda match: dice.one(match[1].split("|")), template)
    text = text.lower() if lower else text
    text = _ARTICLE.sub(lambda match: f"{match[1]}{_n(facts[match[2]])} {{{match[2]}}}", text)
    return _SLOT.sub(lambda match: facts[match[1]], text)


def facts_of(ticket: Ticket) -> Facts:
    facts = _person(ticket.customer) | _product(ticket)
    if ticket.order:
        facts |= order_facts(ticket.order, ticket.created)
    if ticket.refund:
        facts["amount"] = dollars(ticket.refund.exact)
    elif ticket.order and ticket.order.refunds:
        facts["amount"] = dollars(ticket.order.refunds[0].exact)
    return facts | _acquaintance(ticket)


def order_facts(order: Order, at: dt.datetime) -> Facts:
    """Give what could be said about an order at an instant; what is not known then is left out."""
    country = order.address["country"]
    facts = {
        "order": order.id,
        "date": spoken(order.created, country),
        "month": order.created.strftime("%B"),
        "carrier": order.carrier,
        "service": order.service,
        "city": order.address["city"],
        "total": dollars(order.exact_total),
        "fee": dollars(order.fee),
        "moneystate": "never taken" if order.payment.status == "failed" else "taken and given back",
    }
    return facts | _days("days", order.created, at) | _parcel(order, at, country)


def dollars(exact: Decimal) -> str:
    return f"${amount(exact):,.2f}"


def spoken(moment: dt.datetime, country: str) -> str:
    month = moment.strftime("%B")
    return f"{month} {moment.day}" if country in ("US", "CA") else f"{moment.day} {month}"


def _person(customer: Customer) -> Facts:
    facts = {"first": customer.first, "name": customer.name, "city": customer.home["city"]}
    if customer.tier != "none":
        rate = {"silver": "5", "gold": "10", "platinum": "15"}[customer.tier]
        facts |= {"tier": customer.tier, "rate": rate}
    return facts


def _acquaintance(ticket: Ticket) -> Facts:
    """Give empty facts: what follows them in a text may be said of this customer and ticket."""
    orders = [order for order in ticket.customer.orders if order.created < ticket.created]
    wrote = any(other.created < ticket.created for order in orders for other in order.tickets)
    known = {
        "regular": len(orders) > 3 and not wrote,
        "newcomer": len(orders) == 1 and ticket.order is not None,
        "more": _keeps_something(ticket),
        "phoned": bool(ticket.customer.phone),
        "returning": ticket.type == "return",
        "written": ticket.channel != "phone",
        "again": wrote,
        "several": len(orders) > 2,
        "showable": ticket.type in ("return", "troubleshooting"),
    }
    return {name: "" for name, true in known.items() if true}


def _keeps_something(ticket: Ticket) -> bool:
    """Tell whether the order has other lines that nobody wants to send back."""
    if ticket.order is None or len(ticket.order.lines) < 2:
        return False
    return ticket.refund is None or len(ticket.refund.lines) < len(ticket.order.lines)


def _product(ticket: Ticket) -> Facts:
    product, other = ticket.product, ticket.other
    if product is None:
        return {}
    facts = {
        "product": product.name,
        "model": product.model,
        "brand": product.brand,
        "thing": product.noun,
        "things": product.nouns,
        "category": product.noun,
        "price": dollars(product.price),
    }
    facts |= dict.fromkeys(_NETWORKING.get(product.noun, ()), "")
    if "lengthMm" in product.specs:
        facts["length"] = str(product.specs["lengthMm"])
    if other:
        facts |= {"other": other.name, "othermodel": other.model}
    if ticket.order:
        facts["qty"] = str(next(line.qty for line in ticket.order.lines if line.product is product))
    return facts


def _parcel(order: Order, at: dt.datetime, country: str) -> Facts:
    shipment = order.shipment
    if shipment is None or shipment.created > at:
        return {}
    facts = {"tracking": shipment.tracking, "eta": spoken(shipment.eta, country)}
    if order.delivered and order.delivered <= at:
        facts["delivered"] = spoken(order.delivered, country)
        facts |= _days("daysused", order.delivered, at)
    return facts


def _days(name: str, since: dt.datetime, at: dt.datetime) -> Facts:
    """Give a count of days from two on, so that the plural is right."""
    days = days_between(since, at)
    return {name: str(days)} if days > 1 else {}


def _n(word: str) -> str:
    return "n" if word[:1] in "AEIOUaeiou" and not word.startswith(("US", "UP")) else ""
