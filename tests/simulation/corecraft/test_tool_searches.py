"""What holds for every search: limits, errors, rows that agents must not see."""

from typing import Any

import pytest

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


def test_the_first_ten_tools_are_in_the_default_toolset():
    assert sorted(environment("corecraft").toolsets["default"]) == [
        "createResolution",
        "getOrderDetails",
        "searchCustomers",
        "searchOrders",
        "searchProducts",
        "searchRefunds",
        "searchTickets",
        "sendCustomerMessage",
        "updateOrderStatus",
        "updateTicketStatus",
    ]


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_a_tool_says_whether_it_writes_and_what_it_does(tool: Tool):
    assert tool.writes == tool.name.startswith(("create", "send", "update"))
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


@pytest.mark.parametrize("tool", TOOLS)
def test_an_unknown_argument_is_named_with_those_there_are(tool, call):
    error = call(tool, colour="red")["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", "colour")
    assert ", ".join(TOOLS[tool].parameters.model_fields) in error["message"]


@pytest.mark.parametrize(("tool", "name"), parameters(wanted="_id"))
def test_an_empty_id_is_refused(tool, name, call):
    required = TOOLS[tool].schema.get("required", [])
    others = {other: a_value_for(tool, other) for other in required}

    error = call(tool, **others | {name: ""})["error"]

    assert (error["code"], error["field"]) == ("invalid_argument", name)
    assert "a non-empty string" in error["message"]


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize(
    ("tool", "name"), parameters(wanted="_after") + parameters(wanted="_before")
)
def test_a_bad_date_is_refused_with_an_example(tool, name, text, call):
    error = call(tool, **{name: text})["error"]

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


def a_value_for(tool: str, name: str) -> str:
    return str(TOOLS[tool].schema["properties"][name].get("enum", ["something"])[0])


def order() -> dict[str, Any]:
    lines = [{"productId": "swift", "qty": 1}]
    return {"customerId": "ben-ito-10002", "lineItems": lines, "status": "pending"}
