"""Hand tickets to a department, and find what was handed over."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Employee, Escalation
from simulation.environments.corecraft.tools.conditions import every, within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore, Text
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


@tool(writes=True)
def create_escalation(
    world: WorldState,
    *,
    ticket_id: Id,
    escalation_type: Escalation.Type,
    destination: Employee.Department,
    notes: Text | None = None,
) -> Row:
    """Hand a support ticket to a department; the ticket stays as it is.

    Answers with the escalation.

    destination: the department
    notes: what the department has to know
    """
    world.need("support_ticket", ticket_id, field="ticket_id")
    fields = {
        "ticketId": ticket_id,
        "escalationType": escalation_type,
        "destination": destination,
        "notes": notes,
    }
    return world.create("escalation", fields)


@tool(writes=False, toolsets=())
def search_escalations(
    world: WorldState,
    *,
    escalation_id: Id | None = None,
    ticket_id: Id | None = None,
    escalation_type: OneOrMore[Escalation.Type] | None = None,
    destination: OneOrMore[Employee.Department] | None = None,
    open_only: bool = False,
    created_after: After | None = None,
    created_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find escalations; all conditions given must hold. Sorted newest first.

    destination: the department
    open_only: only escalations that are not resolved yet
    """
    where = every(
        _is_open if open_only else None,
        within("createdAt", created_after, created_before),
    )
    equals = {
        "id": escalation_id,
        "ticketId": ticket_id,
        "escalationType": escalation_type,
        "destination": destination,
    }
    return world.search("escalation", order=NEWEST, equals=equals, where=where, limit=limit)


def _is_open(row: Row) -> bool:
    return "resolvedAt" not in row
