"""Find products and look at one."""

from simulation.entities import Row
from simulation.environments.corecraft.models import Product
from simulation.environments.corecraft.tools.conditions import (
    between,
    contains,
    every,
    folded,
    is_same,
)
from simulation.environments.corecraft.tools.inventory import levels_of
from simulation.environments.corecraft.tools.orderings import BY_NAME
from simulation.environments.corecraft.tools.parameters import OneOrMore, Text
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import Id, Money


@tool(writes=False)
def search_products(
    world: WorldState,
    *,
    product_id: Id | None = None,
    category: OneOrMore[Product.Category] | None = None,
    brand: Text | None = None,
    min_price: Money | None = None,
    max_price: Money | None = None,
    price: Money | None = None,
    in_stock_only: bool = False,
    min_stock: int | None = None,
    max_stock: int | None = None,
    text: Text | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find products in the catalogue; all conditions given must hold. Sorted by name.

    brand: the whole brand as the catalogue writes it, ignoring case; spaces count
    min_price: USD, inclusive
    max_price: USD, inclusive
    price: USD, exactly
    in_stock_only: only products of which one or more are in stock
    min_stock: pieces in stock, inclusive
    max_stock: pieces in stock, inclusive
    text: part of the name, the brand or the SKU, ignoring case
    """
    where = every(
        is_same(world, "product", folded("brand"), brand),
        between(_price, min_price, max_price),
        between(_stock, min_stock, max_stock),
        between(_stock, 1, None) if in_stock_only else None,
        contains(world, "product", folded("name", "brand", "sku"), text),
    )
    equals = {"id": product_id, "category": category, "price": price}
    return world.search("product", order=BY_NAME, equals=equals, where=where, limit=limit)


@tool(writes=False, toolsets=())
def get_product(world: WorldState, *, product_id: Id) -> Row:
    """Look at one product of the catalogue.

    Answers with the product and, in inventoryLevels, its stock in each warehouse.
    """
    product = world.need("product", product_id, field="product_id")
    return {**product, "inventoryLevels": levels_of(world, product_id)}


def _price(row: Row) -> float:
    price: float = row["price"]
    return price


def _stock(row: Row) -> int:
    stock: int = row["inventory"]["inStock"]
    return stock
