"""Tickets and orders that colleagues have reason to talk about, and when."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulation.environments.corecraft.generator.case_facts import written
from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.facts import Facts
from simulation.environments.corecraft.generator.moments import NOW, Span, after
from simulation.environments.corecraft.generator.records import Escalation, Order, Ticket
from simulation.environments.corecraft.generator.situations import span_when
from simulation.environments.corecraft.generator.talks import Talk

_READ = dt.timedelta(minutes=20)
_FRESH, _AFTERWARDS, _LATELY = 3, 2, 40  # days


@dataclass(frozen=True, slots=True)
class Case:
    """Something to talk about; the whole conversation lies within the span."""

    id: str
    span: Span
    ticket: Ticket | None = None
    order: Order | None = None
    destination: str = ""
    facts: Facts = field(default_factory=dict)

    @property
    def product(self) -> Product | None:
        if self.ticket and self.ticket.product:
            return self.ticket.product
        return next(iter(self.order.products), None) if self.order else None


def cases(draft: Draft, talk: Talk) -> list[Case]:
    """List the cases that a conversation may be about, in the order of the records."""
    if talk.about == "order":
        return list(_orders(draft, talk))
    if talk.escalated:
        return list(_escalations(draft, talk))
    return list(_tickets(draft, talk))


def _tickets(draft: Draft, talk: Talk) -> Iterator[Case]:
    for ticket in draft.tickets:
        if ticket.left_alone:
            continue
        span = _time(ticket, talk) if _suits(ticket, talk) else None
        if span:
            yield Case(ticket.id, span, ticket, ticket.order)


def _suits(ticket: Ticket, talk: Talk) -> bool:
    status = ticket.refund.status if ticket.refund else "none"
    may = bool(talk.lacking and ticket.assignee and ticket.assignee.may(talk.lacking))
    return (
        not may
        and (not talk.kinds or ticket.kind in talk.kinds)
        and (not talk.refunds or status in talk.refunds)
        and (not talk.statuses or ticket.status in talk.statuses)
        and bool(ticket.filed_under) is talk.misfiled
        and (not talk.recent or ticket.created > after(NOW, days=-_LATELY))
    )


def _time(ticket: Ticket, talk: Talk) -> Span | None:
    """Give the days after the ticket was written, or after it was settled."""
    if talk.stage == "settled":
        done = ticket.resolution.created if ticket.resolution else None
        return _span(done, after(done, days=_AFTERWARDS), NOW) if done else None
    low = ticket.created + _READ
    if talk.refunds and ticket.refund:
        low = max(low, ticket.refund.created + _READ)
    end = NOW if ticket.outstanding else ticket.updated
    return _span(low, after(low, days=_FRESH), end)


def _span(low: dt.datetime, high: dt.datetime, end: dt.datetime) -> Span | None:
    last = min(high, end - _READ)
    return Span(low, last) if last > low else None


def _orders(draft: Draft, talk: Talk) -> Iterator[Case]:
    """Give orders in a state that a situation of the tickets describes."""
    for order in draft.orders:
        span = span_when(talk.when, order) if not order.tickets else None
        if span and (not talk.recent or span.high > after(NOW, days=-_LATELY)):
            limited = _span(span.low, after(span.low, days=2 * _FRESH), min(span.high, NOW))
            if limited:
                yield Case(order.id, limited, None, order)


def _escalations(draft: Draft, talk: Talk) -> Iterator[Case]:
    for escalation in draft.escalations:
        if escalation.kind in talk.escalated:
            span = _nudging(escalation, talk)
            if span:
                ticket = escalation.ticket
                facts = {"escalation": escalation.id, "handed": written(escalation.created)}
                yield Case(ticket.id, span, ticket, ticket.order, escalation.destination, facts)


def _nudging(escalation: Escalation, talk: Talk) -> Span | None:
    """Give when somebody asks after it: some hours later, or once it has been answered."""
    if talk.stage == "settled":
        done = escalation.resolved
        return _span(done, after(done, days=1), NOW) if done else None
    low = after(escalation.created, hours=3)
    return _span(low, after(low, days=_FRESH), escalation.resolved or NOW)
