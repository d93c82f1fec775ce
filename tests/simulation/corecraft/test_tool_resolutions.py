import pytest

from .worlds import AFTER_CLOCK, make_resolution, snapshot_with

TICKET, OTHER = "tick-250905-001", "tick-250901-001"
OUTCOMES = (
    "refund_issued",
    "replacement_sent",
    "recommendation_provided",
    "troubleshooting_steps",
    "order_updated",
    "no_action",
)
RESOLUTIONS = {
    "res-1": make_resolution(TICKET, "2025-09-01T00:00:00Z", resolvedById="bo-lead"),
    "res-2": make_resolution(
        TICKET,
        "2025-09-01T23:59:59.5Z",
        outcome="refund_issued",
        resolvedById="ada-agent",
        linkedRefundId="ref-250731-001",
    ),
    "res-3": make_resolution(OTHER, "2025-09-02T00:00:00Z", outcome="order_updated"),
    "res-4": make_resolution(OTHER, "2025-09-02T00:00:00Z"),
    "res-5": make_resolution(OTHER, AFTER_CLOCK),
}


@pytest.fixture(scope="module")
def snapshot():
    return snapshot_with(resolution=RESOLUTIONS)


def test_resolutions_come_newest_first_then_by_id(ids):
    assert ids("searchResolutions") == ["res-3", "res-4", "res-2", "res-1"]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({"resolution_id": "res-2"}, ["res-2"]),
        ({"resolution_id": "res"}, []),
        ({"resolution_id": "res-5"}, []),
        ({"ticket_id": TICKET}, ["res-2", "res-1"]),
        ({"outcome": "no_action"}, ["res-4", "res-1"]),
        ({"outcome": ["refund_issued", "order_updated"]}, ["res-3", "res-2"]),
        ({"outcome": "replacement_sent"}, []),
        ({"resolved_by_id": "bo-lead"}, ["res-1"]),
        ({"linked_refund_id": "ref-250731-001"}, ["res-2"]),
        ({"linked_refund_id": "ref-250801-001"}, []),
        ({"created_after": "2025-09-02"}, ["res-3", "res-4"]),
        ({"created_before": "2025-09-01"}, ["res-2", "res-1"]),
        ({"created_before": "2025-09-01T23:59:59Z"}, ["res-1"]),
        ({"ticket_id": TICKET, "outcome": "no_action"}, ["res-1"]),
        ({"outcome": "no_action", "limit": 1}, ["res-4"]),
    ],
    ids=str,
)
def test_conditions_on_resolutions(conditions, found, ids):
    assert ids("searchResolutions", **conditions) == found


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_new_resolution_is_found_by_its_outcome(outcome, call, ids):
    made = call("createResolution", ticket_id=TICKET, outcome=outcome)

    assert ids("searchResolutions", outcome=outcome)[0] == made["id"]
