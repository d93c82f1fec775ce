"""Months as they stand at the beginning of an instant: 2025-08."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from simulation.entities import Row
from simulation.integrity.inspection import Inspection

FIRST, LAST_FULL, PEAK = "2024-03", "2025-08", "2024-11"
JULY, AUGUST = "2025-07", "2025-08"
BUSY = 10  # orders in a month that a product must have more of


def month(row: Row, field: str = "createdAt") -> str:
    return str(row.get(field, ""))[:7]


def orders_by_month(inspection: Inspection) -> Counter[str]:
    return Counter(month(order) for order in inspection.rows("order"))


def best_sellers(inspection: Inspection) -> Mapping[tuple[str, str], list[Row]]:
    """Give the orders of every product that was ordered more than ten times in a month, by
    (product, month)."""
    sold: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for order in inspection.rows("order"):
        for line in order["lineItems"]:
            sold[line["productId"], month(order)][order["id"]] = order
    return {place: [*orders.values()] for place, orders in sold.items() if len(orders) > BUSY}


def orders_of_best_sellers(inspection: Inspection, wanted: str) -> list[Row]:
    """Give the orders of a month that hold one of its best sellers."""
    found = best_sellers(inspection).items()
    orders = {o["id"]: o for (_, when), rows in found if when == wanted for o in rows}
    return list(orders.values())
