"""Find resolutions."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Resolution
from simulation.environments.corecraft.tools.conditions import within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


@tool(writes=False, toolsets=())
def search_resolutions(
    world: WorldState,
    *,
    resolution_id: Id | None = None,
    ticket_id: Id | None = None,
    outcome: OneOrMore[Resolution.Outcome] | None = None,
    resolved_by_id: Id | None = None,
    linked_refund_id: Id | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find how tickets were settled; all conditions given must hold. Sorted newest first.

    resolved_by_id: the employee who settled it
    linked_refund_id: the refund that was part of it
    """
    where = within("createdAt", created_after, created_before)
    equals = {
        "id": resolution_id,
        "ticketId": ticket_id,
        "outcome": outcome,
        "resolvedById": resolved_by_id,
        "linkedRefundId": linked_refund_id,
    }
    return world.search("resolution", order=NEWEST, equals=equals, where=where, limit=limit)
