"""Policies that take each other's place."""

from collections.abc import Iterator

from simulation.environments.corecraft.checks.circles import circles
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule


@rule()
def superseded_policies_end_somewhere(inspection: Inspection) -> Iterator[Breach]:
    """No policy is superseded by itself, not by others either."""
    yield from circles(inspection, "company_policy", "supersededById")


@rule()
def successors_are_newer(inspection: Inspection) -> Iterator[Breach]:
    """A policy takes effect after the one that it supersedes."""
    for policy in inspection.rows("company_policy"):
        successor = inspection.get("company_policy", policy.get("supersededById"))
        if successor and successor["effectiveFrom"] < policy["effectiveFrom"]:
            sentence = f"{successor['id']} is older: it takes effect {successor['effectiveFrom']}"
            yield Breach("company_policy", policy["id"], "supersededById", sentence)
