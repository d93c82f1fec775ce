import pytest

from .worlds import ESCALATIONS

EARLY, FINANCE, SETTLED = "esc-250902-001", "esc-250903-001", "esc-250903-002"
BILLING = "tick-250903-001"
TYPES = [
    "technical",
    "policy_exception",
    "product_specialist",
    "insufficient_permission",
    "warranty",
    "order_fulfillment",
    "billing_payment",
    "support_escalation",
]
DEPARTMENTS = [
    "operations",
    "order_processing",
    "engineering",
    "help_desk",
    "it_systems",
    "product_management",
    "finance",
    "hr",
    "recruitment",
    "support",
]


def test_escalations_come_newest_first_then_by_id(ids):
    assert ids("searchEscalations") == [FINANCE, SETTLED, EARLY]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"escalation_id": SETTLED}, [SETTLED]),
        ({"escalation_id": "esc-2509"}, []),
        ({"escalation_id": "esc-250915-003"}, []),
        ({"ticket_id": BILLING}, [FINANCE, SETTLED]),
        ({"escalation_type": "technical"}, [EARLY]),
        ({"escalation_type": ["technical", "warranty"]}, [SETTLED, EARLY]),
        ({"destination": "finance"}, [FINANCE]),
        ({"destination": ["finance", "engineering"]}, [FINANCE, EARLY]),
        ({"open_only": True}, [FINANCE, EARLY]),
        ({"open_only": False}, [FINANCE, SETTLED, EARLY]),
        ({"open_only": True, "destination": "product_management"}, []),
        ({"created_after": "2025-09-03"}, [FINANCE, SETTLED]),
        ({"created_before": "2025-09-03"}, [FINANCE, SETTLED, EARLY]),
        ({"created_before": "2025-09-03T23:59:59Z"}, [EARLY]),
        ({"ticket_id": BILLING, "limit": 1}, [FINANCE]),
    ],
    ids=str,
)
def test_conditions_on_escalations(conditions, found, ids):
    assert ids("searchEscalations", **conditions) == found


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ({"escalation_type": "urgent"}, "escalation_type"),
        ({"destination": "sales"}, "destination"),
        ({"open_only": "yes"}, "open_only"),
        ({"created_after": "monday"}, "created_after"),
        ({"limit": 0}, "limit"),
    ],
    ids=str,
)
def test_a_condition_of_the_wrong_form_is_refused(conditions, field, call):
    error = call("searchEscalations", **conditions)["error"]

    assert error["code"] == "invalid_argument"
    assert error["field"].startswith(field)


def test_a_found_escalation_is_the_whole_row(call):
    [row] = call("searchEscalations", escalation_id=FINANCE)

    assert row == {"id": FINANCE, **ESCALATIONS[FINANCE]}


def test_an_escalation_leaves_the_ticket_as_it_is(call, world):
    row = call(
        "createEscalation",
        ticket_id=BILLING,
        escalation_type="billing_payment",
        destination="finance",
        notes="Charged twice.",
    )

    assert row == {
        "id": "esc-250915-004",
        "ticketId": BILLING,
        "escalationType": "billing_payment",
        "destination": "finance",
        "notes": "Charged twice.",
        "createdAt": world.now,
    }
    assert [(c.entity_type, c.id, c.before) for c in world.diff()] == [
        ("escalation", "esc-250915-004", None)
    ]


@pytest.mark.parametrize("destination", DEPARTMENTS)
@pytest.mark.parametrize("escalation_type", TYPES)
def test_which_department_is_right_is_policy(escalation_type, destination, call):
    row = call(
        "create_escalation",
        ticketId=BILLING,
        escalationType=escalation_type,
        destination=destination,
    )

    assert (row["escalationType"], row["destination"]) == (escalation_type, destination)
    assert "notes" not in row


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        ({"ticket_id": "tick-0"}, "not_found", "ticket_id"),
        ({"ticket_id": None}, "invalid_argument", "ticket_id"),
        ({"escalation_type": "urgent"}, "invalid_argument", "escalation_type"),
        ({"escalation_type": None}, "invalid_argument", "escalation_type"),
        ({"escalation_type": ["technical"]}, "invalid_argument", "escalation_type"),
        ({"destination": "Engineering"}, "invalid_argument", "destination"),
        ({"destination": None}, "invalid_argument", "destination"),
        ({"notes": ""}, "invalid_argument", "notes"),
        ({"notes": "x" * 100_001}, "invalid_argument", "notes"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_escalation_that_cannot_be_made_leaves_no_trace(arguments, code, field, call, world):
    good = {"ticket_id": BILLING, "escalation_type": "technical", "destination": "engineering"}

    error = call("createEscalation", **good | arguments)["error"]

    assert (error["code"], error["field"]) == (code, field)
    assert world.changes == []
