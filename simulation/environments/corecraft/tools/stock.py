"""Reserve goods: what the shop shows and what lies in the warehouses change together."""

from collections.abc import Iterator

from simulation.entities import Row
from simulation.environments.corecraft.tools.sales import Sale
from simulation.errors import Conflict
from simulation.state import WorldState


def check_available(sale: Sale, *, field: str) -> None:
    """Raise Conflict when there are too few of a product and it cannot be ordered nevertheless."""
    stock = sale.product["inventory"]
    if sale.qty > stock["inStock"] and not stock["backorderable"]:
        raise Conflict(
            f"{sale.qty} of {sale.product['id']} cannot be ordered:"
            f" {stock['inStock']} in stock, and it is not backorderable",
            field=field,
        )


def reserve(world: WorldState, sale: Sale) -> None:
    """Reserve what there is of a product, from as few warehouses as possible; the rest is awaited.

    A product whose levels are not kept is taken from the stock that the shop shows alone.
    """
    stock = sale.product["inventory"]
    taken = min(sale.qty, stock["inStock"])
    if not taken:
        return
    inventory = {**stock, "inStock": stock["inStock"] - taken}
    world.update("product", sale.product["id"], {"inventory": inventory})
    for level, pieces in _spread(world, sale.product, taken):
        reserved = level["reserved"] + pieces
        world.update("inventory_level", level["id"], {"reserved": reserved})


def _spread(world: WorldState, product: Row, wanted: int) -> Iterator[tuple[Row, int]]:
    """Give (level, pieces), the fullest warehouse first."""
    levels = world.find("inventory_level", "productId", product["id"])
    for level in sorted(levels, key=lambda level: (-_free(level), str(level["id"]))):
        pieces = min(wanted, _free(level))
        if pieces > 0:
            wanted -= pieces
            yield level, pieces


def _free(level: Row) -> int:
    free: int = level["onHand"] - level["reserved"]
    return free
