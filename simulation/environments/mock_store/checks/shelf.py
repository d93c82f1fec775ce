"""The shelf never owes anything, and something is left to sell."""

from collections.abc import Iterable, Iterator

from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, density, rule


@rule(noise="oversold")
def stock_is_not_negative(inspection: Inspection) -> Iterator[Breach]:
    """No item has less than nothing in stock."""
    for item in inspection.rows("item"):
        if item["inStock"] < 0:
            yield Breach("item", item["id"], "inStock", f"{item['inStock']} in stock is below 0")


@density(wanted=3)
def items_in_stock(inspection: Inspection) -> Iterable[str]:
    """Items of which one can be sold."""
    return [item["id"] for item in inspection.rows("item") if item["inStock"] > 0]
