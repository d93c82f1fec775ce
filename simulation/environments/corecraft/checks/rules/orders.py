"""Orders: when, for what, and how they are sent."""

from collections.abc import Iterator
from decimal import Decimal

from simulation.entities import Row
from simulation.environments.corecraft.checks.fit import orders_that_do_not_fit
from simulation.environments.corecraft.checks.prices import goods_of, promotion_of, why_not
from simulation.environments.corecraft.terms import SERVICES
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import instant_key


@rule()
def orders_hold_something(inspection: Inspection) -> Iterator[Breach]:
    """An order is for one product at least."""
    for order in inspection.rows("order"):
        if not order["lineItems"]:
            yield Breach("order", order["id"], "lineItems", "nothing is on it")


@rule(noise="order_before_account")
def accounts_are_older_than_orders(inspection: Inspection) -> Iterator[Breach]:
    """An order is placed after its customer's account was opened."""
    for order in inspection.rows("order"):
        customer = inspection.get("customer", order["customerId"]) or {}
        opened = customer.get("createdAt")
        if opened and instant_key(order["createdAt"]) < instant_key(opened):
            sentence = f"{order['createdAt']} is before the account was opened, {opened}"
            yield Breach("order", order["id"], "createdAt", sentence)


@rule()
def the_carrier_fixes_the_service(inspection: Inspection) -> Iterator[Breach]:
    """An order goes by the service that its carrier offers."""
    for order in inspection.rows("order"):
        shipping = order.get("shipping")
        if shipping and SERVICES[shipping["carrier"]] != shipping["service"]:
            offered = SERVICES[shipping["carrier"]]
            sentence = f"{shipping['carrier']} is {offered}, not {shipping['service']}"
            yield Breach("order", order["id"], "shipping.service", sentence)


@rule(noise="delivered_but_paid")
def delivered_orders_are_not_waiting(inspection: Inspection) -> Iterator[Breach]:
    """An order whose parcel was delivered is not still pending or paid."""
    for order in inspection.rows("order"):
        parcels = inspection.find("shipment", "orderId", order["id"])
        arrived = [parcel["id"] for parcel in parcels if parcel["status"] == "delivered"]
        if arrived and order["status"] in ("pending", "paid"):
            sentence = f"still {order['status']}, though {arrived[0]} was delivered"
            yield Breach("order", order["id"], "status", sentence)


@rule()
def cancelled_orders_are_not_sent(inspection: Inspection) -> Iterator[Breach]:
    """No parcel belongs to a cancelled order."""
    for order in inspection.rows("order"):
        parcels = inspection.find("shipment", "orderId", order["id"])
        if order["status"] == "cancelled" and parcels:
            sentence = f"cancelled, though there is the parcel {parcels[0]['id']}"
            yield Breach("order", order["id"], "status", sentence)


@rule()
def promotion_codes_hold(inspection: Inspection) -> Iterator[Breach]:
    """The promotion code of an order is that of a promotion which was for it."""
    for order in inspection.rows("order"):
        code = order.get("promotionCode")
        reason = _why_no_promotion(inspection, order) if code else ""
        if reason:
            yield Breach("order", order["id"], "promotionCode", f"{code} does not hold: {reason}")


@rule()
def builds_are_of_who_orders_them(inspection: Inspection) -> Iterator[Breach]:
    """A customer's build is ordered by that customer."""
    for order in inspection.rows("order"):
        build = inspection.get("build", order.get("buildId")) or {}
        owner = build.get("customerId")
        if owner and owner != order["customerId"]:
            sentence = f"{build['id']} is the build of {owner}, not of {order['customerId']}"
            yield Breach("order", order["id"], "buildId", sentence)


@rule(noise="incompatible_parts")
def parts_of_an_order_fit(inspection: Inspection) -> Iterator[Breach]:
    """The parts on an order fit each other."""
    for order, conflicts in orders_that_do_not_fit(inspection):
        yield Breach("order", order["id"], "lineItems", "; ".join(conflicts))


def _why_no_promotion(inspection: Inspection, order: Row) -> str:
    promotion = promotion_of(inspection, order)
    if promotion is None:
        return "no promotion has this code"
    goods = goods_of(inspection, order["lineItems"]) or ()
    return why_not(promotion, order, sum((price for _, price in goods), Decimal(0)))
