"""What is promised: answers before solutions, urgent before normal."""

from collections.abc import Iterator

from simulation.entities import Row
from simulation.environments.corecraft.checks.duplicates import sharing
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule

URGENCY = ("low", "normal", "high")


@rule()
def answers_come_before_solutions(inspection: Inspection) -> Iterator[Breach]:
    """A service level promises an answer no later than a solution."""
    for sla in inspection.rows("sla"):
        answer, solution = sla["firstResponseMinutes"], sla["resolutionMinutes"]
        if answer > solution:
            sentence = f"{answer} minutes to an answer, {solution} to a solution"
            yield Breach("sla", sla["id"], "firstResponseMinutes", sentence)


@rule()
def one_service_level_for_a_ticket(inspection: Inspection) -> Iterator[Breach]:
    """No two service levels are for the same type, priority and tier."""
    for group in sharing(inspection.rows("sla"), lambda sla: (*_scope(sla), sla["priority"])):
        for sla in group:
            others = ", ".join(row["id"] for row in group if row is not sla)
            yield Breach("sla", sla["id"], "priority", f"{others} is for the same tickets")


@rule()
def urgent_tickets_wait_no_longer(inspection: Inspection) -> Iterator[Breach]:
    """More urgent tickets of the same type and tier are not promised later times."""
    for group in sharing(inspection.rows("sla"), _scope):
        for sla in group:
            for other in group:
                if _rank(other) < _rank(sla) and _is_slower(sla, other):
                    sentence = f"{sla['priority']} waits longer than {other['priority']} in "
                    yield Breach("sla", sla["id"], "priority", sentence + other["id"])


def _scope(sla: Row) -> tuple[str, str]:
    return sla.get("ticketType", ""), sla.get("loyaltyTier", "")


def _rank(sla: Row) -> int:
    return URGENCY.index(sla["priority"])


def _is_slower(sla: Row, other: Row) -> bool:
    """Compare promises that are counted in the same hours."""
    if sla["businessHoursOnly"] != other["businessHoursOnly"]:
        return False
    return any(sla[name] > other[name] for name in ("firstResponseMinutes", "resolutionMinutes"))
