"""Escalated tickets: where they go, and when they come back."""

from collections.abc import Iterator

from simulation.environments.corecraft.terms import DESTINATIONS
from simulation.integrity.inspection import Inspection
from simulation.integrity.parts import Breach, rule
from simulation.values import instant_key


@rule(noise="escalation_misdirected")
def escalations_go_where_policy_says(inspection: Inspection) -> Iterator[Breach]:
    """An escalation goes to the department that policy names for its type."""
    for escalation in inspection.rows("escalation"):
        kind, goes = escalation["escalationType"], escalation["destination"]
        if DESTINATIONS[kind] != goes:
            sentence = f"{goes}, but {kind} goes to {DESTINATIONS[kind]}"
            yield Breach("escalation", escalation["id"], "destination", sentence)


@rule()
def escalations_follow_their_ticket(inspection: Inspection) -> Iterator[Breach]:
    """An escalation is made after its ticket and settled after it was made."""
    for escalation in inspection.rows("escalation"):
        ticket = inspection.get("support_ticket", escalation["ticketId"])
        made, settled = escalation["createdAt"], escalation.get("resolvedAt")
        if ticket and instant_key(made) < instant_key(ticket["createdAt"]):
            sentence = f"{made} is before {ticket['id']}, {ticket['createdAt']}"
            yield Breach("escalation", escalation["id"], "createdAt", sentence)
        if settled and instant_key(settled) < instant_key(made):
            yield Breach(
                "escalation", escalation["id"], "resolvedAt", f"{settled} is before {made}"
            )
