"""Look at what is in stock, and where."""

from typing import Any

from simulation.entities import Row
from simulation.environments.corecraft.tools.parameters import Text
from simulation.snapshots import by_text
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import Id

_BY_WAREHOUSE = by_text("warehouse")


@tool(writes=False, toolsets=())
def check_inventory(
    world: WorldState, *, product_id: Id, warehouse: Text | None = None
) -> dict[str, Any]:
    """Look at the stock of a product: what can be sold, and the level in each warehouse.

    Answers with product_id, in_stock (pieces in all warehouses together), backorderable, and
    levels sorted by warehouse.

    warehouse: only the level in this warehouse; its whole name, ignoring case
    """
    product = world.need("product", product_id, field="product_id")
    levels = levels_of(world, product_id)
    if warehouse is not None:
        wanted = warehouse.casefold()
        levels = [level for level in levels if level["warehouse"].casefold() == wanted]
    return {
        "product_id": product_id,
        "in_stock": product["inventory"]["inStock"],
        "backorderable": product["inventory"]["backorderable"],
        "levels": levels,
    }


def levels_of(world: WorldState, product_id: str) -> list[Row]:
    """Give the inventory levels of a product, sorted by warehouse."""
    return _BY_WAREHOUSE.sort(world.find("inventory_level", "productId", product_id))
