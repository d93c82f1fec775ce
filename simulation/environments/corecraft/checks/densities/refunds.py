"""The refunds of July 2025."""

from collections.abc import Iterable

from simulation.entities import Row
from simulation.environments.corecraft.checks.months import AUGUST, JULY, month
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import density

SOME = 3  # what the contract calls "some"


@density(wanted=40)
def refunds_of_july(inspection: Inspection) -> Iterable[str]:
    """Refunds created in July 2025."""
    return [refund["id"] for refund in _july(inspection)]


@density(wanted=5)
def statuses_of_july_refunds(inspection: Inspection) -> Iterable[str]:
    """Statuses of the refunds created in July 2025."""
    return [refund["status"] for refund in _july(inspection)]


@density(wanted=SOME)
def july_refunds_processed_in_august(inspection: Inspection) -> Iterable[str]:
    """Refunds created in July 2025 and processed in August."""
    return [row["id"] for row in _july(inspection) if month(row, "processedAt") == AUGUST]


def _july(inspection: Inspection) -> list[Row]:
    return [refund for refund in inspection.rows("refund") if month(refund) == JULY]
