"""People who are hard to tell apart."""

from collections.abc import Iterable

from simulation.environments.corecraft.checks.rules.people import namesakes
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import density


@density(wanted=6)
def pairs_with_one_name(inspection: Inspection) -> Iterable[str]:
    """Pairs of customers who are different people with one name."""
    return [group[0]["name"] for group in namesakes(inspection)]
