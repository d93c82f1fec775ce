"""Tickets of type other, written once each; ten of them mean a return without saying so."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.desk import front_desk, resolve
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import Facts, facts_of, fill, order_facts
from simulation.environments.corecraft.generator.moments import (
    NOW,
    Span,
    after,
    days_between,
    later,
)
from simulation.environments.corecraft.generator.records import HANDWRITTEN, Customer, Order, Ticket

PERIOD_DAYS = 30
Letter = dict[str, Any]


def plan_handwritten(draft: Draft) -> None:
    dice = draft.dice("handwritten")
    purchases = dice.shuffled(list(_returnable(draft)))
    for letter in letters("other", draft.size):
        if letter.get("wants_back"):
            _add_wanting_back(draft, dice, letter, purchases)
        else:
            _add_other(draft, dice, letter)


def letters(name: str, size: float) -> list[Letter]:
    """Give the letters of a file, several times for larger worlds and once for smaller ones."""
    rows: list[Letter] = texts.table(f"tickets/{name}.toml")["ticket"]
    return rows * max(1, int(size + 0.5))


def file(
    draft: Draft,
    customer: Customer,
    ticket_type: str,
    moment: dt.datetime,
    product: Product | None = None,
) -> Ticket:
    """Add a ticket whose words are still to come."""
    ticket = Ticket(customer, HANDWRITTEN, ticket_type, moment, product=product, updated=moment)
    ticket.status = "new" if days_between(moment, NOW) < 2 else "open"
    draft.tickets.append(ticket)
    return ticket


def finish(draft: Draft, dice: Dice, ticket: Ticket, letter: Letter, facts: Facts) -> None:
    """Write the letter and, unless it is new, give it to somebody."""
    ticket.subject = fill(dice, letter["subject"], facts)
    ticket.body = fill(dice, letter["body"], facts)
    ticket.channel = dice.one(["email", "email", "web"])
    if ticket.status != "new":
        ticket.assignee = dice.one(front_desk(draft.employees))
        ticket.updated = min(NOW, later(dice, ticket.created, 1, 40))


def _returnable(draft: Draft) -> Iterable[tuple[Order, Product]]:
    """Find what arrived a day ago or more and can still be returned."""
    for order in draft.orders:
        in_period = days_between(order.created, NOW) <= PERIOD_DAYS - 2 and not order.tickets
        arrived = order.delivered and after(order.delivered, hours=24) < NOW
        if in_period and arrived and order.status == "fulfilled":
            yield from ((order, each) for each in order.products if not each.is_plain)


def _add_wanting_back(
    draft: Draft, dice: Dice, letter: Letter, purchases: list[tuple[Order, Product]]
) -> None:
    """Add a return in plain words about a recent order that nobody has written about."""
    fitting = (pair for pair in purchases if pair[1].category in letter["categories"])
    order, product = next((pair for pair in fitting if not pair[0].tickets), (None, None))
    if order is None or product is None:
        return
    arrived = after(order.delivered or order.created, hours=20)
    moment = Span(arrived, max(arrived, after(NOW, hours=-2))).draw(dice)
    ticket = file(draft, order.customer, "other", moment, product)
    order.tickets.append(ticket)
    finish(draft, dice, ticket, letter, facts_of(ticket) | order_facts(order, moment))
    draft.note("support_ticket", ticket, "return_in_plain_words")


def _add_other(draft: Draft, dice: Dice, letter: Letter) -> None:
    person = _writer(draft, dice, letter)
    low = max(person.created, after(NOW, days=-300))
    moment = Span(low, max(low, after(NOW, hours=-3))).draw(dice)
    ticket = file(draft, person, "other", moment)
    finish(draft, dice, ticket, letter, facts_of(ticket))
    if days_between(moment, NOW) > 8:
        ticket.status = "resolved"
        at = min(NOW, later(dice, moment, 2, 60))
        resolution = resolve(dice, ticket, letter["outcome"], front_desk(draft.employees), at)
        resolution.details = letter["done"]


def _writer(draft: Draft, dice: Dice, letter: Letter) -> Customer:
    """Choose somebody of whom the letter may be true."""
    if letter.get("double"):
        return dice.one(draft.doubles)[1]
    if letter.get("dormant"):
        long_ago = after(NOW, days=-320)
        dormant = [p for p in draft.customers if p.orders and p.orders[-1].created < long_ago]
        return dice.one(dormant or draft.customers)
    return dice.one(draft.customers)
