"""One tool call: from the text that an agent sent to the text that it sees."""

import json

import pytest

from simulation.calls import ToolCrashed, call_tool
from simulation.environments import environment
from simulation.errors import Conflict
from simulation.state import WorldState
from simulation.tools import tool

TOOLS = environment("mock_store").tools


@tool(writes=True)
def sell_and_refuse(world: WorldState) -> None:
    """Write, and then refuse."""
    world.update("item", "lamp", {"inStock": 0})
    world.create("sale", {"buyer": "x", "lines": [], "status": "open"})
    raise Conflict("sold out", field="qty")


@tool(writes=True)
def sell_and_crash(world: WorldState) -> None:
    """Write, and then break."""
    world.update("item", "lamp", {"inStock": 0})
    raise ZeroDivisionError("by zero")


@tool(writes=False)
def give(world: WorldState, *, what: str) -> object:
    """Give what no agent may see as it is."""
    return {"nulls": {"a": None, "b": [None]}, "object": {"o": object()}}[what]


EXTRA = {**TOOLS, "sellAndRefuse": sell_and_refuse, "sellAndCrash": sell_and_crash, "give": give}


def call(state, name, raw="{}"):
    return call_tool(state, EXTRA, name, raw)


def error(result):
    assert result.is_error
    return json.loads(result.text)["error"]


def test_a_call_gives_canonical_json_and_its_changes(state):
    result = call(state, "sell", '{"itemId": "lamp", "buyer": "dee", "qty": 2}')

    assert not result.is_error
    assert result.text.startswith('{"buyer":"dee","createdAt":"2025-09-15T19:00:00Z","id":"sale-')
    assert [(change.entity_type, change.id) for change in result.changes] == [
        ("item", "lamp"),
        ("sale", "sale-250915-008"),
    ]


def test_the_arguments_are_kept_as_sent_and_as_read(state):
    raw = '{ "saleId" : "sale-250901-002",  "status":"paid" }'

    result = call(state, "update_sale", raw)

    assert (result.tool, result.arguments_raw) == ("updateSale", raw)
    assert result.arguments == {"saleId": "sale-250901-002", "status": "paid"}


@pytest.mark.parametrize("raw", ["", "  ", "{}"])
def test_no_arguments_are_none(state, raw):
    assert len(json.loads(call(state, "searchSales", raw).text)) == 3


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("sel", "{}", ("not_found", "there is no tool 'sel'; there are searchSales, sell,", None)),
        ("sell", "[]", ("invalid_argument", "arguments must be one JSON object", None)),
        ("sell", "{'a'}", ("invalid_argument", "arguments are not valid JSON", None)),
        ("sell", '{"buyer":"x"}', ("invalid_argument", "item_id is required", "item_id")),
        (
            "sell",
            '{"buyer":"x","item_id":"ghost"}',
            ("not_found", "there is no item 'ghost'", "item_id"),
        ),
        (
            "sell",
            '{"buyer":"x","item_id":"chair","qty":3}',
            ("conflict", "only 2 of chair in stock", "qty"),
        ),
    ],
)
def test_a_refusal_is_structured(state, name, raw, expected):
    refused = error(call(state, name, raw))

    code, message, field = expected
    assert (refused["code"], refused.get("field")) == (code, field)
    assert refused["message"].startswith(message)


def test_a_failing_call_leaves_no_trace(state):
    state.update("item", "chair", {"inStock": 1})
    before = state.hash()

    assert error(call(state, "sellAndRefuse")) == {
        "code": "conflict",
        "message": "sold out",
        "field": "qty",
    }

    assert (state.hash(), len(state.journal)) == (before, 1)
    assert state.create("sale", {"buyer": "x", "lines": [], "status": "open"})["id"].endswith("008")


def test_a_crash_leaves_no_trace_and_is_not_the_agents_to_see(state):
    with pytest.raises(ToolCrashed, match="sellAndCrash: ZeroDivisionError: by zero"):
        call(state, "sellAndCrash")

    assert not state.journal


def test_nulls_do_not_leave_the_world(state):
    assert call(state, "give", '{"what": "nulls"}').text == '{"b":[null]}'


def test_a_result_that_is_no_json_is_a_crash(state):
    with pytest.raises(ToolCrashed, match="TypeError"):
        call(state, "give", '{"what": "object"}')


def test_what_cannot_be_stored_is_replaced_and_noted(state):
    result = call(state, "sell\x00", '{"buyer": "a\x00b", "item_id": "lamp"}')

    assert result.tool == "sell\ufffd"
    assert result.arguments_raw == '{"buyer": "a\ufffdb", "item_id": "lamp"}'
    assert "U+FFFD" in result.note


@pytest.mark.parametrize("raw", ['{"buyer": "a\x00b", "item_id": "lamp"}', '{"buyer": "\ud800"}'])
def test_a_call_again_with_the_recorded_text_gives_the_same(store, raw):
    first = call(WorldState(store), "sell", raw)

    again = call(WorldState(store), "sell", first.arguments_raw)

    assert (again.text, again.arguments) == (first.text, first.arguments)


def test_escapes_that_cannot_be_stored_are_noted_too(state):
    result = call(state, "searchSales", '{"buyer": "a\\u0000b"}')

    assert result.arguments == {"buyer": "a\ufffdb"}
    assert "U+FFFD" in result.note
