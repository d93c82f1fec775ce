"""Find support tickets, open them, change them and settle them."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Resolution, SupportTicket
from simulation.environments.corecraft.tools.conditions import contains, every, folded, within
from simulation.environments.corecraft.tools.orderings import MOST_URGENT
from simulation.environments.corecraft.tools.parameters import OneOrMore, Subject, Text
from simulation.environments.corecraft.tools.references import need_given
from simulation.errors import InvalidArgument
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


@tool(writes=False)
def search_tickets(
    world: WorldState,
    *,
    ticket_id: Id | None = None,
    customer_id: Id | None = None,
    order_id: Id | None = None,
    assigned_employee_id: Id | None = None,
    status: OneOrMore[SupportTicket.Status] | None = None,
    priority: OneOrMore[SupportTicket.Priority] | None = None,
    ticket_type: OneOrMore[SupportTicket.TicketType] | None = None,
    text: Text | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    updated_after: After | None = None,
    updated_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find support tickets; all conditions given must hold.

    Sorted by priority, high first, then newest first.

    text: part of the subject or the body, ignoring case
    """
    where = every(
        within("createdAt", created_after, created_before),
        within("updatedAt", updated_after, updated_before),
        contains(world, "support_ticket", folded("subject", "body"), text),
    )
    equals = {
        "id": ticket_id,
        "customerId": customer_id,
        "orderId": order_id,
        "assignedEmployeeId": assigned_employee_id,
        "status": status,
        "priority": priority,
        "ticketType": ticket_type,
    }
    return world.search(
        "support_ticket", order=MOST_URGENT, equals=equals, where=where, limit=limit
    )


@tool(writes=True, toolsets=())
def create_ticket(
    world: WorldState,
    *,
    customer_id: Id,
    ticket_type: SupportTicket.TicketType,
    subject: Subject,
    body: Text,
    order_id: Id | None = None,
    build_id: Id | None = None,
    channel: SupportTicket.Channel = SupportTicket.Channel.CHAT,
    priority: SupportTicket.Priority = SupportTicket.Priority.NORMAL,
) -> Row:
    """Open a support ticket for a customer; it is new and assigned to nobody.

    Answers with the ticket.

    body: what the customer wants, in full
    channel: how the customer asked
    """
    world.need("customer", customer_id, field="customer_id")
    need_given(world, "order", order_id, field="order_id")
    need_given(world, "build", build_id, field="build_id")
    fields = {
        "customerId": customer_id,
        "orderId": order_id,
        "buildId": build_id,
        "ticketType": ticket_type,
        "channel": channel,
        "priority": priority,
        "status": SupportTicket.Status.NEW,
        "subject": subject,
        "body": body,
    }
    return world.create("support_ticket", fields)


@tool(writes=True)
def update_ticket_status(
    world: WorldState,
    *,
    ticket_id: Id,
    status: SupportTicket.Status | None = None,
    priority: SupportTicket.Priority | None = None,
    ticket_type: SupportTicket.TicketType | None = None,
    assigned_employee_id: Id | None = None,
    resolution_id: Id | None = None,
    closure_reason: SupportTicket.ClosureReason | None = None,
) -> Row:
    """Change a support ticket; give one or more of the fields to set. Answers with the ticket.

    resolution_id: the resolution that settles the ticket; make it first
    closure_reason: why the ticket was resolved or closed
    """
    given = {
        "status": status,
        "priority": priority,
        "ticketType": ticket_type,
        "assignedEmployeeId": assigned_employee_id,
        "resolutionId": resolution_id,
        "closureReason": closure_reason,
    }
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise InvalidArgument(
            "nothing to change: give status, priority, ticket_type, assigned_employee_id,"
            " resolution_id or closure_reason"
        )
    world.need("support_ticket", ticket_id, field="ticket_id")
    need_given(world, "employee", assigned_employee_id, field="assigned_employee_id")
    need_given(world, "resolution", resolution_id, field="resolution_id")
    return world.update("support_ticket", ticket_id, changes)


@tool(writes=True)
def create_resolution(
    world: WorldState,
    *,
    ticket_id: Id,
    outcome: Resolution.Outcome,
    details: Text | None = None,
    resolved_by_id: Id | None = None,
    linked_refund_id: Id | None = None,
) -> Row:
    """Record how a support ticket was settled and link it to the ticket; its status stays as it is.

    Answers with the resolution.

    details: what was found and done, for colleagues
    resolved_by_id: the employee who settled it; you, when left out
    linked_refund_id: the refund that was part of it
    """
    world.need("support_ticket", ticket_id, field="ticket_id")
    need_given(world, "employee", resolved_by_id, field="resolved_by_id")
    need_given(world, "refund", linked_refund_id, field="linked_refund_id")
    fields = {
        "ticketId": ticket_id,
        "outcome": outcome,
        "details": details,
        "resolvedById": resolved_by_id or world.agent_employee_id,
        "linkedRefundId": linked_refund_id,
    }
    resolution = world.create("resolution", fields)
    world.update("support_ticket", ticket_id, {"resolutionId": resolution["id"]})
    return resolution
