import pytest

from .worlds import AGENT, TICKETS

LOW, BOOT, BILLING, TWIN, RESOLVED = (
    "tick-250901-001",
    "tick-250902-001",
    "tick-250903-001",
    "tick-250903-002",
    "tick-250905-001",
)


def test_tickets_come_by_priority_then_newest_first_then_by_id(ids):
    assert ids("searchTickets") == [RESOLVED, BOOT, BILLING, TWIN, LOW]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"ticket_id": BOOT}, [BOOT]),
        ({"ticket_id": "tick-2509"}, []),
        ({"customer_id": "anna-gross-10001"}, [BOOT, LOW]),
        ({"order_id": "ord-250801-001"}, [BILLING, LOW]),
        ({"assigned_employee_id": "bo-lead"}, [BILLING]),
        ({"status": "new"}, [BOOT]),
        ({"status": ["new", "resolved"]}, [RESOLVED, BOOT]),
        ({"priority": "high"}, [RESOLVED, BOOT]),
        ({"priority": ["low", "normal"]}, [BILLING, TWIN, LOW]),
        ({"ticket_type": "billing"}, [BILLING]),
        ({"ticket_type": ["billing", "return"]}, [BILLING]),
        ({"text": "BOOT"}, [RESOLVED, BOOT]),
        ({"text": "grosses"}, [BOOT]),
        ({"text": "Problem\nIt"}, []),
        ({"text": "where is"}, [RESOLVED, BILLING, TWIN, LOW]),
        ({"created_after": "2025-09-03"}, [RESOLVED, BILLING, TWIN]),
        ({"created_before": "2025-09-02"}, [BOOT, LOW]),
        ({"created_after": "2025-09-02", "created_before": "2025-09-02"}, [BOOT]),
        ({"updated_after": "2025-09-04"}, [BILLING, TWIN]),
        ({"updated_after": "2025-09-04T10:00:01Z"}, [TWIN]),
        ({"updated_before": "2025-09-04"}, [BILLING]),
        ({"status": "open", "priority": "normal", "text": "where", "limit": 1}, [BILLING]),
        ({"status": "new", "priority": "low"}, []),
    ],
    ids=str,
)
def test_conditions_on_tickets(conditions, found, ids):
    assert ids("searchTickets", **conditions) == found


@pytest.mark.parametrize(
    ("argument", "value", "field"),
    [
        ("status", "pending_customer", "status"),
        ("priority", "high", "priority"),
        ("ticket_type", "return", "ticketType"),
        ("assigned_employee_id", AGENT, "assignedEmployeeId"),
        ("resolution_id", "res-250906-001", "resolutionId"),
        ("closure_reason", "duplicate", "closureReason"),
    ],
)
def test_each_field_of_a_ticket_is_set_and_the_change_stamped(argument, value, field, call, world):
    row = call("updateTicketStatus", ticket_id=LOW, **{argument: value})

    assert row == {"id": LOW, **TICKETS[LOW], field: value, "updatedAt": world.now}
    assert [(c.entity_type, c.id) for c in world.diff()] == [("support_ticket", LOW)]


def test_several_fields_are_set_at_once(call, ids):
    call("updateTicketStatus", ticket_id=LOW, status="closed", priority="high")

    assert ids("searchTickets", status="closed", priority="high") == [LOW]
    assert ids("searchTickets") == [RESOLVED, BOOT, LOW, BILLING, TWIN]


def test_the_same_value_again_is_a_change(call, world):
    assert call("updateTicketStatus", ticket_id=LOW, status="open")["updatedAt"] == world.now


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"ticket_id": "tick-0", "status": "open"}, "not_found", "ticket_id"),
        ({"ticket_id": LOW, "assigned_employee_id": "no"}, "not_found", "assigned_employee_id"),
        ({"ticket_id": LOW, "resolution_id": "res-0"}, "not_found", "resolution_id"),
        ({"ticket_id": LOW, "resolution_id": "res-250915-004"}, "not_found", "resolution_id"),
        ({"ticket_id": LOW, "status": "done"}, "invalid_argument", "status"),
        ({"ticket_id": LOW, "status": ["open"]}, "invalid_argument", "status"),
        ({"ticket_id": LOW, "closure_reason": "tired"}, "invalid_argument", "closure_reason"),
        ({"status": "open"}, "invalid_argument", "ticket_id"),
    ],
    ids=str,
)
def test_a_ticket_that_cannot_be_changed(arguments, code, field, call, world):
    error = call("updateTicketStatus", **arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_no_change_at_all_is_refused_with_what_can_be_changed(call, world):
    error = call("updateTicketStatus", ticket_id=LOW, status=None)["error"]

    assert error["code"] == "invalid_argument"
    for name in ("status", "priority", "ticket_type", "assigned_employee_id", "closure_reason"):
        assert name in error["message"]
    assert world.changes == []


def test_a_resolution_is_the_agents_and_the_ticket_links_back(call, world):
    resolution = call("createResolution", ticket_id=BOOT, outcome="troubleshooting_steps")

    assert resolution == {
        "id": "res-250915-005",
        "ticketId": BOOT,
        "outcome": "troubleshooting_steps",
        "resolvedById": AGENT,
        "createdAt": world.now,
    }
    ticket = world.need("support_ticket", BOOT)
    assert (ticket["resolutionId"], ticket["updatedAt"]) == ("res-250915-005", world.now)
    assert ticket["status"] == "new"


def test_a_resolution_holds_what_is_said_of_it(call):
    said = {
        "details": "Refunded.",
        "resolved_by_id": "bo-lead",
        "linked_refund_id": "ref-250731-001",
    }

    resolution = call("createResolution", ticket_id=BOOT, outcome="refund_issued", **said)

    assert resolution["details"] == "Refunded."
    assert resolution["resolvedById"] == "bo-lead"
    assert resolution["linkedRefundId"] == "ref-250731-001"


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"ticket_id": "tick-0"}, "not_found", "ticket_id"),
        ({"resolved_by_id": "nobody"}, "not_found", "resolved_by_id"),
        ({"linked_refund_id": "ref-0"}, "not_found", "linked_refund_id"),
        ({"outcome": "solved"}, "invalid_argument", "outcome"),
        ({"outcome": None}, "invalid_argument", "outcome"),
    ],
    ids=str,
)
def test_a_resolution_that_cannot_be_made_leaves_no_trace(arguments, code, field, call, world):
    good = {"ticket_id": BOOT, "outcome": "no_action"}

    error = call("createResolution", **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_resolving_takes_a_resolution_and_then_the_status(call, world):
    resolution = call("createResolution", ticket_id=BOOT, outcome="no_action")
    ticket = call(
        "updateTicketStatus",
        ticket_id=BOOT,
        status="resolved",
        resolution_id=resolution["id"],
        closure_reason="resolved_success",
    )

    assert ticket["resolutionId"] == resolution["id"]
    assert [(c.entity_type, c.id) for c in world.diff()] == [
        ("resolution", resolution["id"]),
        ("support_ticket", BOOT),
    ]


NEW_TICKET = {
    "customer_id": "ben-ito-10002",
    "ticket_type": "shipping",
    "subject": "Where is it?",
    "body": "It should have come on Monday.",
}


def test_a_new_ticket_is_new_and_assigned_to_nobody(call, world):
    row = call("createTicket", **NEW_TICKET)

    assert row == {
        "id": "tick-250915-001",
        "customerId": "ben-ito-10002",
        "ticketType": "shipping",
        "channel": "chat",
        "priority": "normal",
        "status": "new",
        "subject": "Where is it?",
        "body": "It should have come on Monday.",
        "createdAt": world.now,
        "updatedAt": world.now,
    }
    assert [(c.id, c.before, c.after) for c in world.diff()] == [("tick-250915-001", None, row)]


@pytest.mark.parametrize(
    ("argument", "field", "values"),
    [
        ("ticket_type", "ticketType", ["return", "troubleshooting", "recommendation",
                                       "order_issue", "shipping", "billing", "other"]),
        ("channel", "channel", ["web", "email", "phone", "chat"]),
        ("priority", "priority", ["low", "normal", "high"]),
        ("order_id", "orderId", ["ord-250801-001"]),
        ("subject", "subject", ["x", "x" * 300]),
        ("body", "body", ["x", "x" * 100_000]),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_each_field_of_a_new_ticket(argument, field, values, call):
    assert [call("createTicket", **NEW_TICKET | {argument: v})[field] for v in values] == values


def test_a_ticket_about_a_build_refers_to_it(call, world):
    build = {"ownerType": "internal", "componentIds": ["zen"]}
    key = world.create("build", build)["id"]

    assert call("createTicket", **NEW_TICKET, build_id=key)["buildId"] == key


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"customer_id": "nobody"}, "not_found", "customer_id"),
        ({"customer_id": "lea-late-10005"}, "not_found", "customer_id"),
        ({"customer_id": None}, "invalid_argument", "customer_id"),
        ({"order_id": "ord-0"}, "not_found", "order_id"),
        ({"order_id": "ord-250915-009"}, "not_found", "order_id"),
        ({"build_id": "build-0"}, "not_found", "build_id"),
        ({"ticket_type": "refund"}, "invalid_argument", "ticket_type"),
        ({"ticket_type": None}, "invalid_argument", "ticket_type"),
        ({"channel": "fax"}, "invalid_argument", "channel"),
        ({"priority": "urgent"}, "invalid_argument", "priority"),
        ({"subject": ""}, "invalid_argument", "subject"),
        ({"subject": None}, "invalid_argument", "subject"),
        ({"subject": "x" * 301}, "invalid_argument", "subject"),
        ({"body": ""}, "invalid_argument", "body"),
        ({"body": "x" * 100_001}, "invalid_argument", "body"),
        ({"status": "open"}, "invalid_argument", "status"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_ticket_that_cannot_be_opened_leaves_no_trace(arguments, code, field, call, world):
    error = call("createTicket", **NEW_TICKET | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []


def test_a_subject_that_is_too_long_is_told_how_long_it_may_be(call):
    error = call("createTicket", **NEW_TICKET | {"subject": "x" * 301})["error"]

    assert "at most 300 characters" in error["message"]


@pytest.mark.parametrize(
    "outcome",
    [
        "refund_issued",
        "replacement_sent",
        "recommendation_provided",
        "troubleshooting_steps",
        "order_updated",
        "no_action",
    ],
)
def test_the_port_resolves_with_every_outcome(outcome, call):
    row = call("create_resolution", ticketId=BOOT, outcome=outcome, resolvedById="bo-lead")

    assert (row["outcome"], row["resolvedById"]) == (outcome, "bo-lead")


@pytest.mark.parametrize(
    ("argument", "values"),
    [
        ("status", ["new", "open", "pending_customer", "resolved", "closed"]),
        ("priority", ["low", "normal", "high"]),
        ("ticket_type", ["return", "troubleshooting", "recommendation", "order_issue",
                         "shipping", "billing", "other"]),
        ("closure_reason", ["resolved_success", "customer_abandoned", "duplicate",
                            "invalid_request", "other"]),
    ],
    ids=str,
)  # fmt: skip
def test_every_value_that_a_field_of_a_ticket_can_have(argument, values, call):
    for value in values:
        assert value in call("updateTicketStatus", ticket_id=LOW, **{argument: value}).values()
