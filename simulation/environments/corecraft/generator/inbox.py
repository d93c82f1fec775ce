"""Which tickets there are: who writes about what, and when."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.moments import (
    NOW,
    START,
    Span,
    after,
    days_between,
)
from simulation.environments.corecraft.generator.records import Customer, Order, Ticket
from simulation.environments.corecraft.generator.returns import asked_span
from simulation.environments.corecraft.generator.situations import (
    TYPES,
    Situation,
    by_key,
    settled_by,
    situations,
    span_of,
    span_when,
)

# besides the tickets that came with refunds
TICKETS = {
    "return": 16,
    "troubleshooting": 62,
    "shipping": 44,
    "order_issue": 38,
    "billing": 30,
    "recommendation": 16,
}
FOLLOWED, JUST_OUTSIDE, DUPLICATES = 34, 22, 7
WINDOW_DAYS = 30
RECENT_DAYS = 24
_RECENT_SHARE = 58  # percent of the tickets
_ATTEMPTS = 60
_AT_MOST = 2  # tickets about one order


@dataclass(frozen=True)
class _Chance:
    """An order and a span in which somebody could write about it."""

    order: Order
    span: Span


class _Mailroom:
    """Finds an order for every ticket, using each situation as rarely as possible."""

    def __init__(self, draft: Draft) -> None:
        self.draft, self.dice = draft, draft.dice("inbox")
        self._used: dict[str, int] = {}
        self._chances: dict[tuple[str, bool], list[Order]] = {}
        self._recent = Span(after(NOW, days=-RECENT_DAYS), after(NOW, minutes=-20))

    def write(self, ticket_type: str, *, recent: bool) -> None:
        """Add one ticket of a type, if any order gives occasion."""
        if ticket_type == "recommendation":
            moment = self._recent if recent else Span(after(START, days=9), NOW)
            self.ask_advice(self._asker(), moment.draw(self.dice))
            return
        for situation in self._rarest(situations(ticket_type)):
            found = self._find(situation, recent)
            if found:
                chance, product = found
                self.add(situation, chance.order, product, chance.span.draw(self.dice))
                return

    def ask_advice(self, customer: Customer, moment: dt.datetime) -> Ticket:
        """Add a question about what to buy."""
        situation = self._rarest(situations("recommendation"))[0]
        in_stock = [
            each for each in self.draft.catalogue if each.stock and situation.concerns(each)
        ]
        ticket = self._ticket(situation, customer, moment)
        ticket.product = self.dice.one(in_stock)
        rest = [each for each in in_stock if each is not ticket.product] or in_stock
        ticket.other = self.dice.one(rest)
        return ticket

    def ask_about(
        self, order: Order, moment: dt.datetime, ticket_types: Sequence[str]
    ) -> Ticket | None:
        """Add a ticket about an order at a given instant, None when nothing fits it."""
        for situation in self._rarest([each for kind in ticket_types for each in situations(kind)]):
            span = span_of(situation, order)
            products = list(filter(situation.concerns, order.products))
            in_time = span and span.within(moment, moment)
            if in_time and products and _may_ask(situation, order, recent=False):
                return self.add(situation, order, self.dice.one(products), moment)
        return None

    def _find(self, situation: Situation, recent: bool) -> tuple[_Chance, Product] | None:
        chances = self._chances_of(situation.when, recent)
        for _ in range(_ATTEMPTS if chances else 0):
            order = self.dice.one(chances)
            products = list(filter(situation.concerns, order.products))
            if products and _may_ask(situation, order, recent=recent):
                span = self._time_for(situation, order, recent)
                if span:
                    return _Chance(order, span), self.dice.one(products)
        return None

    def _chances_of(self, when: str, recent: bool) -> list[Order]:
        """List the orders that give occasion of a kind, looked for once."""
        key = (when, recent)
        if key not in self._chances:
            spans = ((order, span_when(when, order)) for order in self.draft.orders)
            self._chances[key] = [
                order
                for order, span in spans
                if span and (not recent or span.high >= self._recent.low)
            ]
        return self._chances[key]

    def _time_for(self, situation: Situation, order: Order, recent: bool) -> Span | None:
        is_return = situation.type == "return"
        span = asked_span(situation, order) if is_return else span_of(situation, order)
        return span.within(self._recent.low, self._recent.high) if span and recent else span

    def _rarest(self, found: Sequence[Situation]) -> list[Situation]:
        return sorted(self.dice.shuffled(found), key=lambda each: self._used.get(each.key, 0))

    def _asker(self) -> Customer:
        return self.dice.one(self.draft.customers)

    def add(
        self, situation: Situation, order: Order, product: Product, moment: dt.datetime
    ) -> Ticket:
        ticket = self._ticket(situation, order.customer, moment)
        ticket.order, ticket.product = order, product
        ticket.settled = settled_by(situation, order)
        others = [each for each in order.products if each is not product]
        ticket.other = self.dice.one(others) if others else None
        order.tickets.append(ticket)
        return ticket

    def _ticket(self, situation: Situation, customer: Customer, moment: dt.datetime) -> Ticket:
        self._used[situation.key] = self._used.get(situation.key, 0) + 1
        moment = max(moment, customer.created)
        ticket = Ticket(customer, situation.key, situation.type, moment, urgency=situation.urgency)
        self.draft.tickets.append(ticket)
        return ticket


def plan_inbox(draft: Draft) -> None:
    room = _Mailroom(draft)
    _plan_before_orders(draft, room)
    _plan_lost(draft, room)
    for ticket_type in TYPES:
        count = draft.scaled(TICKETS[ticket_type])
        for number in range(count):
            room.write(ticket_type, recent=number * 100 < count * _RECENT_SHARE)
    _write_twice(draft, room.dice)


def _plan_before_orders(draft: Draft, room: _Mailroom) -> None:
    """Let customers write some days before their next order: within 30 days, or just outside."""
    pairs = room.dice.shuffled(list(_pairs(draft.customers)))
    plans: tuple[tuple[int, Callable[[int], int]], ...] = (
        (JUST_OUTSIDE, lambda number: WINDOW_DAYS + 1 + number % 4),
        (FOLLOWED, lambda number: WINDOW_DAYS if number % 6 == 0 else room.dice.number(1, 29)),
    )
    for count, days_of in plans:
        done = 0
        while pairs and done < draft.scaled(count):
            before, following = pairs.pop()
            done += _write_before(room, before, following, days_of(done), by_advice=done % 3 == 0)


def _pairs(customers: Iterable[Customer]) -> Iterable[tuple[Order, Order]]:
    for person in customers:
        yield from zip(person.orders, person.orders[1:], strict=False)


def _write_before(
    room: _Mailroom, before: Order, following: Order, days: int, *, by_advice: bool
) -> bool:
    """Write so many days before the second order. False when the first is too near."""
    low = following.created.replace(hour=0, minute=0, second=0) - dt.timedelta(days=days)
    span = Span(low, after(low, hours=23, minutes=59)).within(after(before.created, hours=30), NOW)
    if span is None or days_between(span.high, following.created) != days:
        return False
    moment = span.draw(room.dice)
    if not by_advice:
        return (
            room.ask_about(before, moment, ("troubleshooting", "billing", "shipping")) is not None
        )
    room.ask_advice(before.customer, moment)
    return True


def _plan_lost(draft: Draft, room: _Mailroom) -> None:
    """Have every lost parcel asked for; its refund, if there is one, answers the ticket."""
    ways = by_key()
    for order in draft.orders:
        refund = order.refunds[0] if order.refunds else None
        lost = ways["lost_money_back" if refund else "lost_send_again"]
        span = span_of(lost, order)
        if span and order.shipment:
            product = next((each for each in order.products if lost.concerns(each)), None)
            high = after(refund.created, minutes=-30) if refund else span.high
            span = span.within(order.shipment.events[-1].at, high)
            if product and span:
                ticket = room.add(lost, order, product, span.draw(room.dice))
                ticket.refund = refund
                if refund:
                    refund.ticket = ticket


def _write_twice(draft: Draft, dice: Dice) -> None:
    """Let impatient customers write again; the second ticket is closed as a duplicate."""
    fitting = [
        ticket
        for ticket in draft.tickets
        if ticket.order and ticket.urgency > 1 and not ticket.refund and ticket.settled is None
        if 5 < days_between(ticket.created, NOW) < 200
    ]
    for first in dice.some(fitting, draft.scaled(DUPLICATES)):
        again = Ticket(
            first.customer,
            first.kind,
            first.type,
            after(first.created, hours=dice.number(20, 70)),
            order=first.order,
            product=first.product,
            other=first.other,
            urgency=first.urgency,
            closure="duplicate",
        )
        draft.tickets.append(again)


def _may_ask(situation: Situation, order: Order, *, recent: bool) -> bool:
    """Tell whether a ticket without a refund of its own may be about this order."""
    if not (situation.suits(order) and _room(order) and _fresh(situation, order)):
        return False
    if situation.when == "lost":
        return False
    if situation.type == "return":
        return not order.refunds and (recent or situation.replacement)
    return situation.when in _ABOUT_REFUNDS or not any(r.status != "denied" for r in order.refunds)


def _room(order: Order) -> bool:
    return len(order.tickets) < _AT_MOST


def _fresh(situation: Situation, order: Order) -> bool:
    return all(ticket.kind != situation.key for ticket in order.tickets)


_ABOUT_REFUNDS = ("refund_waiting", "refunded", "cancel_paid", "cancelled")
