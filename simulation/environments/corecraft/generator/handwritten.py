"""Tickets that were written once each: of type other, and those whose writer only the prose names."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.desk import front_desk, resolve
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import Facts, facts_of, fill, order_facts
from simulation.environments.corecraft.generator.moments import NOW, Span, after, days_between, later
from simulation.environments.corecraft.generator.records import HANDWRITTEN, Customer, Order, Ticket

_RECENT, _PERIOD = 90, 30  # days


def plan_handwritten(draft: Draft) -> None:
    """Add the letters of data/tickets/other.toml and prose.toml, as often as the size asks for."""
    dice = draft.dice("handwritten")
    taken: list[Customer] = []
    for row in _repeated(texts.table("tickets/prose.toml")["ticket"], draft.size):
        _add_from_another(draft, dice, row, taken)
    purchases = dice.shuffled(list(_recent_purchases(draft)))
    for row in _repeated(texts.table("tickets/other.toml")["ticket"], draft.size):
        if row.get("wants_back"):
            _add_wanting_back(draft, dice, row, purchases)
        else:
            _add_other(draft, dice, row)


def _repeated(rows: list[dict[str, Any]], size: float) -> list[dict[str, Any]]:
    """Repeat the rows for larger worlds; smaller ones get all of them as well."""
    return rows * max(1, int(size + 0.5))


def _add_wanting_back(
    draft: Draft, dice: Dice, row: dict[str, Any], purchases: list[tuple[Order, Product]]
) -> None:
    """Add a return in plain words about a recent order that nobody has written about."""
    fitting = (pair for pair in purchases if pair[1].category in row["categories"])
    order, product = next((pair for pair in fitting if not pair[0].tickets), (None, None))
    if order is None or product is None:
        return
    arrived = after(order.delivered or order.created, hours=20)
    moment = Span(arrived, max(arrived, after(NOW, hours=-2))).draw(dice)
    ticket = _file(draft, order.customer, "other", moment)
    ticket.product = product
    order.tickets.append(ticket)
    _finish(dice, ticket, row, facts_of(ticket) | order_facts(order, ticket.created))
    ticket.status = "new" if days_between(moment, NOW) < 2 else "open"
    _take_on(draft, dice, ticket)
    draft.note("support_ticket", ticket, "return_in_plain_words")


def _add_other(draft: Draft, dice: Dice, row: dict[str, Any]) -> None:
    person = _other_writer(draft, dice, row)
    moment = Span(max(person.created, after(NOW, days=-300)), after(NOW, hours=-3)).draw(dice)
    ticket = _file(draft, person, "other", moment)
    _finish(dice, ticket, row, facts_of(ticket))
    if days_between(moment, NOW) < 2:
        ticket.status = "new"
    elif days_between(moment, NOW) < 9:
        ticket.status = "open"
        _take_on(draft, dice, ticket)
    else:
        ticket.status = "resolved"
        at = min(NOW, later(dice, moment, 2, 60))
        resolve(dice, ticket, row["outcome"], front_desk(draft.employees), at)
        if ticket.resolution:
            ticket.resolution.details = row["done"]


def _other_writer(draft: Draft, dice: Dice, row: dict[str, Any]) -> Customer:
    """Choose somebody of whom the letter may be true."""
    if row.get("double"):
        return dice.one(draft.doubles)[1]
    if row.get("dormant"):
        long_ago = after(NOW, days=-320)
        dormant = [p for p in draft.customers if p.orders and p.orders[-1].created < long_ago]
        return dice.one(dormant or draft.customers)
    return dice.one(draft.customers)


def _add_from_another(draft: Draft, dice: Dice, row: dict[str, Any], taken: list[Customer]) -> None:
    """Add a ticket under one account that is about the order of another customer."""
    categories = row.get("categories", ())
    for account, writer in _couples(draft, dice, row):
        found = [] if writer in taken or account in taken else list(_orders_of(writer, categories))
        if not found:
            continue
        order, product = found[-1]
        low = max(after(order.delivered or order.created, hours=20), account.created)
        high = min(after(low, days=12), after(NOW, hours=-1), after(order.created, days=_PERIOD - 2))
        if high < low:
            continue
        moment = Span(low, high).draw(dice)
        taken += [account, writer]
        ticket = _file(draft, account, row["type"], moment)
        ticket.priority = row["priority"]
        ticket.product = product
        _finish(dice, ticket, row, _two_people(ticket, writer, order))
        ticket.status = "new" if days_between(moment, NOW) < 2 else "open"
        _take_on(draft, dice, ticket)
        draft.note("support_ticket", ticket, "writer_only_in_prose")
        return


def _couples(
    draft: Draft, dice: Dice, row: dict[str, Any]
) -> Iterable[tuple[Customer, Customer]]:
    """Propose pairs of an account's holder and the person who is meant."""
    if row.get("household") or row.get("namesake"):
        pairs = draft.households if row.get("household") else draft.namesakes
        return dice.shuffled([*pairs, *((second, first) for first, second in pairs)])
    single = dice.shuffled([person for person in draft.customers if _is_single(person, draft)])
    half = len(single) // 2
    return zip(single[:half], single[half:], strict=False)


def _is_single(person: Customer, draft: Draft) -> bool:
    return bool(person.phone) and not any(
        person in pair for pair in (*draft.households, *draft.namesakes)
    )


def _orders_of(person: Customer, categories: Iterable[str]) -> Iterable[tuple[Order, Product]]:
    """Find recent purchases that arrived; only people with a full name of their own city will do."""
    wanted = set(categories)
    for order in person.orders:
        if order.delivered and order.status == "fulfilled" and not order.tickets:
            if days_between(order.created, NOW) <= _RECENT:
                for product in order.products:
                    if not product.is_plain and (not wanted or product.category in wanted):
                        yield order, product


def _two_people(ticket: Ticket, writer: Customer, order: Order) -> Facts:
    account = ticket.customer
    return (
        facts_of(ticket)
        | order_facts(order, ticket.created)
        | {
            "account_first": account.first,
            "account_name": account.name,
            "account_city": account.home["city"],
            "writer_first": writer.first,
            "writer_name": writer.name,
            "writer_city": writer.home["city"],
            "writer_email": writer.email,
        }
    )


def _recent_purchases(draft: Draft) -> Iterable[tuple[Order, Product]]:
    """Find what arrived and can still be returned."""
    for order in draft.orders:
        if days_between(order.created, NOW) <= _PERIOD - 2 and order.status == "fulfilled":
            if order.delivered and after(order.delivered, hours=24) < NOW:
                yield from ((order, each) for each in order.products if not each.is_plain)


def _file(draft: Draft, customer: Customer, ticket_type: str, moment: dt.datetime) -> Ticket:
    ticket = Ticket(customer, HANDWRITTEN, ticket_type, moment, updated=moment)
    draft.tickets.append(ticket)
    return ticket


def _finish(dice: Dice, ticket: Ticket, row: dict[str, Any], facts: Facts) -> None:
    ticket.subject = fill(dice, row["subject"], facts)
    ticket.body = fill(dice, row["body"], facts)
    ticket.channel = dice.one(["email", "email", "web"])


def _take_on(draft: Draft, dice: Dice, ticket: Ticket) -> None:
    if ticket.status != "new":
        ticket.assignee = dice.one(front_desk(draft.employees))
        ticket.updated = min(NOW, later(dice, ticket.created, 1, 40))


