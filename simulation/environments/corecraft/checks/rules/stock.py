"""Stock: what the shop shows is what lies in the warehouses."""

from collections.abc import Iterator

from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule


@rule()
def stock_is_the_sum_of_the_warehouses(inspection: Inspection) -> Iterator[Breach]:
    """What is in stock is the sum of what is on hand less what is reserved, over all warehouses."""
    if not any(True for _ in inspection.rows("inventory_level")):
        return  # a world may be made without warehouses
    for product in inspection.rows("product"):
        levels = inspection.find("inventory_level", "productId", product["id"])
        lying = sum(level["onHand"] - level["reserved"] for level in levels)
        shown = product["inventory"]["inStock"]
        if lying != shown:
            sentence = f"{shown}, but the {len(levels)} levels make {lying}"
            yield Breach("product", product["id"], "inventory.inStock", sentence)


@rule()
def no_more_is_reserved_than_lies_there(inspection: Inspection) -> Iterator[Breach]:
    """No more pieces are reserved in a warehouse than lie there."""
    for level in inspection.rows("inventory_level"):
        if level["reserved"] > level["onHand"]:
            sentence = f"{level['reserved']} reserved, {level['onHand']} on hand"
            yield Breach("inventory_level", level["id"], "reserved", sentence)


@rule()
def a_warehouse_counts_a_product_once(inspection: Inspection) -> Iterator[Breach]:
    """A warehouse has one level of a product."""
    places: dict[tuple[str, str], str] = {}
    for level in sorted(inspection.rows("inventory_level"), key=lambda row: str(row["id"])):
        place = level["productId"], level["warehouse"].casefold()
        first = places.setdefault(place, level["id"])
        if first != level["id"]:
            sentence = f"{level['warehouse']} has {level['productId']} in {first} already"
            yield Breach("inventory_level", level["id"], "warehouse", sentence)
