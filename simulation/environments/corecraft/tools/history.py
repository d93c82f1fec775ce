"""Look back at what a customer wanted from support."""

from collections.abc import Iterable
from typing import Annotated, Any

from simulation.entities import Row
from simulation.environments.corecraft.models import SupportTicket
from simulation.environments.corecraft.tools.conditions import within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.state import WorldState
from simulation.tools import AlsoNamed, tool
from simulation.values import After, Before, Id

_SETTLED = (SupportTicket.Status.RESOLVED, SupportTicket.Status.CLOSED)


@tool(writes=False)
def get_customer_ticket_history(
    world: WorldState,
    *,
    customer_id: Id,
    include_resolved: bool = True,
    created_after: Annotated[After, AlsoNamed(("tkt_created_after",))] | None = None,
    created_before: Annotated[Before, AlsoNamed(("tkt_created_before",))] | None = None,
) -> dict[str, Any]:
    """Look at all support tickets of a customer, with their escalations and resolutions.

    Answers with tickets, escalations and resolutions, each newest first.

    include_resolved: false leaves out tickets that are resolved or closed
    created_after: when the ticket was opened
    created_before: when the ticket was opened
    """
    world.need("customer", customer_id, field="customer_id")
    is_within = within("createdAt", created_after, created_before)
    tickets = [
        ticket
        for ticket in world.find("support_ticket", "customerId", customer_id)
        if (include_resolved or ticket["status"] not in _SETTLED)
        and (is_within is None or is_within(ticket))
    ]
    return {
        "tickets": NEWEST.sort(tickets),
        "escalations": _of_tickets(world, "escalation", tickets),
        "resolutions": _of_tickets(world, "resolution", tickets),
    }


def _of_tickets(world: WorldState, entity_type: str, tickets: Iterable[Row]) -> list[Row]:
    found = (row for each in tickets for row in world.find(entity_type, "ticketId", each["id"]))
    return NEWEST.sort(found)
