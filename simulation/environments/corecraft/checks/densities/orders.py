"""Orders over time, and the products that were ordered most."""

from collections.abc import Iterable

from simulation.environments.corecraft.checks.fit import with_one_cheapest_repair
from simulation.environments.corecraft.checks.months import (
    AUGUST,
    FIRST,
    LAST_FULL,
    PEAK,
    best_sellers,
    orders_by_month,
    orders_of_best_sellers,
)
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import density

FIRST_HOUR, LAST_HOUR = "2025-08-01T00", "2025-08-31T23"
STATUSES, MONTHS_TO_THE_CLOCK = 8, 19


@density(wanted=MONTHS_TO_THE_CLOCK)
def months_with_orders(inspection: Inspection) -> Iterable[str]:
    """Months from March 2024 to the clock in which something was ordered."""
    return [m for m in orders_by_month(inspection) if FIRST <= m <= inspection.now[:7]]


@density(wanted=6)
def months_busier_than_a_year_before(inspection: Inspection) -> Iterable[str]:
    """Whole months with more orders than the same month a year before."""
    counts = orders_by_month(inspection)
    years = ((m, f"{int(m[:4]) - 1}{m[4:]}") for m in counts if m <= LAST_FULL)
    return [m for m, before in years if before >= FIRST and counts[m] > counts[before]]


@density(wanted=2)
def months_beside_the_peak(inspection: Inspection) -> Iterable[str]:
    """Months beside November 2024 with at most half as many orders as it."""
    counts = orders_by_month(inspection)
    return [m for m in ("2024-10", "2024-12") if 0 < counts[m] * 2 <= counts[PEAK]]


@density(wanted=30)
def products_ordered_often_in_a_month(inspection: Inspection) -> Iterable[str]:
    """Products with more than 10 orders in one month."""
    return {product for product, _ in best_sellers(inspection)}


@density(wanted=10)
def products_ordered_often_in_august(inspection: Inspection) -> Iterable[str]:
    """Products with more than 10 orders in August 2025."""
    return {product for product, when in best_sellers(inspection) if when == AUGUST}


@density(wanted=STATUSES)
def statuses_of_august(inspection: Inspection) -> Iterable[str]:
    """Statuses of the orders in August 2025 that hold one of its best sellers."""
    return {order["status"] for order in orders_of_best_sellers(inspection, AUGUST)}


@density(wanted=2)
def edges_of_august(inspection: Inspection) -> Iterable[str]:
    """The first and the last hour of August 2025, if one of its best sellers was ordered in it."""
    hours = {o["createdAt"][:13] for o in orders_of_best_sellers(inspection, AUGUST)}
    return hours & {FIRST_HOUR, LAST_HOUR}


@density(wanted=25)
def orders_with_one_cheapest_repair(inspection: Inspection) -> Iterable[str]:
    """Orders with incompatible parts, each with a unique cheapest repair from stock."""
    return [order["id"] for order in with_one_cheapest_repair(inspection)]
