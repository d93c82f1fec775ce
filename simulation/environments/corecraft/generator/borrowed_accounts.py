"""Tickets under one account about the order of another customer, whom only the prose names."""

import datetime as dt
from collections.abc import Iterable

from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import Facts, facts_of, order_facts
from simulation.environments.corecraft.generator.handwritten import (
    PERIOD_DAYS,
    Letter,
    file,
    finish,
    letters,
)
from simulation.environments.corecraft.generator.moments import NOW, Span, after, days_between
from simulation.environments.corecraft.generator.records import Customer, Order, Ticket

_RECENT_DAYS = 90
_Couple = tuple[Customer, Customer]


def plan_borrowed_accounts(draft: Draft) -> None:
    """Add the letters of data/tickets/prose.toml; nobody appears in two of them."""
    dice = draft.dice("borrowed accounts")
    strangers = _strangers(draft, dice)
    taken: set[str] = set()
    for letter in letters("prose", draft.size):
        for account, writer in _couples(draft, dice, letter, strangers):
            if not {account.id, writer.id} & taken and _add(draft, dice, letter, account, writer):
                taken |= {account.id, writer.id}
                break


def _strangers(draft: Draft, dice: Dice) -> list[_Couple]:
    """Pair customers who have nothing to do with each other."""
    pairs = (*draft.households, *draft.namesakes, *draft.doubles)
    related = {person.id for pair in pairs for person in pair}
    single = [person for person in draft.customers if person.phone and person.id not in related]
    mixed = dice.shuffled(single)
    return list(zip(mixed[::2], mixed[1::2], strict=False))


def _couples(
    draft: Draft, dice: Dice, letter: Letter, strangers: list[_Couple]
) -> Iterable[_Couple]:
    """Propose (holder of the account, person who is meant)."""
    if letter.get("household") or letter.get("namesake"):
        pairs = draft.households if letter.get("household") else draft.namesakes
        return dice.shuffled([*pairs, *((second, first) for first, second in pairs)])
    return strangers


def _add(draft: Draft, dice: Dice, letter: Letter, account: Customer, writer: Customer) -> bool:
    """Write about the newest order that will do. False when there is none."""
    found = list(_purchases(writer, letter.get("categories", ())))
    span = _time(found[-1][0], account) if found else None
    if span is None:
        return False
    order, product = found[-1]
    ticket = file(draft, account, letter["type"], span.draw(dice), product)
    ticket.priority = letter["priority"]
    finish(draft, dice, ticket, letter, _facts(ticket, writer, order))
    draft.note("support_ticket", ticket, "writer_only_in_prose")
    return True


def _purchases(person: Customer, categories: Iterable[str]) -> Iterable[tuple[Order, Product]]:
    wanted = set(categories)
    for order in person.orders:
        arrived = order.delivered and order.status == "fulfilled" and not order.tickets
        if arrived and days_between(order.created, NOW) <= _RECENT_DAYS:
            for product in order.products:
                if not product.is_plain and (not wanted or product.category in wanted):
                    yield order, product


def _time(order: Order, account: Customer) -> Span | None:
    """Give some days after the delivery, within the return period."""
    arrived = after(order.delivered or order.created, hours=20)
    last: list[dt.datetime] = [after(arrived, days=12), after(NOW, hours=-1)]
    high = min(*last, after(order.created, days=PERIOD_DAYS - 2))
    return Span(max(arrived, account.created), high).within(arrived, high)


def _facts(ticket: Ticket, writer: Customer, order: Order) -> Facts:
    account = ticket.customer
    people = {
        "account_first": account.first,
        "account_name": account.name,
        "account_city": account.home["city"],
        "writer_first": writer.first,
        "writer_name": writer.name,
        "writer_city": writer.home["city"],
        "writer_email": writer.email,
    }
    return facts_of(ticket) | order_facts(order, ticket.created) | people
