"""Parcels: when the label is made, where they are scanned, whether and when they arrive."""

import datetime as dt

from simulation.environments.corecraft.generator.dice import Dice
from simulation.environments.corecraft.generator.draft import Draft
from simulation.environments.corecraft.generator.moments import NOW, after, days_between, later
from simulation.environments.corecraft.generator.records import Event, Order, Shipment

LOST, OVERDUE, HELD_UP, UNNOTICED = 12, 10, 8, 6
WINDOWS = {"standard": (3, 6), "express": (2, 3), "overnight": (1, 1)}  # days
_LATE, _HICCUP = 12, 5  # percent
_WEST_STATES = {"Reno, NV": ("AZ", "CA", "HI", "ID", "NM", "NV", "OR", "UT", "WA", "CO", "TX")}
_EAST = "Harrisburg, PA"
WAREHOUSES = (*_WEST_STATES, _EAST)
# on the first and on the second half of the way from each warehouse
_HUBS = {
    "Reno, NV": (
        (
            "Salt Lake City, UT",
            "Ontario, CA",
            "Sacramento, CA",
            "Fresno, CA",
            "Las Vegas, NV",
            "Boise, ID",
        ),
        (
            "Phoenix, AZ",
            "Denver, CO",
            "Portland, OR",
            "Dallas, TX",
            "Albuquerque, NM",
            "Seattle, WA",
        ),
    ),
    _EAST: (
        (
            "Pittsburgh, PA",
            "Columbus, OH",
            "Cleveland, OH",
            "Newark, NJ",
            "Allentown, PA",
            "Akron, OH",
        ),
        (
            "Louisville, KY",
            "Memphis, TN",
            "Charlotte, NC",
            "Atlanta, GA",
            "St. Louis, MO",
            "Chicago, IL",
        ),
    ),
}
_PORTS = {"CA": "Buffalo, NY", "AU": "Sydney, AU", "NZ": "Auckland, NZ"}
_HICCUPS = (
    "Address query, further information needed",
    "Delayed by weather",
    "Label damaged, parcel relabelled",
    "Nobody at home, second attempt planned",
)
_CLEARANCE = "Clearance delay, documents or payment of duty needed"
_PLACES = ("Left at front door", "Handed to resident", "Left with neighbour", "Left at reception")


def plan_deliveries(draft: Draft) -> None:
    dice = draft.dice("deliveries")
    for order in draft.orders:
        if order.fate == "shipped":
            order.shipment = _arriving(dice, order)
        elif order.fate == "paid" and dice.chance(35):
            order.shipment = _labelled(dice, order)
        if order.shipment and order.shipment.created > NOW:
            order.shipment = None
    _spoil_some(draft, dice)
    _overlook_some(draft, dice)
    _have_one_on_the_van(draft)


def _arriving(dice: Dice, order: Order) -> Shipment:
    """Send a parcel all the way; what lies after the clock has not happened yet."""
    shipment = _labelled(dice, order)
    target = _arrival(dice, order, shipment)
    picked_up = later(dice, shipment.created, 3, 22)
    shipment.events += _scans(dice, order, picked_up, target)
    out = max(after(picked_up, minutes=35), after(target, hours=-dice.number(2, 8)))
    shipment.events.append(Event(out, "out_for_delivery", _city(order)))
    shipment.events.append(Event(target, "delivered", _city(order), dice.one(_PLACES)))
    _cut(shipment)
    return shipment


def _labelled(dice: Dice, order: Order) -> Shipment:
    made = later(dice, order.paid or order.created, 2, 44)
    eta = after(made, days=WINDOWS[order.service][1]).replace(hour=23, minute=59, second=59)
    label = Event(made, "label_created", warehouse_of(order))
    return Shipment(order, _tracking(dice, order.carrier), [label], eta)


def _arrival(dice: Dice, order: Order, shipment: Shipment) -> dt.datetime:
    low, high = WINDOWS[order.service]
    days = dice.number(low, high)
    if dice.chance(_LATE):
        days = high + dice.weighted({1: 45, 2: 25, 3: 15, 4: 10, 6: 5})
    day = after(shipment.created, days=days)
    return max(day.replace(hour=dice.number(14, 23)), after(shipment.created, hours=24))


def _scans(dice: Dice, order: Order, picked_up: dt.datetime, target: dt.datetime) -> list[Event]:
    """Scan the parcel at pick-up and on the way, in time order."""
    events = [Event(picked_up, "in_transit", warehouse_of(order), "Picked up")]
    hours = int((target - picked_up).total_seconds() // 3600)
    for share in (30, 65):
        moment = after(picked_up, hours=hours * share // 100, minutes=dice.number(0, 59))
        if hours > 30 and dice.chance(80):
            events.append(Event(moment, "in_transit", _on_the_way(dice, order, share), "Departed"))
    if hours > 40 and dice.chance(_HICCUP):
        moment = after(picked_up, hours=hours * 80 // 100, minutes=dice.number(0, 59))
        events.append(Event(moment, "exception", _city(order), _trouble(dice, order)))
    return events


def _cut(shipment: Shipment) -> None:
    events = sorted(shipment.events, key=lambda event: event.at)
    shipment.events = [event for event in events if event.at <= NOW] or events[:1]


def _spoil_some(draft: Draft, dice: Dice) -> None:
    """Lose some parcels, and let others hang about overdue or held up."""
    plans = (("lost", LOST, 24, 170), ("exception", HELD_UP, 4, 11), ("overdue", OVERDUE, 8, 14))
    for plan, count, youngest, oldest in plans:
        fitting = [
            order
            for order in draft.orders
            if order.picked_up and youngest <= days_between(order.created, NOW) <= oldest
            if order.shipment and order.shipment.status not in ("lost", "exception")
            if plan == "exception" or order.shipment.eta < NOW
        ]
        for order in dice.some(fitting, draft.scaled(count)):
            _spoil(dice, order, plan)


def _spoil(dice: Dice, order: Order, plan: str) -> None:
    shipment = order.shipment
    if shipment is None or order.picked_up is None:
        return
    kept = [event for event in shipment.events if event.status in ("label_created", "in_transit")]
    last = max(event.at for event in kept)
    if plan == "lost":
        at = max(after(shipment.eta, days=dice.number(6, 9)), after(last, days=1))
        kept.append(Event(at, "lost", kept[-1].place, "Search ended without result"))
    elif plan == "exception":
        kept.append(
            Event(later(dice, last, 8, 30), "exception", _city(order), _trouble(dice, order))
        )
    shipment.events = kept
    _cut(shipment)


def _overlook_some(draft: Draft, dice: Dice) -> None:
    """Leave a few delivered orders at paid: the hand-over scan was missed."""
    fitting = [
        order
        for order in draft.orders
        if order.delivered and 6 <= days_between(order.delivered, NOW) <= 50
    ]
    for order in dice.some(fitting, draft.scaled(UNNOTICED)):
        order.fate = "paid_delivered"
        draft.note("order", order, "delivered_but_paid")


def _have_one_on_the_van(draft: Draft) -> None:
    """Bring a parcel out for delivery where chance has none between depot and door at the clock."""
    parcels = [order.shipment for order in draft.orders if order.shipment]
    moving = [each for each in parcels if each.status == "in_transit" and each.eta > NOW]
    if moving and all(each.status != "out_for_delivery" for each in parcels):
        parcel = min(moving, key=lambda each: each.eta)
        at = max(after(parcel.events[-1].at, minutes=35), after(NOW, hours=-3))
        parcel.events.append(Event(min(at, NOW), "out_for_delivery", _city(parcel.order)))


def warehouse_of(order: Order) -> str:
    """Give from where an order is sent."""
    region = order.address["region"]
    return next((place for place, states in _WEST_STATES.items() if region in states), _EAST)


def _on_the_way(dice: Dice, order: Order, share: int) -> str:
    country = order.address["country"]
    if country == "US" or share < 50:
        return dice.one(_HUBS[warehouse_of(order)][share > 50])
    return _PORTS.get(country, "East Midlands, GB" if country in ("GB", "IE") else "Leipzig, DE")


def _trouble(dice: Dice, order: Order) -> str:
    return dice.one(_HICCUPS) if order.address["country"] == "US" else _CLEARANCE


def _city(order: Order) -> str:
    country = order.address["country"]
    return f"{order.address['city']}, {order.address['region'] if country == 'US' else country}"


def _tracking(dice: Dice, carrier: str) -> str:
    if carrier == "UPS Ground":
        return f"1Z{dice.digits(6)}03{dice.digits(8)}"
    return f"9400{dice.digits(18)}" if carrier == "USPS Ground" else f"7{dice.digits(11)}"
