"""The tool decorator: schema, argument validation and documentation from one definition."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from simulation.entities import Row
from simulation.environments import environment
from simulation.errors import InvalidArgument
from simulation.state import WorldState
from simulation.tools import (
    AlsoNamed,
    Limit,
    definitions_hash,
    find_tool,
    in_words,
    tool,
    tool_definitions,
)
from simulation.values import Id, Value

TOOLS = environment("mock_store").tools


class Parcel(Value):
    weight: Annotated[float, Field(gt=0)]
    label: str | None = None


@tool(writes=True, toolsets=("default", "shipping"))
def send_parcel(
    world: WorldState,
    *,
    order_id: Annotated[Id, AlsoNamed(("order",))],
    parcel: Parcel,
    speed: Literal["slow", "fast"] | list[Literal["slow", "fast"]] = "slow",
    is_gift: bool | None = None,
    limit: Limit = 10,
) -> Row:
    """Send a parcel.

    It leaves the same day.

    order_id: what is sent,
        as the order names it.
    is_gift: wrap it.
    """
    return {"order": order_id, "parcel": parcel, "speed": speed, "gift": is_gift, "limit": limit}


def refusal(arguments, which=send_parcel):
    with pytest.raises(InvalidArgument) as refused:
        which.check(arguments)
    return refused.value


PARCEL = {"weight": 1.5}


def test_the_wire_name_is_the_camel_case_of_the_functions():
    assert (send_parcel.name, send_parcel.writes) == ("sendParcel", True)
    assert list(TOOLS) == ["searchSales", "sell", "updateSale"]


def test_the_description_is_the_docstring_without_its_parameters():
    assert send_parcel.description == "Send a parcel. It leaves the same day."


def test_the_schema_says_what_is_required_and_what_is_allowed():
    schema = send_parcel.schema

    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert schema["required"] == ["order_id", "parcel"]
    assert schema["properties"]["order_id"] == {
        "description": "what is sent, as the order names it.",
        "maxLength": 200,
        "minLength": 1,
        "type": "string",
    }


def test_the_schema_has_no_references_titles_or_null():
    text = str(send_parcel.schema)

    assert not [word for word in ("$ref", "$defs", "'title'", "None") if word in text]
    assert send_parcel.schema["properties"]["is_gift"]["type"] == "boolean"
    assert send_parcel.schema["properties"]["parcel"]["properties"]["weight"]["type"] == "number"


def test_an_enum_is_shown_by_its_values():
    options = TOOLS["searchSales"].schema["properties"]["status"]["anyOf"]

    assert options[0]["enum"] == ["open", "paid", "void"]
    assert options[1]["items"] == options[0]


@pytest.mark.parametrize("spelling", ["order_id", "orderId", "order"])
def test_a_parameter_is_accepted_in_every_spelling(spelling):
    assert send_parcel.check({spelling: "o-1", "parcel": PARCEL})["order_id"] == "o-1"


def test_a_parameter_in_two_spellings_is_refused_unless_one_is_null():
    refused = refusal({"order_id": "o-1", "orderId": "o-2", "parcel": PARCEL})

    assert (refused.field, refused.message) == (
        "order_id",
        "order_id is given twice, also as orderId",
    )
    arguments = {"order_id": "o-1", "orderId": None, "parcel": PARCEL}
    assert send_parcel.check(arguments)["order_id"] == "o-1"


def test_a_null_argument_is_an_absent_one():
    checked = send_parcel.check({"order_id": "o-1", "parcel": PARCEL, "is_gift": None})

    assert set(checked) == {"order_id", "parcel"}
    assert refusal({"order_id": None, "parcel": PARCEL}).message.startswith("order_id is required")


def test_absent_arguments_take_the_functions_own_defaults():
    result = send_parcel.call(None, {"order_id": "o-1", "parcel": PARCEL})

    assert (result["speed"], result["gift"], result["limit"]) == ("slow", None, 10)


@pytest.mark.parametrize(
    ("arguments", "field", "message"),
    [
        ({}, "order_id", "order_id is required: a non-empty string"),
        ({"order_id": ""}, "order_id", "order_id: expected a non-empty string, got ''"),
        ({"order_id": 7}, "order_id", "order_id: expected a non-empty string, got 7"),
        ({"order_id": "x" * 201}, "order_id", "…; String should have at most 200 characters"),
        ({"limit": 0}, "limit", "limit: expected a whole number of 1 or more, got 0"),
        ({"limit": "5"}, "limit", "limit: expected a whole number of 1 or more, got '5'"),
        ({"limit": True}, "limit", "limit: expected a whole number of 1 or more, got True"),
        ({"is_gift": 1}, "is_gift", "is_gift: expected true or false, got 1"),
        ({"speed": "warp"}, "speed", "one of slow, fast, or a list of them, got 'warp'"),
        ({"speed": ["slow", "x"]}, "speed", "one of slow, fast, or a list of them"),
        ({"parcel": []}, "parcel", "parcel: expected an object with weight, label, got []"),
        ({"parcel": {"weight": 0}}, "parcel.weight", "parcel.weight: Input should be greater"),
        ({"parcel": {}}, "parcel.weight", "parcel.weight: Field required"),
        ({"colour": "red"}, "colour", "sendParcel has no argument 'colour'; it takes order_id,"),
    ],
)
def test_a_refusal_names_the_argument_and_what_is_allowed(arguments, field, message):
    base = {"order_id": "o-1", "parcel": PARCEL} if arguments else {}

    refused = refusal({**base, **arguments})

    assert message in refused.message
    assert refused.field.startswith(field)


def test_parameters_must_be_keyword_only():
    @tool(writes=False)
    def look(world: WorldState, order_id: str) -> None:
        """Look."""

    with pytest.raises(TypeError, match="look: order_id must be keyword-only"):
        _ = look.schema


@pytest.mark.parametrize(
    "name",
    ["updateSale", "update_sale", "UpdateSale", "mcp__store__updateSale", "mcp__s__update_sale"],
)
def test_a_tool_is_found_by_its_spellings(name):
    assert find_tool(TOOLS, name) is TOOLS["updateSale"]


@pytest.mark.parametrize(
    "name", ["", "sales", "update sale", "__class__", "\ufffd", "É", "_", "mcp__", "x__sell"]
)
def test_other_names_are_no_tool(name):
    assert find_tool(TOOLS, name) is None


def test_definitions_are_sorted_and_complete():
    definitions = tool_definitions({"b": TOOLS["updateSale"], "a": TOOLS["sell"]})

    assert [definition["name"] for definition in definitions] == ["sell", "updateSale"]
    assert all(set(d) == {"name", "description", "inputSchema"} for d in definitions)


def test_the_hash_covers_the_definitions_and_the_code_behind_them():
    assert definitions_hash(TOOLS, b"code") == definitions_hash(TOOLS, b"code")
    assert definitions_hash(TOOLS, b"code") != definitions_hash(TOOLS, b"other code")
    assert definitions_hash(TOOLS, b"code") != definitions_hash({"sell": TOOLS["sell"]}, b"code")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 5}, "a whole number of 1 or more up to 5"),
        ({"type": "number", "exclusiveMinimum": 0}, "a number above 0"),
        ({"type": "boolean"}, "true or false"),
        ({"type": "string"}, "a string"),
        ({"const": "x"}, "'x'"),
        ({"type": "array", "items": {"type": "string"}}, "a list of (a string)"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "a string or a whole number"),
        ({"type": "object"}, "an object with any members"),
        ({"type": "string", "format": "date-time"}, "an instant such as 2025-09-15T19:00:00Z"),
        ({"type": "string", "format": "date"}, "a date such as 2025-09-15"),
    ],
)
def test_a_schema_is_said_in_words(schema, words):
    assert in_words(schema) == words
