import pytest

from .worlds import AFTER_CLOCK, EMPLOYEES, make_employee, snapshot_with

ADA, BO, CY, DI = "ada-agent", "bo-lead", "cy-north", "di-okafor"
STAFF = {
    **EMPLOYEES,
    CY: make_employee(
        "Cy North",
        title="Finance Lead",
        department="finance",
        permissions=["issue_refund", "policy_override"],
        supportRole="admin",
    ),
    DI: make_employee(
        "Di Okafor",
        title="Team lead, Support",
        department="help_desk",
        permissions=["escalate", "issue_refund"],
        createdAt="2025-09-15T19:00:00Z",
    ),
    "ed-new": make_employee("Ed New", title="Lead of tomorrow", createdAt=AFTER_CLOCK),
}


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(employee=STAFF)


def test_employees_come_by_name(ids):
    assert ids("searchEmployees") == [ADA, BO, CY, DI]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"employee_id": BO}, [BO]),
        ({"employee_id": "bo"}, []),
        ({"employee_id": "ed-new"}, []),
        ({"name": "OKA"}, [DI]),
        ({"name": "o"}, [BO, CY, DI]),
        ({"department": "finance"}, [CY]),
        ({"department": ["help_desk", "support"]}, [ADA, BO, DI]),
        ({"department": "hr"}, []),
        ({"role": "LEAD"}, [CY, DI]),
        ({"role": "support agent"}, [ADA, BO]),
        ({"role": "admin"}, []),
        ({"has_permission": "issue_refund"}, [CY, DI]),
        ({"has_permission": ["policy_override", "escalate"]}, [CY, DI]),
        ({"has_permission": "kb_edit"}, []),
        ({"has_permission": "issue_refund", "department": "finance"}, [CY]),
        ({"role": "lead", "name": "di"}, [DI]),
        ({"role": "lead", "limit": 1}, [CY]),
    ],
    ids=str,
)
def test_conditions_on_employees(conditions, found, ids):
    assert ids("searchEmployees", **conditions) == found


def test_a_found_employee_is_the_whole_row(call):
    assert call("searchEmployees", employee_id=CY) == [{"id": CY, **STAFF[CY]}]


@pytest.mark.parametrize(
    "permission",
    ["issue_refund", "edit_order", "cancel_order", "escalate", "kb_edit", "policy_override"],
)
def test_somebody_is_found_by_each_permission(permission, ids, world):
    world.update("employee", ADA, {"permissions": [permission]})

    assert ADA in ids("searchEmployees", has_permission=permission)
