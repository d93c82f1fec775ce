"""What holds for every search: limits, errors, rows that agents must not see."""

from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from simulation.environments import environment
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.tools import Tool

TOOLS = environment("corecraft").tools
SEARCHES = sorted(name for name in TOOLS if name.startswith("search"))
DATES = ("2025-02-30", "yesterday", "2025-08-01T00:00:00", "2025-8-1", "0001-01-01T00:00:00+05:00")


def parameters(*, wanted: str) -> list[tuple[str, str]]:
    """Give (tool, parameter) of every parameter with this in its name."""
    return [(tool, name) for tool in TOOLS for name in TOOLS[tool].parameters.model_fields
            if wanted in name]  # fmt: skip


IDS = [pair for pair in parameters(wanted="_id") if pair[1].endswith("_id")]


def test_the_default_toolset_is_the_published_one():
    assert sorted(environment("corecraft").toolsets["default"]) == [
        "calculatePrice",
        "checkWarrantyStatus",
        "createEscalation",
        "createResolution",
        "getCustomerTicketHistory",
        "getOrderDetails",
        "processReturn",
        "searchBuilds",
        "searchCustomers",
        "searchEmployees",
        "searchKnowledgeBase",
        "searchOrders",
        "searchPayments",
        "searchPolicies",
        "searchProducts",
        "searchRefunds",
        "searchShipments",
        "searchSlackMessages",
        "searchTickets",
        "sendCustomerMessage",
        "updateOrderStatus",
        "updateTicketStatus",
        "validateBuildCompatibility",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "checkInventory",
        "createBuild",
        "createOrder",
        "createRefund",
        "createTicket",
        "createWarrantyClaim",
        "getProduct",
        "postSlackMessage",
        "searchEscalations",
        "searchResolutions",
        "updateBuild",
        "updateCustomer",
        "updatePaymentStatus",
    ],
)
def test_a_tool_of_the_larger_toolset_alone(name):
    assert name in environment("corecraft").toolsets["all"]
    assert name not in environment("corecraft").toolsets["default"]


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_a_tool_says_whether_it_writes_and_what_it_does(tool: Tool):
    assert tool.writes == tool.name.startswith(("create", "post", "process", "send", "update"))
    assert tool.description.endswith(".")


@pytest.mark.parametrize("tool", SEARCHES)
def test_a_search_without_conditions_gives_rows_and_changes_nothing(tool, call, world):
    assert call(tool)
    assert world.changes == []


@pytest.mark.parametrize("tool", SEARCHES)
def test_a_limit_cuts_the_rows(tool, ids):
    assert ids(tool, limit=2) == ids(tool)[:2]


@pytest.mark.parametrize("limit", [0, -1, 1.5, "3", True])
@pytest.mark.parametrize("tool", SEARCHES)
def test_a_limit_is_a_whole_number_of_one_or_more(tool, limit, call):
    error = call(tool, limit=limit)["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", "limit")
    assert "a whole number of 1 or more" in error["message"]


def test_ten_rows_come_unless_more_are_asked_for(ids, world):
    for _ in range(12):
        world.create("resolution", {"ticketId": "tick-250901-001", "outcome": "no_action"})
        world.create("order", order())

    assert len(ids("searchOrders")) == 10
    assert len(ids("searchOrders", limit=200)) == 17


@pytest.mark.parametrize("limit", [4, 200, 10_000])
def test_a_limit_above_the_tasks_most_is_cut_without_a_word(limit, snapshot: Snapshot):
    world = WorldState(snapshot, max_results=3)

    assert len(TOOLS["searchOrders"].call(world, {"limit": limit})) == 3


@pytest.mark.parametrize("tool", SEARCHES)
def test_every_search_keeps_to_the_tasks_most(tool, snapshot: Snapshot):
    rows = TOOLS[tool].call(WorldState(snapshot), {"limit": 200})

    assert TOOLS[tool].call(WorldState(snapshot, max_results=1), {"limit": 200}) == rows[:1]


@pytest.mark.parametrize("tool", TOOLS)
def test_an_unknown_argument_is_named_with_those_there_are(tool, call):
    error = call(tool, colour="red")["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", "colour")
    assert ", ".join(TOOLS[tool].parameters.model_fields) in error["message"]


@pytest.mark.parametrize(("tool", "name"), IDS)
def test_an_empty_id_is_refused(tool, name, call):
    error = call(tool, **what_is_required(tool) | {name: ""})["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", name)
    assert "a non-empty string" in error["message"]


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize(
    ("tool", "name"), parameters(wanted="_after") + parameters(wanted="_before")
)
def test_a_bad_date_is_refused_with_an_example(tool, name, text, call):
    error = call(tool, **what_is_required(tool) | {name: text})["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", name)
    assert (
        "an instant such as 2025-09-15T19:00:00Z or a date such as 2025-09-15" in error["message"]
    )


@pytest.mark.parametrize(
    ("tool", "name"), parameters(wanted="_after") + parameters(wanted="_before")
)
def test_a_date_says_what_it_means(tool, name):
    text = TOOLS[tool].schema["properties"][name]["description"]

    assert ("first instant" if name.endswith("_after") else "last instant") in text


@pytest.mark.parametrize(
    ("tool", "name", "bad"),
    [
        ("searchCustomers", "loyalty_tier", "bronze"),
        ("searchOrders", "status", ["paid", "lost"]),
        ("searchOrders", "status", []),
        ("searchProducts", "category", "gpus"),
        ("searchTickets", "status", "done"),
        ("searchTickets", "priority", "urgent"),
        ("searchTickets", "ticket_type", ["refund"]),
        ("searchRefunds", "status", "open"),
        ("searchRefunds", "reason", "regret"),
        ("searchPayments", "method", "cash"),
        ("searchPayments", "status", ["captured", "paid"]),
        ("searchShipments", "carrier", "UPS Ground"),
        ("searchShipments", "status", []),
        ("searchEmployees", "department", "sales"),
        ("searchEmployees", "has_permission", ["issue_refund", "fly"]),
        ("searchPolicies", "kind", "returns"),
        ("searchResolutions", "outcome", "solved"),
    ],
)
def test_a_bad_value_of_an_enum_is_refused_with_those_there_are(
    tool: str, name: str, bad: Any, call
):
    error = call(tool, **{name: bad})["error"]

    assert error["code"] == "invalid_argument"
    assert error["field"].split(".")[0] == name
    values = TOOLS[tool].schema["properties"][name]["anyOf"][0]["enum"]
    assert f"one of {', '.join(values)}, or a list of them" in error["message"]


@pytest.mark.parametrize(
    ("tool", "name", "bad"),
    [
        ("searchProducts", "price", 10.001),
        ("searchProducts", "min_price", "10"),
        ("searchProducts", "min_stock", 1.5),
        ("searchProducts", "in_stock_only", "yes"),
        ("searchRefunds", "max_amount", 0.125),
        ("searchTickets", "text", ""),
        ("searchCustomers", "name", 7),
        ("searchCustomers", "phone", "unknown"),
        ("searchShipments", "tracking_number", ""),
        ("searchEmployees", "role", ""),
        ("searchKnowledgeBase", "tag", ["psu"]),
        ("searchKnowledgeBase", "include_deprecated", "yes"),
        ("searchKnowledgeBase", "tags", []),
        ("searchKnowledgeBase", "tags", "psu"),
        ("searchPolicies", "text", ""),
        ("searchSlackMessages", "channel", 7),
        ("searchBuilds", "name", ""),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(tool: str, name: str, bad: Any, call):
    error = call(tool, **{name: bad})["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", name)


def test_rows_after_the_clock_do_not_exist(call, ids):
    assert "lea-late-10005" not in ids("searchCustomers")
    assert ids("searchOrders", order_id="ord-250915-009") == []
    assert call("getOrderDetails", order_id="ord-250915-009")["error"]["code"] == "not_found"


def test_a_null_argument_is_an_absent_one(ids):
    assert ids("searchOrders", status=None, limit=None) == ids("searchOrders")


def test_both_spellings_of_names_are_accepted(ids):
    assert ids("search_orders", customerId="ben-ito-10003") == ["ord-250901-002"]


@pytest.mark.parametrize(("tool", "name"), parameters(wanted=""))
def test_every_parameter_is_accepted_in_camel_case_too(tool, name):
    assert TOOLS[tool].spellings[to_camel(name)] == name


def what_is_required(tool: str) -> dict[str, Any]:
    properties = TOOLS[tool].schema["properties"]
    return {name: a_value_of(properties[name]) for name in TOOLS[tool].schema.get("required", [])}


def a_value_of(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "array":
        return [a_value_of(schema["items"])]
    if schema["type"] == "object":
        return {name: a_value_of(schema["properties"][name]) for name in schema["required"]}
    return {"integer": 1, "number": 1.0, "boolean": True}.get(schema["type"], "something")


def order() -> dict[str, Any]:
    lines = [{"productId": "swift", "qty": 1}]
    return {"customerId": "ben-ito-10002", "lineItems": lines, "status": "pending"}
