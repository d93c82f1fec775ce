"""The rows while they are made: plain objects that know each other; ids come at the end."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from simulation.environments.corecraft.generator.catalogue import Product
from simulation.environments.corecraft.generator.offers import Bill, Goods, Offer, bill
from simulation.environments.corecraft.terms import FEES, OUTSTANDING, RATES, SERVICES

_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
HANDWRITTEN = "handwritten"
_LEFT_ALONE = "-004"  # the fourth ticket of a day is neither escalated nor talked about


@dataclass(eq=False, slots=True)
class Employee:
    """Somebody who works here."""

    id: str
    row: dict[str, Any]

    def may(self, permission: str) -> bool:
        return permission in self.row["permissions"]


@dataclass(eq=False, slots=True)
class Customer:
    """Somebody who buys here."""

    first: str
    last: str
    tier: str
    addresses: list[dict[str, str]]
    born: dt.date
    email: str = ""
    phone: str = ""
    contact: list[str] = field(default_factory=list)
    created: dt.datetime = _NEVER
    orders: "list[Order]" = field(default_factory=list)
    id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def home(self) -> dict[str, str]:
        return self.addresses[0]


@dataclass(eq=False, slots=True)
class Line:
    """So many of one product."""

    product: Product
    qty: int = 1


def _goods(lines: list[Line]) -> Goods:
    return [(line.product, line.qty) for line in lines]


@dataclass(eq=False, slots=True)
class Payment:
    """One attempt to pay an order."""

    order: "Order"
    method: str
    status: str
    created: dt.datetime
    processed: dt.datetime | None = None
    failure: str = ""
    transaction: str = ""
    id: str = ""


@dataclass(eq=False, slots=True)
class Event:
    """What the carrier reported."""

    at: dt.datetime
    status: str
    place: str
    details: str = ""


@dataclass(eq=False, slots=True)
class Shipment:
    """The parcel of an order."""

    order: "Order"
    tracking: str
    events: list[Event]
    eta: dt.datetime
    id: str = ""

    @property
    def created(self) -> dt.datetime:
        return self.events[0].at

    @property
    def status(self) -> str:
        return self.events[-1].status

    def first(self, *statuses: str) -> dt.datetime | None:
        """Give when the parcel first had one of these statuses."""
        return next((event.at for event in self.events if event.status in statuses), None)


@dataclass(eq=False, slots=True)
class Refund:
    """Money that goes back, or was asked for."""

    order: "Order"
    lines: list[Line]
    reason: str
    status: str
    created: dt.datetime
    processed: dt.datetime | None = None
    ticket: "Ticket | None" = None
    id: str = ""

    @property
    def exact(self) -> Decimal:
        return self.order.bill.cost(_goods(self.lines))


@dataclass(eq=False, slots=True)
class Build:
    """Parts that make one machine. customer: whose it is, None for the company's own."""

    parts: list[Product]
    created: dt.datetime
    updated: dt.datetime
    name: str = ""
    customer: Customer | None = None
    id: str = ""


@dataclass(eq=False, slots=True)
class Order:
    """What a customer bought at one time. fate: what becomes of it, decided before the details."""

    created: dt.datetime
    lines: list[Line]
    edge: bool = False
    fate: str = ""
    customer: Customer = field(default_factory=lambda: Customer("", "", "none", [], dt.date.min))
    carrier: str = ""
    address: dict[str, str] = field(default_factory=dict)
    status: str = ""
    updated: dt.datetime = _NEVER
    failure: str = ""
    cancelled: dt.datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    shipment: Shipment | None = None
    refunds: list[Refund] = field(default_factory=list)
    tickets: "list[Ticket]" = field(default_factory=list)
    id: str = ""
    offer: Offer | None = None
    build: Build | None = None

    @property
    def service(self) -> str:
        return SERVICES[self.carrier]

    @property
    def fee(self) -> Decimal:
        return FEES[self.service]

    @property
    def rate(self) -> Decimal:
        return RATES[self.customer.tier]

    @property
    def exact_total(self) -> Decimal:
        """Give what is to be paid, not rounded yet."""
        return self.bill.cost(self.goods) + self.fee

    @property
    def goods(self) -> Goods:
        return _goods(self.lines)

    @property
    def bill(self) -> Bill:
        """What the goods cost the customer, with tier and promotion."""
        return bill(self.goods, self.rate, self.offer)

    @property
    def payment(self) -> Payment:
        return self.payments[-1]

    @property
    def paid(self) -> dt.datetime | None:
        return self.payment.processed if self.payments else None

    @property
    def delivered(self) -> dt.datetime | None:
        return self.shipment.first("delivered") if self.shipment else None

    @property
    def picked_up(self) -> dt.datetime | None:
        return self.shipment.first("in_transit") if self.shipment else None

    @property
    def products(self) -> Iterator[Product]:
        return (line.product for line in self.lines)

    def has(self, product: Product) -> bool:
        return any(line.product is product for line in self.lines)


@dataclass(eq=False, slots=True)
class Ticket:
    """What a customer wants. kind: the situation behind it, way: which of its openings."""

    customer: Customer
    kind: str
    type: str
    created: dt.datetime
    order: Order | None = None
    product: Product | None = None
    other: Product | None = None
    refund: Refund | None = None
    channel: str = "web"
    priority: str = "normal"
    status: str = ""
    subject: str = ""
    body: str = ""
    urgency: int = 1
    settled: bool | None = None
    assignee: Employee | None = None
    resolution: "Resolution | None" = None
    closure: str = ""
    updated: dt.datetime = _NEVER
    filed_under: str = ""
    way: int = 0
    id: str = ""
    build: Build | None = None

    @property
    def outstanding(self) -> bool:
        return self.status in OUTSTANDING

    @property
    def left_alone(self) -> bool:
        """Tell whether nothing points at it, so that a task can take it away."""
        return self.id.endswith(_LEFT_ALONE)


@dataclass(eq=False, slots=True)
class Resolution:
    """How a ticket was settled."""

    ticket: Ticket
    outcome: str
    details: str
    by: Employee
    created: dt.datetime
    refund: Refund | None = None
    id: str = ""


@dataclass(eq=False, slots=True)
class Escalation:
    """A ticket that was handed to a department. kind: its type in the records."""

    ticket: Ticket
    kind: str
    destination: str
    notes: str
    created: dt.datetime
    resolved: dt.datetime | None = None
    id: str = ""


@dataclass(eq=False, slots=True)
class Message:
    """What somebody wrote in a channel of the chat."""

    channel: str
    author: str
    text: str
    created: dt.datetime
    ticket: Ticket | None = None
    reactions: list[tuple[str, list[str]]] = field(default_factory=list)
    id: str = ""
