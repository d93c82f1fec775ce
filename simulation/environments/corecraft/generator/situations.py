"""What customers write about (data/tickets), and when an order gives occasion for it."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from simulation.environments.corecraft.generator import texts
from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.moments import NOW, Span, after
from simulation.environments.corecraft.generator.records import Order

TYPES = ("return", "troubleshooting", "recommendation", "order_issue", "shipping", "billing")
OUTCOMES = {
    "return": "refund_issued",
    "troubleshooting": "troubleshooting_steps",
    "recommendation": "recommendation_provided",
    "order_issue": "order_updated",
    "shipping": "no_action",
    "billing": "no_action",
}


@dataclass(frozen=True, eq=False)
class Situation:
    """One reason to write, with the ways in which people put it.

    paired: the first subject, opening and answer belong together, and so do the second ones.
    """

    key: str
    type: str
    subjects: list[str]
    opens: list[str]
    middles: list[str]
    asks: list[str]
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    when: str = "delivered"
    reason: str = ""
    cause: str = ""
    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    urgency: int = 1
    outcome: str = ""
    replacement: bool = False
    within_week: bool = False
    abroad: bool = False
    needs_other: bool = False
    paired: bool = False

    def __post_init__(self) -> None:
        lengths = {len(self.subjects), len(self.opens), len(self.done)}
        if self.paired and len(lengths) > 1:
            raise ValueError(f"{self.key}: as many subjects as openings and answers are wanted")

    def concerns(self, product: Product) -> bool:
        if product.is_plain or (self.products and product.id not in self.products):
            return False
        return bool(self.products) or not self.categories or product.category in self.categories

    def suits(self, order: Order) -> bool:
        """Tell whether the order's customer, country and size allow it."""
        country = order.address["country"]
        return (
            (not self.countries or country in self.countries)
            and (not self.tiers or order.customer.tier in self.tiers)
            and (not self.abroad or country != "US")
            and (not self.needs_other or len(order.lines) > 1)
        )

    def usual_outcome(self) -> str:
        return "replacement_sent" if self.replacement else self.outcome or OUTCOMES[self.type]


@cache
def situations(ticket_type: str) -> tuple[Situation, ...]:
    return tuple(_read(ticket_type))


@cache
def by_key() -> dict[str, Situation]:
    return {each.key: each for kind in TYPES for each in situations(kind)}


def span_of(situation: Situation, order: Order) -> Span | None:
    """Give when somebody could write about an order in this way, None when never."""
    span = _SPANS[situation.when](order)
    if span and situation.within_week and order.delivered:
        span = span.within(span.low, after(order.delivered, days=6))
    return span and span.within(span.low, NOW)


def span_when(when: str, order: Order) -> Span | None:
    """Give when an order gives occasion of a kind, whatever is written about it."""
    return _SPANS[when](order)


def settled_by(situation: Situation, order: Order) -> bool | None:
    """Tell whether the order's state says that the ticket is done; None when it says nothing."""
    if situation.type == "return" and not situation.replacement:
        return False  # with a refund of its own it would be told by that
    if situation.when in ("cancel_pending", "cancel_paid"):
        return order.cancelled is not None
    if situation.when == "paid_delivered":
        return False
    return False if situation.when in ("late_open", "exception") and not order.delivered else None


def _read(ticket_type: str) -> Iterator[Situation]:
    for row in texts.table(f"tickets/{ticket_type}.toml")["situation"]:
        yield Situation(
            type=ticket_type, **{name: _frozen(name, value) for name, value in row.items()}
        )


def _frozen(name: str, value: Any) -> Any:
    return tuple(value) if name in ("categories", "products", "countries", "tiers") else value


def _from(moment: dt.datetime | None, *, hours: int, days: int) -> Span | None:
    """Span from so many hours after an instant to so many days after it."""
    return Span(after(moment, hours=hours), after(moment, days=days)) if moment else None


def _between(low: dt.datetime | None, high: dt.datetime | None, *, hours: int = 0) -> Span | None:
    if low is None:
        return None
    return Span(after(low, hours=hours), high or NOW).within(after(low, hours=hours), NOW)


def _in_transit(order: Order) -> Span | None:
    end = order.shipment.first("out_for_delivery", "lost", "exception") if order.shipment else None
    return _between(order.picked_up, end, hours=20)


def _label_created(order: Order) -> Span | None:
    return _between(order.shipment.created, order.picked_up, hours=10) if order.shipment else None


def _overdue(order: Order) -> Span | None:
    shipment = order.shipment
    if shipment is None or shipment.first("lost"):
        return None
    return _between(shipment.eta, order.delivered, hours=2)


def _late(order: Order) -> Span | None:
    if order.shipment and order.delivered and order.delivered > order.shipment.eta:
        return _from(order.delivered, hours=2, days=9)
    return None


def _exception(order: Order) -> Span | None:
    held = order.shipment.first("exception") if order.shipment else None
    return _between(held, order.delivered, hours=1)


def _lost(order: Order) -> Span | None:
    lost = order.shipment.first("lost") if order.shipment else None
    return _from(lost, hours=2, days=6)


def _pending(order: Order) -> Span | None:
    if order.payment.method != "bank_transfer" or order.cancelled:
        return None
    return _between(order.created, order.payment.processed, hours=18)


def _paid(order: Order) -> Span | None:
    if order.cancelled or order.fate == "backorder" or not order.paid:
        return None
    return _between(order.paid, order.picked_up, hours=1)


def _cancel_pending(order: Order) -> Span | None:
    if order.payment.status == "pending":
        return _between(order.created, NOW, hours=1)
    asked = order.fate == "cancelled_unpaid" and not order.failure
    return _between(order.created, order.cancelled, hours=1) if asked else None


def _cancel_paid(order: Order) -> Span | None:
    if order.fate == "paid":
        return _between(order.paid, order.picked_up)
    return _between(order.paid, order.cancelled) if order.fate == "cancelled_paid" else None


def _backorder(order: Order) -> Span | None:
    return _between(order.paid, NOW, hours=60) if order.fate == "backorder" else None


def _cancelled(order: Order) -> Span | None:
    return _from(order.cancelled, hours=1, days=12) if order.failure else None


def _failed_attempt(order: Order) -> Span | None:
    tried = len(order.payments) > 1 and order.payment.status != "failed"
    return _from(order.created, hours=2, days=6) if tried else None


def _failed_payment(order: Order) -> Span | None:
    declined = order.failure == "payment declined"
    return _from(order.created, hours=1, days=4) if declined else None


def _refund_waiting(order: Order) -> Span | None:
    waiting = [r.created for r in order.refunds if r.status in ("pending", "approved", "failed")]
    return _between(after(waiting[0], days=2), NOW) if waiting else None


def _refunded(order: Order) -> Span | None:
    done = [refund.processed for refund in order.refunds if refund.processed]
    return _from(done[0], hours=1, days=10) if done and not order.cancelled else None


def _unnoticed(order: Order) -> Span | None:
    return _from(order.delivered, hours=20, days=40) if order.fate == "paid_delivered" else None


_SPANS: dict[str, Callable[[Order], Span | None]] = {
    "delivered": lambda order: _from(order.delivered, hours=5, days=40),
    "late": _late,
    "in_transit": _in_transit,
    "moving": _in_transit,
    "label_created": _label_created,
    "late_open": _overdue,
    "exception": _exception,
    "lost": _lost,
    "pending": _pending,
    "paid": _paid,
    "cancel_pending": _cancel_pending,
    "cancel_paid": _cancel_paid,
    "backorder": _backorder,
    "cancelled": _cancelled,
    "failed_attempt": _failed_attempt,
    "failed_payment": _failed_payment,
    "refund_waiting": _refund_waiting,
    "refunded": _refunded,
    "recent": lambda order: _from(order.paid, hours=20, days=7),
    "any": lambda order: None if order.cancelled else _from(order.paid, hours=20, days=50),
    "paid_delivered": _unnoticed,
}
