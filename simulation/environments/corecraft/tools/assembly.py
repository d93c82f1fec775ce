"""Put builds together and change them. Whether the parts fit is not looked at here."""

from typing import Annotated

from pydantic import Field

from simulation.entities import Row
from simulation.environments.corecraft.models import Build
from simulation.environments.corecraft.tools.parameters import Name
from simulation.environments.corecraft.tools.references import need_given
from simulation.errors import InvalidArgument
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id

_Components = Annotated[list[Id], Field(min_length=1)]


@tool(writes=True, toolsets=())
def create_build(
    world: WorldState,
    *,
    component_ids: _Components,
    customer_id: Id | None = None,
    name: Name | None = None,
) -> Row:
    """Save parts as a build; whether they fit is not checked. Answers with the build.

    component_ids: products; two of one are written twice
    customer_id: whose build it is; the company's own when left out
    """
    need_given(world, "customer", customer_id, field="customer_id")
    _need_products(world, component_ids)
    owner = Build.OwnerType.CUSTOMER if customer_id else Build.OwnerType.INTERNAL
    fields = {
        "name": name,
        "ownerType": owner,
        "customerId": customer_id,
        "componentIds": component_ids,
    }
    return world.create("build", fields)


@tool(writes=True, toolsets=())
def update_build(
    world: WorldState,
    *,
    build_id: Id,
    component_ids: _Components | None = None,
    name: Name | None = None,
) -> Row:
    """Change the parts or the name of a build; whether the parts fit is not checked.

    Answers with the build.

    component_ids: all parts that it has from now on; two of one are written twice
    """
    if component_ids is None and name is None:
        raise InvalidArgument("nothing to change: give component_ids or name")
    world.need("build", build_id, field="build_id")
    _need_products(world, component_ids or [])
    given = {"componentIds": component_ids, "name": name}
    changes = {field: value for field, value in given.items() if value is not None}
    return world.update("build", build_id, changes)


def _need_products(world: WorldState, component_ids: list[str]) -> None:
    for key in component_ids:
        world.need("product", key, field="component_ids")
