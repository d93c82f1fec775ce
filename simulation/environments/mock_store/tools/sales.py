"""Look for sales, sell, and move a sale on."""

from typing import Annotated

from pydantic import Field

from simulation.entities import Row
from simulation.environments.mock_store.models import Sale
from simulation.errors import Conflict
from simulation.snapshots import newest_first
from simulation.state import WorldState
from simulation.tools import Limit, tool
from simulation.values import Id

NEWEST = newest_first()


@tool(writes=False)
def search_sales(
    world: WorldState,
    *,
    buyer: Id | None = None,
    item_id: Id | None = None,
    status: Sale.Status | list[Sale.Status] | None = None,
    limit: Limit = 10,
) -> list[Row]:
    """Find sales, newest first.

    buyer: who bought, exactly.
    item_id: an item on the sale.
    """
    equals = {"buyer": buyer, "lines.itemId": item_id, "status": status}
    return world.search("sale", order=NEWEST, equals=equals, limit=limit)


@tool(writes=True)
def sell(
    world: WorldState,
    *,
    buyer: Id,
    item_id: Id,
    qty: Annotated[int, Field(ge=1)] = 1,
) -> Row:
    """Sell so many of an item and take them off the shelf."""
    item = world.need("item", item_id, field="item_id")
    if item["inStock"] < qty:
        raise Conflict(f"only {item['inStock']} of {item_id} in stock", field="qty")
    world.update("item", item_id, {"inStock": item["inStock"] - qty})
    lines = [{"itemId": item_id, "qty": qty}]
    return world.create("sale", {"buyer": buyer, "lines": lines, "status": "open"})


@tool(writes=True)
def update_sale(world: WorldState, *, sale_id: Id, status: Sale.Status) -> Row:
    """Set the status of a sale."""
    world.need("sale", sale_id, field="sale_id")
    return world.update("sale", sale_id, {"status": status})
