"""Find employees."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Employee
from simulation.environments.corecraft.models.people import Permission
from simulation.environments.corecraft.tools.conditions import contains, every, folded
from simulation.environments.corecraft.tools.orderings import BY_NAME
from simulation.environments.corecraft.tools.parameters import OneOrMore, Text
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import Id


@tool(writes=False)
def search_employees(
    world: WorldState,
    *,
    employee_id: Id | None = None,
    name: Text | None = None,
    department: OneOrMore[Employee.Department] | None = None,
    role: Text | None = None,
    has_permission: OneOrMore[Permission] | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find colleagues; all conditions given must hold. Sorted by name.

    name: part of the name, ignoring case
    role: part of the job title, ignoring case
    has_permission: what they may do; of several, one is enough
    """
    where = every(
        contains(world, "employee", folded("name"), name),
        contains(world, "employee", folded("title"), role),
    )
    equals = {"id": employee_id, "department": department, "permissions": has_permission}
    return world.search("employee", order=BY_NAME, equals=equals, where=where, limit=limit)
