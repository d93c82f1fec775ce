"""The wire form of every row: camelCase, instants with Z, absent fields left out."""

import datetime as dt
from decimal import Decimal
from typing import Any

from simulation.environments.corecraft.generator.catalogue import MACHINES, Product
from simulation.environments.corecraft.generator.company_builds import base_builds
from simulation.environments.corecraft.generator.levels import Level
from simulation.environments.corecraft.generator.offers import Offer
from simulation.environments.corecraft.generator.records import (
    Build,
    Customer,
    Employee,
    Escalation,
    Event,
    Message,
    Order,
    Payment,
    Refund,
    Resolution,
    Shipment,
    Ticket,
)
from simulation.environments.corecraft.generator.rulebook import warranty_of
from simulation.values import amount, write_instant

Row = dict[str, Any]


def product_row(product: Product) -> Row:
    return _without_absent(
        name=product.name,
        brand=product.brand,
        sku=product.sku,
        category=product.category,
        price=amount(product.price),
        inventory={"inStock": product.stock, "backorderable": product.orderable},
        specs=_specs(product),
        warrantyMonths=product.months,
        warrantyPolicyId=warranty_of(product),
    )


def employee_row(employee: Employee) -> Row:
    return employee.row | {"permissions": list(employee.row["permissions"])}


def customer_row(person: Customer) -> Row:
    return _without_absent(
        name=person.name,
        email=person.email,
        phone=person.phone,
        dateOfBirth=person.born.isoformat(),
        loyaltyTier=person.tier,
        addresses=[dict(address) for address in person.addresses],
        communicationPreferences=person.contact,
        createdAt=write_instant(person.created),
    )


def order_row(order: Order) -> Row:
    shipping = _without_absent(
        address=dict(order.address),
        carrier=order.carrier,
        service=order.service,
        eta=write_instant(order.shipment.eta) if order.shipment else None,
    )
    return _without_absent(
        customerId=order.customer.id,
        lineItems=[{"productId": line.product.id, "qty": line.qty} for line in order.lines],
        status=order.status,
        shipping=shipping,
        buildId=order.build.id if order.build else None,
        promotionCode=order.offer.code if order.offer else None,
        failureReason=order.failure,
        createdAt=write_instant(order.created),
        updatedAt=write_instant(order.updated),
    )


def payment_row(payment: Payment) -> Row:
    return _without_absent(
        orderId=payment.order.id,
        customerId=payment.order.customer.id,
        amount=amount(payment.order.exact_total),
        method=payment.method,
        status=payment.status,
        transactionId=payment.transaction,
        failureReason=payment.failure,
        processedAt=_instant(payment.processed),
        createdAt=write_instant(payment.created),
    )


def shipment_row(shipment: Shipment) -> Row:
    return {
        "orderId": shipment.order.id,
        "carrier": shipment.order.carrier.lower().replace(" ", "_"),
        "trackingNumber": shipment.tracking,
        "status": shipment.status,
        "events": [_event(event) for event in shipment.events],
        "eta": write_instant(shipment.eta),
        "createdAt": write_instant(shipment.created),
    }


def refund_row(refund: Refund) -> Row:
    return _without_absent(
        paymentId=refund.order.payment.id,
        ticketId=refund.ticket.id if refund.ticket else None,
        amount=amount(refund.exact),
        reason=refund.reason,
        status=refund.status,
        lines=[
            {
                "sku": line.product.sku,
                "qty": line.qty,
                "amount": amount(refund.order.bill.cost([(line.product, 1)])),
            }
            for line in refund.lines
        ],
        processedAt=_instant(refund.processed),
        createdAt=write_instant(refund.created),
    )


def ticket_row(ticket: Ticket) -> Row:
    return _without_absent(
        customerId=ticket.customer.id,
        orderId=ticket.order.id if ticket.order else None,
        buildId=ticket.build.id if ticket.build else None,
        ticketType=ticket.filed_under or ticket.type,
        channel=ticket.channel,
        priority=ticket.priority,
        status=ticket.status,
        subject=ticket.subject,
        body=ticket.body,
        assignedEmployeeId=ticket.assignee.id if ticket.assignee else None,
        resolutionId=ticket.resolution.id if ticket.resolution else None,
        closureReason=ticket.closure,
        createdAt=write_instant(ticket.created),
        updatedAt=write_instant(ticket.updated),
    )


def resolution_row(resolution: Resolution) -> Row:
    return _without_absent(
        ticketId=resolution.ticket.id,
        outcome=resolution.outcome,
        details=resolution.details,
        resolvedById=resolution.by.id,
        linkedRefundId=resolution.refund.id if resolution.refund else None,
        createdAt=write_instant(resolution.created),
    )


def build_row(build: Build) -> Row:
    return _without_absent(
        name=build.name,
        ownerType="customer" if build.customer else "internal",
        customerId=build.customer.id if build.customer else None,
        componentIds=[part.id for part in build.parts],
        createdAt=write_instant(build.created),
        updatedAt=write_instant(build.updated),
    )


def level_row(level: Level) -> Row:
    return _without_absent(
        productId=level.product.id,
        warehouse=level.warehouse,
        onHand=level.on_hand,
        reserved=level.reserved,
        reorderPoint=level.reorder_point,
        nextArrival=_instant(level.arrival),
    )


def promotion_row(offer: Offer) -> Row:
    return _without_absent(
        code=offer.code,
        name=offer.name,
        kind=offer.kind,
        value=amount(offer.value),
        startsAt=write_instant(offer.starts),
        endsAt=write_instant(offer.ends),
        minimumSubtotal=amount(offer.minimum) if offer.minimum else None,
        categories=list(offer.categories) or None,
        productIds=list(offer.products) or None,
        stacksWithLoyalty=offer.stacks,
        createdAt=write_instant(offer.created),
    )


def _specs(product: Product) -> Row:
    """Workstations are described as prebuilts. What is inside a prebuilt belongs to its build."""
    specs: Row = {name: _copy(value) for name, value in product.specs.items()}
    if product.category in MACHINES:
        specs["baseBuildId"] = base_builds()[product.id].id
    if product.category == "bundle":
        counts = {part: product.parts.count(part) for part in product.parts}
        specs["components"] = [{"componentId": part, "qty": qty} for part, qty in counts.items()]
        specs["discount"] = dict(product.discount)
    return {"prebuilt" if product.category == "workstation" else product.category: specs}


def _copy(value: Any) -> Any:
    """Give a value of a data file as the wire has it, never the file's own list or table."""
    if isinstance(value, dict | list):
        return value.copy()
    return float(value) if isinstance(value, Decimal) else value


def _event(event: Event) -> Row:
    return _without_absent(
        at=write_instant(event.at), status=event.status, location=event.place, details=event.details
    )


def _instant(moment: dt.datetime | None) -> str | None:
    return write_instant(moment) if moment else None


def _without_absent(**fields: Any) -> Row:
    return {name: value for name, value in fields.items() if value not in (None, "")}


def escalation_row(escalation: Escalation) -> Row:
    return _without_absent(
        ticketId=escalation.ticket.id,
        escalationType=escalation.kind,
        destination=escalation.destination,
        notes=escalation.notes,
        createdAt=write_instant(escalation.created),
        resolvedAt=_instant(escalation.resolved),
    )


def message_row(message: Message) -> Row:
    return _without_absent(
        channelId=message.channel,
        authorId=message.author,
        text=message.text,
        ticketId=message.ticket.id if message.ticket else None,
        reactions=[
            {"emoji": emoji, "employeeIds": list(people)} for emoji, people in message.reactions
        ],
        timestamp=write_instant(message.created),
    )
