"""Refunds, and the tickets in which customers asked for them."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
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
    later,
)
from simulation.environments.corecraft.generator.records import Line, Order, Refund, Ticket
from simulation.environments.corecraft.generator.situations import Situation, situations, span_of

PERIOD_DAYS = 30  # source: policy.md, "Returns"
OTHER_REFUNDS, RECENT_REFUNDS = 62, 22
_ATTEMPTS = 80
_JULY = Span(
    dt.datetime(2025, 7, 1, tzinfo=dt.UTC), dt.datetime(2025, 7, 31, 23, 59, 59, tzinfo=dt.UTC)
)
_LATE_JULY = Span(dt.datetime(2025, 7, 24, tzinfo=dt.UTC), _JULY.high)
_BY_TICKET = 80  # percent of the refunds
_RECALL, _RECALLED = "psu_recall", "embervolt-forge-850"
_RECALL_NOTICE = dt.datetime(2025, 7, 22, 13, tzinfo=dt.UTC)
_RECALL_ORDERS = Span(
    dt.datetime(2025, 6, 1, tzinfo=dt.UTC), dt.datetime(2025, 7, 21, tzinfo=dt.UTC)
)
_AFTER_RECALL = Span(after(_RECALL_NOTICE, hours=3), after(_RECALL_NOTICE, days=20))
# refunds of July 2025: status, how many, when created, when processed
_JULY_PLAN: tuple[tuple[str, int, Span, Span | None], ...] = (
    ("processed", 9, _LATE_JULY, Span(after(_JULY.high, minutes=5), after(_JULY.high, days=9))),
    ("processed", 15, Span(_JULY.low, after(_JULY.low, days=22)), None),
    ("approved", 3, _LATE_JULY, None),
    ("denied", 6, _JULY, None),
    ("pending", 4, _LATE_JULY, None),
    ("failed", 3, _JULY, None),
)
_RECALL_PLAN = (("processed", 2), ("approved", 1), ("pending", 2))
_OLD = {"processed": 76, "denied": 16, "failed": 4, "approved": 4}
_RECENT = {"pending": 42, "approved": 26, "processed": 20, "denied": 8, "failed": 4}


@dataclass(frozen=True)
class _Occasion:
    """An order, what of it comes back, and when somebody could ask for it in this way."""

    order: Order
    product: Product
    situation: Situation
    asked: Span


class _Office:
    """Takes in returns: each order once, each way of asking as rarely as possible."""

    def __init__(self, draft: Draft, dice: Dice) -> None:
        self.draft, self.dice = draft, dice
        self._used: dict[str, int] = {}
        self._arrived = [
            order for order in draft.orders if order.delivered and order.fate == "shipped"
        ]

    def take(
        self,
        status: str,
        created: Span,
        processed: Span | None = None,
        among: Sequence[Order] | None = None,
    ) -> None:
        """Enter one refund created in a span. Does nothing when no order gives occasion."""
        occasion = self._occasion(status, created, among or self._arrived)
        if occasion is None:
            return
        situation, asked = occasion.situation, occasion.asked
        self._used[situation.key] = self._used.get(situation.key, 0) + 1
        span = Span(after(asked.low, hours=2), after(asked.high, hours=20))
        span = span.within(created.low, min(created.high, NOW)) or span
        moment = min(span.draw(self.dice), NOW)
        refund = Refund(occasion.order, self._lines(occasion), situation.reason, status, moment)
        self._finish(refund, occasion, processed)

    def _occasion(self, status: str, created: Span, among: Sequence[Order]) -> _Occasion | None:
        first = bisect_left(among, after(created.low, days=-95), key=_created)
        last = bisect_right(among, created.high, key=_created) - 1
        for _ in range(_ATTEMPTS if first <= last else 0):
            order = among[self.dice.number(first, last)]
            found = [] if order.refunds else list(self._ways(order, status == "denied", created))
            if found:
                return min(found, key=self._preference)
        return None

    def recalled(self) -> list[Order]:
        """List the orders that a recalled unit arrived with."""
        return [
            order
            for order in self._arrived
            if any(product.id == _RECALLED for product in order.products)
            if _RECALL_ORDERS.within(order.created, order.created)
        ]

    def _preference(self, way: _Occasion) -> tuple[bool, int]:
        return way.situation.key != _RECALL, self._used.get(way.situation.key, 0)

    def _ways(self, order: Order, denied: bool, created: Span) -> Iterable[_Occasion]:
        products = [line.product for line in order.lines]
        for situation in self.dice.shuffled(_asking(denied)):
            for product in filter(situation.concerns, products):
                asked = asked_span(situation, order)
                asked = asked and asked.within(
                    after(created.low, hours=-2), after(created.high, hours=-3)
                )
                if asked and situation.suits(order) and asked.low < NOW:
                    yield _Occasion(order, product, situation, asked)

    def _lines(self, occasion: _Occasion) -> list[Line]:
        """Send back the product, one of several now and then, the whole order now and then."""
        lines = occasion.order.lines
        if occasion.situation.key != _RECALL and self.dice.chance(18):
            return [Line(line.product, line.qty) for line in lines]
        line = next(line for line in lines if line.product is occasion.product)
        some = line.qty > 1 and self.dice.chance(50)
        return [Line(line.product, self.dice.number(1, line.qty - 1) if some else line.qty)]

    def _finish(self, refund: Refund, occasion: _Occasion, processed: Span | None) -> None:
        if refund.status == "processed":
            usual = Span(after(refund.created, hours=20), after(refund.created, days=9))
            span = (processed or usual).within(refund.created, NOW) or Span(refund.created, NOW)
            refund.processed = span.draw(self.dice)
        refund.order.refunds.append(refund)
        self.draft.refunds.append(refund)
        if self.dice.chance(_BY_TICKET):
            self._write(refund, occasion)

    def _write(self, refund: Refund, occasion: _Occasion) -> None:
        """File the ticket in which it was asked for, some hours before."""
        low = max(occasion.asked.low, after(refund.created, hours=-30))
        created = Span(
            min(low, after(refund.created, minutes=-40)), after(refund.created, minutes=-30)
        )
        situation = occasion.situation
        ticket = Ticket(
            occasion.order.customer,
            situation.key,
            situation.type,
            created.draw(self.dice),
            order=occasion.order,
            product=occasion.product,
            refund=refund,
            urgency=situation.urgency,
        )
        refund.ticket = ticket
        occasion.order.tickets.append(ticket)
        self.draft.tickets.append(ticket)


def plan_returns(draft: Draft) -> None:
    dice = draft.dice("returns")
    _refund_lost(draft, dice)
    _refund_cancelled(draft, dice)
    office = _Office(draft, dice)
    for status, count, created, processed in _JULY_PLAN:
        for _ in range(draft.scaled(count)):
            office.take(status, created, processed)
    recalled = office.recalled()
    for status, count in _RECALL_PLAN:
        for _ in range(draft.scaled(count)):
            office.take(status, _AFTER_RECALL, among=recalled)
    for _ in range(draft.scaled(RECENT_REFUNDS)):
        office.take(dice.weighted(_RECENT), Span(after(NOW, days=-24), NOW))
    for number in range(draft.scaled(OTHER_REFUNDS)):
        low = after(START, days=20 + number * 460 // draft.scaled(OTHER_REFUNDS))
        office.take(dice.weighted(_OLD), Span(low, after(low, days=40)))
    _retry_failed(draft, dice)


def _asking(denied: bool) -> Sequence[Situation]:
    """Give the ways to ask for money that fit a refusal, or those that fit a yes."""
    return [
        each for each in situations("return") if bool(each.cause) is denied and not each.replacement
    ]


def _created(order: Order) -> dt.datetime:
    return order.created


def asked_span(situation: Situation, order: Order) -> Span | None:
    """Give when the request could have come, by the rules that decide about it."""
    if situation.key == _RECALL and not _RECALL_ORDERS.within(order.created, order.created):
        return None
    if situation.cause == "late":
        return _days_after(order, PERIOD_DAYS + 1, PERIOD_DAYS + 45)
    span = span_of(situation, order)
    if span and situation.key == _RECALL:
        return span.within(_RECALL_NOTICE, after(_RECALL_NOTICE, days=20))
    if span and situation.reason not in ("defective", "shipping_issue"):
        return span.within(span.low, after(order.created, days=PERIOD_DAYS - 2))
    return span


def _days_after(order: Order, low: int, high: int) -> Span | None:
    start = order.created.replace(hour=0, minute=0, second=0)
    return Span(after(start, days=low), after(start, days=high)).within(START, NOW)


def _refund_lost(draft: Draft, dice: Dice) -> None:
    """Refund two of three lost parcels; the others are replaced or still argued about."""
    lost = [order for order in draft.orders if order.shipment and order.shipment.status == "lost"]
    for number, order in enumerate(lost):
        gone = order.shipment.first("lost") if order.shipment else None
        if number % 3 < 2 and gone:
            status = "processed" if days_between(gone, NOW) > 14 else "approved"
            _enter(draft, dice, order, "shipping_issue", status, later(dice, gone, 6, 60))


def _refund_cancelled(draft: Draft, dice: Dice) -> None:
    for order in draft.orders:
        if order.fate == "cancelled_paid" and order.cancelled:
            moment = after(order.cancelled, minutes=dice.number(2, 50))
            _enter(draft, dice, order, dice.one(["customer_remorse", "other"]), "processed", moment)


def _enter(
    draft: Draft, dice: Dice, order: Order, reason: str, status: str, created: dt.datetime
) -> Refund:
    """Enter a refund of everything on the order."""
    lines = [Line(line.product, line.qty) for line in order.lines]
    refund = Refund(order, lines, reason, status, min(created, NOW))
    if status == "processed":
        refund.processed = min(NOW, later(dice, refund.created, 20, 150))
    order.refunds.append(refund)
    draft.refunds.append(refund)
    return refund


def _retry_failed(draft: Draft, dice: Dice) -> None:
    """Let every second failed refund succeed at the next attempt."""
    failed = [refund for refund in draft.refunds if refund.status == "failed"]
    for first in failed[::2]:
        if first.created < after(NOW, days=-20):
            created = later(dice, first.created, 60, 240)
            again = Refund(first.order, first.lines, first.reason, "processed", created)
            again.processed = later(dice, created, 20, 120)
            again.ticket = first.ticket
            first.order.refunds.append(again)
            draft.refunds.append(again)
