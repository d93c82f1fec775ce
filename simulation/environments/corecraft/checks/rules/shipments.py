"""Parcels: what carriers reported is told in order, and agrees with the order."""

from collections.abc import Iterator
from itertools import pairwise

from simulation.environments.corecraft.checks.duplicates import shared_values
from simulation.environments.corecraft.terms import in_shipments
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import instant_key


@rule()
def the_last_event_is_the_status(inspection: Inspection) -> Iterator[Breach]:
    """The last event of a parcel is its status."""
    for parcel in inspection.rows("shipment"):
        events = parcel.get("events")
        if events and events[-1]["status"] != parcel["status"]:
            sentence = f"{parcel['status']}, but the last event is {events[-1]['status']}"
            yield Breach("shipment", parcel["id"], "status", sentence)


@rule()
def events_are_in_order(inspection: Inspection) -> Iterator[Breach]:
    """The events of a parcel are told from the oldest to the newest."""
    for parcel in inspection.rows("shipment"):
        for before, following in pairwise(parcel.get("events", ())):
            if instant_key(following["at"]) < instant_key(before["at"]):
                sentence = f"{following['at']} comes after {before['at']}"
                yield Breach("shipment", parcel["id"], "events", sentence)


@rule()
def parcels_go_by_the_orders_carrier(inspection: Inspection) -> Iterator[Breach]:
    """A parcel goes by the carrier of its order."""
    for parcel in inspection.rows("shipment"):
        order = inspection.get("order", parcel["orderId"]) or {}
        shipping = order.get("shipping")
        if shipping and in_shipments(shipping["carrier"]) != parcel["carrier"]:
            sentence = f"{parcel['carrier']}, but {order['id']} goes by {shipping['carrier']}"
            yield Breach("shipment", parcel["id"], "carrier", sentence)


@rule()
def parcels_follow_their_order(inspection: Inspection) -> Iterator[Breach]:
    """A parcel is made after its order."""
    for parcel in inspection.rows("shipment"):
        order = inspection.get("order", parcel["orderId"])
        if order and instant_key(parcel["createdAt"]) < instant_key(order["createdAt"]):
            sentence = f"{parcel['createdAt']} is before {order['id']}, {order['createdAt']}"
            yield Breach("shipment", parcel["id"], "createdAt", sentence)


@rule()
def tracking_numbers_are_unique(inspection: Inspection) -> Iterator[Breach]:
    """A tracking number is that of one parcel."""
    yield from shared_values("shipment", inspection.rows("shipment"), "trackingNumber")
