"""Parcels in every state, late and lost."""

from collections.abc import Iterable

from simulation.entities import Row
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import density
from simulation.values import instant_key

SOME = 3  # what the contract gives no number for
STATUSES = 6


@density(wanted=STATUSES)
def statuses_of_parcels(inspection: Inspection) -> Iterable[str]:
    """Statuses that parcels have."""
    return [parcel["status"] for parcel in inspection.rows("shipment")]


@density(wanted=SOME)
def late_parcels(inspection: Inspection) -> Iterable[str]:
    """Parcels that arrived after their ETA, or whose ETA has passed and that have not arrived."""
    parcels = inspection.rows("shipment")
    return [parcel["id"] for parcel in parcels if _is_late(parcel, inspection.now)]


@density(wanted=SOME)
def lost_parcels(inspection: Inspection) -> Iterable[str]:
    """Parcels that the carrier lost."""
    return [parcel["id"] for parcel in inspection.find("shipment", "status", "lost")]


def _is_late(parcel: Row, now: str) -> bool:
    if "eta" not in parcel or parcel["status"] == "lost":
        return False
    events = parcel.get("events") or [{"at": now}]
    until = events[-1]["at"] if parcel["status"] == "delivered" else now
    return instant_key(until) > instant_key(parcel["eta"])
