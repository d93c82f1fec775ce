"""Whether the parts on an order fit each other, and what would mend it most cheaply.

The company's own tool decides, so that checks and agents are told the same.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from simulation.entities import Row
from simulation.environments.corecraft.tools.compatibility import validate_build_compatibility
from simulation.integrity.inspection import Inspection

# what can be swapped to mend a machine; whole machines, bundles and peripherals are left alone
PARTS = ("cpu", "motherboard", "memory", "gpu", "psu", "case", "cooling", "storage")


def orders_that_do_not_fit(inspection: Inspection) -> Iterator[tuple[Row, Sequence[str]]]:
    """Give the orders with parts that do not fit, each with what is wrong."""
    for order in inspection.rows("order"):
        products = _products(inspection, order)
        errors = _errors(inspection, products)
        if errors:
            yield order, errors


def builds_that_do_not_fit(inspection: Inspection) -> Iterator[tuple[Row, Sequence[str]]]:
    """Give the builds with parts that do not fit."""
    for build in inspection.rows("build"):
        errors = _errors(inspection, _found(inspection, build["componentIds"]))
        if errors:
            yield build, errors


def with_one_cheapest_repair(inspection: Inspection) -> Iterator[Row]:
    """Give the orders that the swap of one part mends, the cheapest in stock being one alone."""
    for order, _ in orders_that_do_not_fit(inspection):
        prices = sorted(_repairs(inspection, order))
        if prices and prices.count(prices[0]) == 1:
            yield order


def _repairs(inspection: Inspection, order: Row) -> Iterator[float]:
    """Give the price of every part in stock that mends the order in the place of another."""
    products = _products(inspection, order)
    for index, part in enumerate(products):
        for other in _others(inspection, part):
            swapped = [*products[:index], other, *products[index + 1 :]]
            if not _errors(inspection, swapped):
                yield float(other["price"])


def _others(inspection: Inspection, part: Row) -> Iterator[Row]:
    if part["category"] in PARTS:
        for other in inspection.find("product", "category", part["category"]):
            if other["id"] != part["id"] and other["inventory"]["inStock"] > 0:
                yield other


def _products(inspection: Inspection, order: Row) -> list[Row]:
    return _found(inspection, [line["productId"] for line in order["lineItems"]])


def _found(inspection: Inspection, keys: Sequence[str]) -> list[Row]:
    found = (inspection.get("product", key) for key in keys)
    return [product for product in found if product is not None]


def _errors(inspection: Inspection, products: Sequence[Row]) -> list[str]:
    if not products:
        return []
    arguments = {"product_ids": [product["id"] for product in products]}
    result: dict[str, Any] = validate_build_compatibility.call(inspection.world, arguments)
    return [str(error) for error in result["errors"]]
