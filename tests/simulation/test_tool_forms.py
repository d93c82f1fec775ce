"""Forms of tools: fields from schemas, arguments from inputs and back, results, reference steps."""

import json
from typing import Annotated, Any, Literal

import pytest
import yaml
from django.http import QueryDict
from pydantic import Field as Rule

from simulation.calls import call_tool
from simulation.environments import environment, slugs
from simulation.forms.reading import read_inputs
from simulation.forms.writing import write_inputs
from simulation.models import World
from simulation.playground.fields import form_of
from simulation.playground.reference import reference_steps
from simulation.playground.results import ResultView
from simulation.state import WorldState
from simulation.tools import tool
from simulation.values import After, Id, Value
from tests.factories import make_playing, make_snapshot, make_step

MOCK = environment("mock_store")


class Line(Value):
    item_id: Id
    qty: Annotated[int, Rule(ge=1)]
    gift: bool | None = None


class Parcel(Value):
    city: str
    lines: list[Line] = []


@tool(writes=True)
def everything(
    world: WorldState,
    *,
    sale_id: Id,
    status: Literal["open", "paid"] | None = None,
    tags: Literal["a", "b"] | list[Literal["a", "b"]] | None = None,
    only_new: bool = False,
    price: float | None = None,
    count: int | None = None,
    note: str | None = None,
    since: After | None = None,
    item_ids: list[Id] | None = None,
    lines: list[Line] | None = None,
    parcel: Parcel | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Take everything that there is."""
    return {}


FORM = form_of(everything, MOCK)
ARGUMENTS = {
    "sale_id": "sale-250901-001",
    "status": "paid",
    "tags": ["a", "b"],
    "only_new": False,
    "price": 12.5,
    "count": 3,
    "note": "two\nlines",
    "since": "2025-09-01T10:00:00Z",
    "item_ids": ["lamp", "chair"],
    "lines": [{"itemId": "lamp", "qty": 1}, {"itemId": "chair", "qty": 2, "gift": True}],
    "parcel": {"city": "Berlin"},
    "extra": {"a": [1, {"b": None}]},
}


def typed(**inputs) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in inputs.items():
        query.setlist(f"arg.{name}", value if isinstance(value, list) else [value])
    return query


def kinds():
    return {field.name.removeprefix("arg."): field.kind for field in FORM}


def test_each_schema_gets_the_field_that_fits():
    assert kinds() == {
        "sale_id": "text", "status": "select", "tags": "boxes", "only_new": "truth",
        "price": "number", "count": "number", "note": "area", "since": "moment",
        "item_ids": "lines", "lines": "rows", "parcel": "group", "extra": "json",
    }  # fmt: skip


def test_ids_are_those_of_the_rows_that_their_words_name():
    targets = {field.name.removeprefix("arg."): field.target for field in FORM if field.target}
    corecraft = environment("corecraft")
    update = form_of(corecraft.tools["updateTicketStatus"], corecraft)

    assert targets == {"sale_id": "sale", "item_ids": "item"}
    assert {f.label: f.target for f in update if f.target} == {
        "ticket id": "support_ticket",
        "assigned employee id": "employee",
        "resolution id": "resolution",
    }


def test_arguments_survive_the_form():
    assert read_inputs(FORM, write_inputs(FORM, ARGUMENTS)) == (ARGUMENTS, {})


@pytest.mark.parametrize("name", ARGUMENTS)
def test_each_argument_survives_alone(name):
    alone = {name: ARGUMENTS[name]}

    assert read_inputs(FORM, write_inputs(FORM, alone)) == (alone, {})


def test_an_empty_form_gives_no_arguments():
    blank = {field.name.removeprefix("arg."): "" for field in FORM}
    blank |= {"lines.0.itemId": "", "parcel.city": "", "since.time": ""}

    assert read_inputs(FORM, typed(**blank)) == ({}, {})


@pytest.mark.parametrize(
    ("inputs", "arguments"),
    [
        ({"count": "three"}, {"count": "three"}),
        ({"price": " 12.50 "}, {"price": 12.5}),
        ({"tags": ["a"]}, {"tags": "a"}),
        ({"item_ids": "lamp\r\n\r\n chair "}, {"item_ids": ["lamp", "chair"]}),
        ({"note": "a\r\nb"}, {"note": "a\nb"}),
        ({"note": "a\0b"}, {"note": "a\ufffdb"}),
        ({"since": "2025-09-01"}, {"since": "2025-09-01"}),
        ({"since": "2025-09-01", "since.time": "10:00"}, {"since": "2025-09-01T10:00Z"}),
        ({"lines.1.qty": "2", "lines.0.qty": ""}, {"lines": [{"qty": 2}]}),
        ({"lines.999999.qty": "2"}, {}),
        ({"parcel.lines.0.qty": "2"}, {"parcel": {"lines": [{"qty": 2}]}}),
        ({"only_new": "maybe"}, {"only_new": "maybe"}),
        ({"unknown": "x"}, {}),
    ],
)
def test_inputs_become_arguments_as_they_are_meant(inputs, arguments):
    assert read_inputs(FORM, typed(**inputs)) == (arguments, {})


def test_what_is_no_json_is_named_and_not_sent():
    arguments, problems = read_inputs(FORM, typed(extra="{a: 1}", count="3"))

    assert arguments == {"count": 3}
    assert list(problems) == ["arg.extra"]
    assert "is no JSON" in problems["arg.extra"]


TOOLS = [(slug, name) for slug in slugs() for name in environment(slug).tools]


@pytest.mark.parametrize(("slug", "name"), TOOLS)
def test_every_tool_has_a_form_with_all_its_arguments(slug, name):
    company = environment(slug)
    fields = form_of(company.tools[name], company)

    assert [f.name.removeprefix("arg.") for f in fields] == [
        *company.tools[name].parameters.model_fields
    ]
    assert all(f.expects for f in fields)


# reference steps


def played(*calls, **more_tools):
    """A clone in which these calls were made, one after the other."""
    playing = make_playing(toolset="all")
    tools = {**playing.tools, **more_tools}
    for name, arguments in calls:
        made = call_tool(playing.world, tools, name, json.dumps(arguments))
        step = make_step(
            len(playing.steps),
            kind="tool_call",
            tool=made.tool,
            arguments=made.arguments,
            result=made.text,
            is_error=made.is_error,
            changes=made.changes,
        )
        playing.steps.append(step)
    return playing


SELL = ("sell", {"buyer": "dee", "item_id": "lamp"})


def test_ids_of_rows_made_here_become_references_and_refused_calls_are_left_out():
    steps = played(
        ("updateSale", {"sale_id": "nope", "status": "paid"}),
        SELL,
        ("updateSale", {"sale_id": "sale-250915-008", "status": "paid"}),
        ("updateSale", {"sale_id": "sale-250901-001", "status": "void"}),
    ).steps

    found = reference_steps(steps)

    assert yaml.safe_load(found.yaml) == {
        "reference": [
            {"call": "sell", "arguments": {"buyer": "dee", "item_id": "lamp"}},
            {"call": "updateSale", "arguments": {"sale_id": {"$ref": "1.id"}, "status": "paid"}},
            {"call": "updateSale", "arguments": {"sale_id": "sale-250901-001", "status": "void"}},
        ]
    }
    assert (found.calls, found.left_out, found.references) == (3, 1, 1)


def test_an_id_that_was_typed_before_its_row_was_made_stays_text():
    steps = played(("searchSales", {"buyer": "sale-250915-008"}), SELL).steps

    assert "$ref" not in reference_steps(steps).yaml


def test_ids_of_the_worlds_own_rows_stay_as_they_are():
    steps = played(
        SELL,
        ("searchSales", {"buyer": "ana"}),
        ("updateSale", {"sale_id": "sale-250901-001", "status": "void"}),
    ).steps

    assert "sale-250901-001" in steps[1].result
    assert reference_steps(steps).references == 0


def test_only_whole_values_become_references():
    steps = played(SELL, ("searchSales", {"buyer": "not sale-250915-008 itself"})).steps

    assert reference_steps(steps).references == 0


def test_an_id_that_its_call_did_not_tell_is_referred_to_where_it_was_told_first():
    @tool(writes=True)
    def sell_quietly(world: WorldState) -> dict[str, Any]:
        """Sell and say nothing."""
        row = world.get("sale", "sale-250901-001")
        world.create("sale", {k: v for k, v in row.items() if k != "id"})
        return {}

    steps = played(
        ("sellQuietly", {}),
        ("searchSales", {"status": "paid"}),
        ("updateSale", {"sale_id": "sale-250915-008", "status": "void"}),
        sellQuietly=sell_quietly,
    ).steps

    last = yaml.safe_load(reference_steps(steps).yaml)["reference"][-1]["arguments"]

    place = [row["id"] for row in json.loads(steps[1].result)].index("sale-250915-008")
    assert last["sale_id"] == {"$ref": f"2.{place}.id"}


TEXTS = ["a\nb\n", "- x: {y", "'", "  lead\n trail  \n", "yes", "\u0085\ufeff", "…"]


@pytest.mark.parametrize(
    "text", ["a\nb\n", "- x: {y", "'", "  lead\n trail  \n", "yes", "\u0085\ufeff", "…"]
)
def test_any_text_survives_the_yaml(text):
    steps = played(("searchSales", {"buyer": text})).steps

    read = yaml.safe_load(reference_steps(steps).yaml)

    assert read["reference"][0]["arguments"] == {"buyer": text}


# results


@pytest.fixture
def view():
    world = World(slug="store", version=1, environment="mock_store")
    state = WorldState(make_snapshot())
    state.create("sale", {"buyer": "dee", "lines": [], "status": "open"})
    return ResultView(world, state)


def test_rows_become_a_table_with_links_to_those_of_the_world(view):
    rows = [
        {"buyer": "ana", "id": "sale-250901-001"},
        {"id": "sale-250915-008", "lines": [{"a": 1}]},
    ]

    (block,) = view.blocks(json.dumps(rows))

    assert block.columns == ("id", "buyer", "lines")
    first, second = block.lines
    assert first[0].url == "/world/store@1/sale/sale-250901-001/"
    assert (second[0].url, second[0].is_own) == ("", True)
    assert json.loads(second[2].json) == [{"a": 1}]


def test_an_object_shows_its_fields_its_tables_and_folds_what_is_deeper(view):
    value = {"order": {"id": "x", "lines": [{"q": 1}], "deep": {"a": {"b": 1}}}, "n": 1, "none": []}

    blocks = view.blocks(json.dumps(value))

    assert [(block.title, block.kind) for block in blocks] == [
        ("", "fields"), ("order", "fields"), ("lines", "table"),
    ]  # fmt: skip
    assert [cell.text for _, cell in blocks[0].pairs] == ["1", "none"]


@pytest.mark.parametrize("result", ["[]", "{}", "null", '"text"', "3", "[1, 2]", "[[1], {}]"])
def test_any_result_can_be_shown(view, result):
    assert view.blocks(result)
