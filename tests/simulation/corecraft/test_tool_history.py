import pytest

from .worlds import AFTER_CLOCK, RESOLUTIONS, TICKETS, make_ticket, snapshot_with

ANNA, BEN, OTHER_BEN = "anna-gross-10001", "ben-ito-10002", "ben-ito-10003"
LOW, BOOT, CLOSED, RESOLVED = (
    "tick-250901-001",
    "tick-250902-001",
    "tick-250902-002",
    "tick-250902-003",
)
OTHERS = {
    CLOSED: make_ticket(ANNA, "2025-09-02T23:59:59Z", status="closed"),
    RESOLVED: make_ticket(ANNA, "2025-09-02T00:00:00Z", status="resolved"),
    "tick-250915-001": make_ticket(ANNA, AFTER_CLOCK),
}


def escalation(ticket_id, created_at):
    return {
        "ticketId": ticket_id,
        "escalationType": "technical",
        "destination": "engineering",
        "createdAt": created_at,
    }


ESCALATIONS = {
    "esc-1": escalation(BOOT, "2025-09-03T00:00:00Z"),
    "esc-2": escalation(BOOT, "2025-09-04T00:00:00Z"),
    "esc-3": escalation(CLOSED, "2025-09-05T00:00:00Z"),
    "esc-4": escalation("tick-250903-001", "2025-09-05T00:00:00Z"),
    "esc-5": escalation(BOOT, AFTER_CLOCK),
}


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(support_ticket={**TICKETS, **OTHERS}, escalation=ESCALATIONS)


@pytest.fixture
def history(call):
    """Look back, and give the ids of tickets, escalations and resolutions."""

    def history(**arguments):
        found = call("getCustomerTicketHistory", **arguments)
        return {kind: [row["id"] for row in rows] for kind, rows in found.items()}

    return history


def test_the_history_holds_all_tickets_and_what_became_of_them_newest_first(history):
    assert history(customer_id=ANNA) == {
        "tickets": [BOOT, CLOSED, RESOLVED, LOW],
        "escalations": ["esc-3", "esc-2", "esc-1"],
        "resolutions": [],
    }


def test_the_history_of_a_resolved_ticket_has_its_resolutions_but_no_later_ones(call):
    found = call("getCustomerTicketHistory", customer_id=OTHER_BEN)

    assert found["tickets"] == [{"id": "tick-250905-001", **TICKETS["tick-250905-001"]}]
    assert found["resolutions"] == [{"id": "res-250906-001", **RESOLUTIONS["res-250906-001"]}]


@pytest.mark.parametrize(
    ("conditions", "tickets", "escalations"),
    [
        ({"include_resolved": True}, [BOOT, CLOSED, RESOLVED, LOW], ["esc-3", "esc-2", "esc-1"]),
        ({"include_resolved": False}, [BOOT, LOW], ["esc-2", "esc-1"]),
        ({"created_after": "2025-09-02T00:00:01Z"}, [BOOT, CLOSED], ["esc-3", "esc-2", "esc-1"]),
        ({"created_before": "2025-09-01"}, [LOW], []),
        ({"created_before": "2025-09-02T00:00:00Z"}, [RESOLVED, LOW], []),
        (
            {"created_after": "2025-09-02", "created_before": "2025-09-02"},
            [BOOT, CLOSED, RESOLVED],
            ["esc-3", "esc-2", "esc-1"],
        ),
        ({"created_after": "2025-09-03"}, [], []),
        ({"tkt_created_after": "2025-09-03"}, [], []),
        ({"tkt_created_before": "2025-09-01"}, [LOW], []),
        (
            {"created_before": "2025-09-02", "include_resolved": False},
            [BOOT, LOW],
            ["esc-2", "esc-1"],
        ),
    ],
    ids=str,
)
def test_conditions_on_the_history(conditions, tickets, escalations, history):
    found = history(customer_id=ANNA, **conditions)

    assert (found["tickets"], found["escalations"]) == (tickets, escalations)


def test_a_customer_without_tickets_has_an_empty_history(history):
    empty = {"tickets": [], "escalations": [], "resolutions": []}

    assert history(customer_id="carl-zed-10004") == empty


def test_the_history_is_never_cut(call, world):
    for _ in range(12):
        world.create("support_ticket", make_ticket(BEN, "2025-09-10T00:00:00Z"))

    assert len(call("getCustomerTicketHistory", customer_id=BEN)["tickets"]) == 14


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({}, "invalid_argument", "customer_id"),
        ({"customer_id": "nobody"}, "not_found", "customer_id"),
        ({"customer_id": "lea-late-10005"}, "not_found", "customer_id"),
        ({"customer_id": ANNA, "include_resolved": "no"}, "invalid_argument", "include_resolved"),
        ({"customer_id": ANNA, "created_after": "May"}, "invalid_argument", "created_after"),
        ({"customer_id": ANNA, "limit": 3}, "invalid_argument", "limit"),
    ],
    ids=str,
)
def test_a_history_that_cannot_be_shown(arguments, code, field, call):
    error = call("getCustomerTicketHistory", **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
