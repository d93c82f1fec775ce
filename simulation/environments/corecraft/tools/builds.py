"""Find builds."""

from simulation.entities import Row
from simulation.environments.corecraft.tools.conditions import contains, every, folded, within
from simulation.environments.corecraft.tools.orderings import BY_NAME
from simulation.environments.corecraft.tools.parameters import Text
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import After, Before, Id


@tool(writes=False)
def search_builds(
    world: WorldState,
    *,
    build_id: Id | None = None,
    customer_id: Id | None = None,
    component_id: Id | None = None,
    name: Text | None = None,
    created_after: After | None = None,
    created_before: Before | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find builds, of customers and of the company; all conditions given must hold.

    Sorted by name.

    customer_id: whose build it is
    component_id: a product that is built in
    name: part of the name, ignoring case
    """
    where = every(
        contains(world, "build", folded("name"), name),
        within("createdAt", created_after, created_before),
    )
    equals = {"id": build_id, "customerId": customer_id, "componentIds": component_id}
    return world.search("build", order=BY_NAME, equals=equals, where=where, limit=limit)
