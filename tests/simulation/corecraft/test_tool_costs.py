"""Looking something up costs the same in a world of ten times the rows."""

import gc
import json
import sys
from typing import Any

import pytest

from simulation.calls import call_tool
from simulation.environments import environment
from simulation.snapshots import Snapshot, from_document
from simulation.state import WorldState

from .worlds import (
    ENTITIES,
    document,
    make_article,
    make_build,
    make_employee,
    make_message,
    make_order,
    make_payment,
    make_product,
    make_refund,
    make_resolution,
    make_shipment,
    make_ticket,
)

FEW, MANY = 200, 2000
BEN, BO, TICKET, ORDER = "ben-ito-10002", "bo-lead", "tick-250903-002", "ord-250901-001"
AT = "2025-01-01T00:00:00Z"
OFTEN = {  # rows as the business has many of them
    "order": make_order(BEN, AT),
    "payment": make_payment(ORDER, AT, customerId=BEN),
    "shipment": make_shipment(ORDER, AT, trackingNumber="1Z999"),
    "refund": make_refund("pay-250731-001", AT),
    "support_ticket": make_ticket(BEN, AT, orderId=ORDER),
    "resolution": make_resolution(TICKET, AT, resolvedById=BO),
    "escalation": {
        "ticketId": TICKET,
        "escalationType": "technical",
        "destination": "engineering",
        "createdAt": AT,
    },
    "build": make_build(AT, "zen", ownerType="customer", customerId=BEN),
    "employee": make_employee("Ed Other"),
    "product": make_product("Kestrik Other"),
    "inventory_level": {
        "productId": "zen",
        "warehouse": "Reno",
        "onHand": 1,
        "reserved": 0,
        "reorderPoint": 0,
    },
    "knowledge_base_article": make_article("Other advice"),
    "slack_message": make_message(AT, channelId="other", authorId=BO),
}


def grown(count: int) -> Snapshot:
    """Give the small world with so many more rows of each type, none of which is looked for."""
    channels = {**ENTITIES["slack_channel"], "other": ENTITIES["slack_channel"]["desk"]}
    entities = {**ENTITIES, "slack_channel": channels}
    for kind, row in OFTEN.items():
        others = {f"other-{number}": row for number in range(count)}
        entities[kind] = {**entities.get(kind, {}), **others}
    return from_document(document(entities))


@pytest.fixture(scope="module")
def worlds() -> tuple[Snapshot, Snapshot]:
    return grown(FEW), grown(MANY)


def steps(snapshot: Snapshot, tool: str, arguments: dict[str, Any]) -> int:
    """Count the function calls that a tool call takes once the indexes are built."""
    tools, raw = environment("corecraft").tools, json.dumps(arguments)
    counted = 0

    def count(*_: Any) -> None:
        nonlocal counted
        counted += 1

    assert not call_tool(WorldState(snapshot), tools, tool, raw).is_error
    gc.disable()  # a collection in between would call the hooks that hypothesis hangs on it
    sys.setprofile(count)
    try:
        call_tool(WorldState(snapshot), tools, tool, raw)
    finally:
        sys.setprofile(None)
        gc.enable()
    return counted


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("searchBuilds", {"build_id": "build-250801-001"}),
        ("searchBuilds", {"component_id": "gale"}),
        ("searchBuilds", {"customer_id": "anna-gross-10001"}),
        ("searchShipments", {"shipment_id": "ship-250802-001"}),
        ("searchShipments", {"order_id": "ord-250801-001"}),
        ("searchShipments", {"tracking_number": "1Z001"}),
        ("searchPayments", {"payment_id": "pay-250731-001"}),
        ("searchPayments", {"order_id": "ord-250801-001"}),
        ("searchPayments", {"customer_id": "anna-gross-10001"}),
        ("searchEmployees", {"employee_id": "ada-agent"}),
        ("searchEmployees", {"has_permission": "kb_edit"}),
        ("searchKnowledgeBase", {"product_id": "swift"}),
        ("searchPolicies", {}),
        ("searchSlackMessages", {"channel": "support-desk"}),
        ("searchSlackMessages", {"author_id": "ada-agent"}),
        ("searchSlackMessages", {"ticket_id": "tick-250902-001"}),
        ("searchResolutions", {"resolution_id": "res-250906-001"}),
        ("searchResolutions", {"ticket_id": "tick-250905-001"}),
        ("searchResolutions", {"linked_refund_id": "ref-250731-001"}),
        ("getCustomerTicketHistory", {"customer_id": "anna-gross-10001"}),
        ("getOrderDetails", {"order_id": "ord-250801-001"}),
        ("getProduct", {"product_id": "swift"}),
        ("checkInventory", {"product_id": "swift"}),
        ("checkWarrantyStatus", {"order_id": "ord-250731-001"}),
        ("validateBuildCompatibility", {"product_ids": ["gale", "swift"]}),
    ],
    ids=str,
)
def test_a_look_up_costs_the_same_in_a_larger_world(tool, arguments, worlds):
    small, large = worlds

    assert steps(small, tool, arguments) == steps(large, tool, arguments)


def test_the_measure_tells_a_search_of_all_rows_from_a_look_up(worlds):
    small, large = worlds
    everywhere = {"created_before": "2024-01-01"}

    assert steps(large, "searchPayments", everywhere) > 5 * steps(
        small, "searchPayments", everywhere
    )
