"""Find shipments."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Shipment
from simulation.environments.corecraft.tools.conditions import within
from simulation.environments.corecraft.tools.orderings import NEWEST
from simulation.environments.corecraft.tools.parameters import OneOrMore, Text
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


@tool(writes=False)
def search_shipments(
    world: WorldState,
    *,
    shipment_id: Id | None = None,
    order_id: Id | None = None,
    tracking_number: Text | None = None,
    carrier: OneOrMore[Shipment.Carrier] | None = None,
    status: OneOrMore[Shipment.Status] | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find shipments with their tracking events; all conditions given must hold.

    Sorted newest first.

    tracking_number: the whole number, as the carrier writes it
    created_after: when the label was made
    created_before: when the label was made
    """
    where = within("createdAt", created_after, created_before)
    equals = {
        "id": shipment_id,
        "orderId": order_id,
        "trackingNumber": tracking_number,
        "carrier": carrier,
        "status": status,
    }
    return world.search("shipment", order=NEWEST, equals=equals, where=where, limit=limit)
