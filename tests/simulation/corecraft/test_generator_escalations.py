"""Escalations go where the policy says, about what the ticket is about, at a time that fits."""

import re
from collections import Counter

from simulation.environments.corecraft import generator
from simulation.environments.corecraft.generator.office_hours import is_at_work

from .generated import REFUNDS, ROWS, Row, noted
from .test_generator_chat import ID, TYPES, moment, related

ESCALATIONS: dict[str, Row] = ROWS["escalation"]
TICKETS = ROWS["support_ticket"]
MAP = {
    "technical": "engineering",
    "policy_exception": "operations",
    "product_specialist": "product_management",
    "warranty": "product_management",
    "order_fulfillment": "order_processing",
    "billing_payment": "finance",
    "insufficient_permission": "support",
    "support_escalation": "support",
}


def test_there_are_enough_of_every_type_open_and_answered() -> None:
    types = Counter(row["escalationType"] for row in ESCALATIONS.values())

    assert 60 <= len(ESCALATIONS) <= 110
    assert set(types) == set(MAP)
    assert min(types.values()) >= 3
    assert sum("resolvedAt" not in row for row in ESCALATIONS.values()) >= 15
    assert sum("resolvedAt" in row for row in ESCALATIONS.values()) >= 30


def test_only_the_listed_go_to_a_wrong_department() -> None:
    wrong = {
        key for key, row in ESCALATIONS.items() if row["destination"] != MAP[row["escalationType"]]
    }
    assert wrong == noted("escalation_misdirected")
    assert 3 <= len(wrong) <= 8


def test_a_ticket_is_escalated_once_after_it_was_written_and_taken() -> None:
    assert max(Counter(row["ticketId"] for row in ESCALATIONS.values()).values()) == 1
    for row in ESCALATIONS.values():
        ticket = TICKETS[row["ticketId"]]
        assert ticket["createdAt"] < row["createdAt"] <= generator.NOW
        assert ticket["status"] in ("open", "pending_customer", "resolved")
        by = ticket["assignedEmployeeId"]
        assert is_at_work(by, moment({"timestamp": row["createdAt"]}))


def test_an_escalated_ticket_is_settled_only_after_the_answer() -> None:
    for key, row in ESCALATIONS.items():
        ticket = TICKETS[row["ticketId"]]
        answered = row.get("resolvedAt")
        assert answered is None or row["createdAt"] < answered <= generator.NOW
        if answered is None:
            assert ticket["status"] == "open", key
        if "resolutionId" in ticket:
            assert answered is not None
            assert answered <= ROWS["resolution"][ticket["resolutionId"]]["createdAt"], key


def test_notes_are_about_the_ticket_and_what_was_known() -> None:
    for key, row in ESCALATIONS.items():
        ticket = TICKETS[row["ticketId"]]
        own = {row["ticketId"], ticket.get("orderId"), *(each["id"] for each in related(ticket))}
        for found in ID.finditer(row["notes"]):
            assert found[0] in own, key
            assert ROWS[TYPES[found[1]]][found[0]]["createdAt"] < row["createdAt"], key


def test_notes_are_written_for_their_ticket() -> None:
    notes = [row["notes"] for row in ESCALATIONS.values()]
    shapes = Counter(re.sub(r"\w*\d[\w.,-]*|[A-Z]\w+", "", note) for note in notes)

    assert len(set(notes)) == len(notes)
    assert not [note for note in notes if re.search(r"[{}<>|]", note)]
    assert min(len(note.split()) for note in notes) >= 12
    assert max(shapes.values()) <= 5


def test_sums_in_the_notes_are_those_of_the_order() -> None:
    for key, row in ESCALATIONS.items():
        order_id = TICKETS[row["ticketId"]].get("orderId")
        sums = {"9.99", "19.99", "39.99"}
        if order_id:
            sums |= {f"{refund['amount']:,.2f}" for refund in REFUNDS[order_id]}
            payments = [p for p in ROWS["payment"].values() if p["orderId"] == order_id]
            sums |= {f"{payment['amount']:,.2f}" for payment in payments}
        assert set(re.findall(r"\$([\d,]+\.\d\d)", row["notes"])) <= sums, key


def test_who_lacks_a_permission_says_so() -> None:
    for row in ESCALATIONS.values():
        if row["escalationType"] == "insufficient_permission":
            owner = ROWS["employee"][TICKETS[row["ticketId"]]["assignedEmployeeId"]]
            missing = "cancel_order" if "ancel" in row["notes"] else "issue_refund"
            assert missing not in owner["permissions"]
