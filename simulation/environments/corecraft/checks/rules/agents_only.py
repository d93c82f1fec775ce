"""What only agents make."""

from collections.abc import Iterator

from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule


@rule()
def nothing_is_claimed_or_sent_yet(inspection: Inspection) -> Iterator[Breach]:
    """Warranty claims and messages to customers are made by agents only: a world has none."""
    for kind in ("warranty_claim", "customer_message"):
        for row in inspection.rows(kind):
            yield Breach(kind, row["id"], "", "is in the world before any agent has acted")
