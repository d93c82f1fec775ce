"""Tickets: who has them, how they were settled, and whom they are about."""

from collections.abc import Iterator

from simulation.entities import Row
from simulation.environments.corecraft.checks.spellings import written_otherwise
from simulation.environments.corecraft.terms import OUTSTANDING
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule


@rule()
def new_tickets_are_nobodys(inspection: Inspection) -> Iterator[Breach]:
    """A new ticket is assigned to nobody."""
    for ticket in inspection.rows("support_ticket"):
        if ticket["status"] == "new" and "assignedEmployeeId" in ticket:
            sentence = f"new, but assigned to {ticket['assignedEmployeeId']}"
            yield Breach("support_ticket", ticket["id"], "assignedEmployeeId", sentence)


@rule()
def resolved_tickets_have_a_resolution(inspection: Inspection) -> Iterator[Breach]:
    """A resolved ticket links a resolution."""
    for ticket in inspection.rows("support_ticket"):
        if ticket["status"] == "resolved" and "resolutionId" not in ticket:
            sentence = "none, though the ticket is resolved"
            yield Breach("support_ticket", ticket["id"], "resolutionId", sentence)


@rule()
def resolutions_link_back(inspection: Inspection) -> Iterator[Breach]:
    """The resolution that a ticket links is one of that ticket."""
    for ticket in inspection.rows("support_ticket"):
        resolution = inspection.get("resolution", ticket.get("resolutionId"))
        if resolution and resolution["ticketId"] != ticket["id"]:
            sentence = f"{resolution['id']} is the resolution of {resolution['ticketId']}"
            yield Breach("support_ticket", ticket["id"], "resolutionId", sentence)


@rule()
def closed_tickets_say_why(inspection: Inspection) -> Iterator[Breach]:
    """A ticket has a closure reason exactly when it is resolved or closed."""
    for ticket in inspection.rows("support_ticket"):
        status, reason = ticket["status"], ticket.get("closureReason")
        if (reason is None) is (status not in OUTSTANDING):
            sentence = f"{reason or 'none'}, though the ticket is {status}"
            yield Breach("support_ticket", ticket["id"], "closureReason", sentence)


@rule()
def tickets_are_about_the_writers_orders(inspection: Inspection) -> Iterator[Breach]:
    """The order that a ticket is filed under is one of the ticket's customer."""
    for ticket in inspection.rows("support_ticket"):
        order = inspection.get("order", ticket.get("orderId"))
        if order and order["customerId"] != ticket["customerId"]:
            sentence = f"{order['id']} is of {order['customerId']}, not of {ticket['customerId']}"
            yield Breach("support_ticket", ticket["id"], "orderId", sentence)


@rule(noise="brand_written_differently")
def customers_write_brands_as_the_catalogue(inspection: Inspection) -> Iterator[Breach]:
    """Customers write a brand in as many words as the catalogue does."""
    for written, ticket in written_otherwise(inspection):
        yield Breach("support_ticket", ticket, "", f"writes of a brand as {written!r}")


@rule()
def refunds_and_outcomes_agree(inspection: Inspection) -> Iterator[Breach]:
    """A resolution links a refund exactly when its outcome is that one was issued."""
    for resolution in inspection.rows("resolution"):
        linked = resolution.get("linkedRefundId")
        if (linked is None) is (resolution["outcome"] == "refund_issued"):
            sentence = f"{linked or 'none'}, though the outcome is {resolution['outcome']}"
            yield Breach("resolution", resolution["id"], "linkedRefundId", sentence)


@rule()
def refunds_are_issued_by_who_may(inspection: Inspection) -> Iterator[Breach]:
    """Who resolved a ticket with a refund has the permission issue_refund."""
    for resolution in inspection.rows("resolution"):
        by = inspection.get("employee", resolution.get("resolvedById"))
        if by and resolution["outcome"] == "refund_issued" and not _may_refund(by):
            sentence = f"{by['id']} may not issue refunds"
            yield Breach("resolution", resolution["id"], "resolvedById", sentence)


@rule()
def few_may_issue_refunds(inspection: Inspection) -> Iterator[Breach]:
    """At most a quarter of the employees may issue refunds."""
    staff = list(inspection.rows("employee"))
    allowed = [employee for employee in staff if _may_refund(employee)]
    if len(allowed) > 1 and len(allowed) * 4 > len(staff):
        sentence = f"{len(allowed)} of {len(staff)} may issue refunds"
        yield Breach("employee", "", "permissions", sentence)


def _may_refund(employee: Row) -> bool:
    return "issue_refund" in employee["permissions"]
