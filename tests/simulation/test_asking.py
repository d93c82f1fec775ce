"""The query builder without its page: addresses, what typed text stands for, problems, examples."""

import json
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from grading.expected import Bound
from simulation.asking.address import Asked, Typed, asked_of, read_asked
from simulation.asking.answers import answer, as_json, as_yaml, query_data
from simulation.asking.examples import examples
from simulation.asking.offers import group_words, offers
from simulation.asking.reading import read_form
from simulation.asking.typed import join_moment, read_value, split_moment, write_value
from simulation.environments import environment
from simulation.query import WorldQuery
from simulation.shapes import Shape
from simulation.state import WorldState
from tests.factories import make_snapshot

MOCK, CORECRAFT = environment("mock_store"), environment("corecraft")
WORLD = WorldState(make_snapshot())
LIBRARY = Path(__file__).parents[2] / "authoring" / "library"


def queries_of_the_library():
    """Every query that the sample tasks bind a value to."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            if "query" in value:
                found.append(value["query"])
            for item in value.values():
                walk(item)
        elif isinstance(value, list):
            for item in value:
                walk(item)

    for file in sorted(LIBRARY.glob("corecraft/*/task.yaml")):
        walk(yaml.safe_load(file.read_text("utf-8")))
    return found


def asked(**parameters) -> Asked:
    query = QueryDict(mutable=True)
    for name, value in parameters.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return read_asked(query)


def read(**parameters):
    return read_form(MOCK, asked(**parameters))


# addresses


@pytest.mark.parametrize("data", queries_of_the_library(), ids=json.dumps)
def test_every_query_of_the_library_survives_its_address(data):
    query = WorldQuery.model_validate(data)
    address = asked_of(query, CORECRAFT).address()

    assert read_form(CORECRAFT, read_asked(QueryDict(address))).query == query


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip),
    st.sampled_from(["buyer", "status", "lines.itemId", "x", "é.ñ"]),
)
def test_what_was_typed_survives_its_address(value, path):
    typed = Asked(entity_type="sale", conditions=(Typed(path, "eq", (value,)),))

    assert read_asked(QueryDict(typed.address())) == typed


def test_text_that_cannot_be_stored_becomes_a_mark():
    assert asked(type="sale", path1="buyer", value1="a\0b").conditions[0].values == ("a\ufffdb",)


def test_lines_and_days_with_times_become_values():
    typed = asked(
        path1="buyer", op1="in", lines1="ana\r\n bo \n\n",
        path2="createdAt", op2="between", value2=["2025-09-01", "2025-09-02"], time2=["", "10:00"],
    ).conditions  # fmt: skip

    assert typed[0].values == ("ana", "bo")
    assert typed[1].values == ("2025-09-01", "2025-09-02T10:00Z")


# typed values


@pytest.mark.parametrize("kind", ["text", "number", "boolean", "any", "instant"])
@pytest.mark.parametrize("value", ["abc", "12", '"12"', "true", 12, -0.5, 153.25, True, False])
def test_a_written_value_reads_back_as_itself_where_its_kind_is_known(kind, value):
    fits = {
        "text": isinstance(value, str),
        "instant": isinstance(value, str),
        "number": isinstance(value, int | float) and not isinstance(value, bool),
        "boolean": isinstance(value, bool),
        "any": True,
    }[kind]

    back = read_value(write_value(value, Shape(kind)), Shape(kind))

    assert (back == value and type(back) is type(value)) or not fits


@pytest.mark.parametrize("text", ["1,200", "12 USD", "١٢", "1e5", "NaN", "9" * 40, ""])
def test_what_is_no_plain_number_stays_text(text):
    assert read_value(text, Shape("number")) == text


@pytest.mark.parametrize("text", ["2025-09-15", "2025-09-15T19:00Z", "2025-09-15T19:00:01.5Z", ""])
def test_a_day_and_a_time_split_and_join(text):
    assert join_moment(*split_moment(text)) == text


@pytest.mark.parametrize("text", ["soon", "2025-09-15T19:00:00+02:00", "2025-9-15"])
def test_what_the_two_inputs_cannot_hold_is_not_split(text):
    assert split_moment(text) is None


# reading


def test_an_untouched_form_counts_the_rows_of_the_first_type():
    assert read().query == WorldQuery(entity_type="item")


@pytest.mark.parametrize(
    ("parameters", "part", "said"),
    [
        ({"path1": "colour"}, "path", "sale has no field 'colour'"),
        ({"path1": "lines.price"}, "path", "there is itemId, qty"),
        ({"path1": "status", "op1": "gt", "value1": "x"}, "op", "cannot be asked here"),
        ({"path1": "status", "op1": "nope", "value1": "x"}, "op", "cannot be asked here"),
        ({"path1": "status", "value1": "lost"}, "value", "'lost' is not one of open, paid, void"),
        ({"path1": "lines.qty", "value1": "two"}, "value", "such as 153.5"),
        ({"path1": "createdAt", "value1": "soon"}, "value", "write 2025-09-15T19:00:00Z"),
        ({"path1": "buyer", "op1": "matches", "value1": "("}, "value", "no regular expression"),
    ],
)
def test_a_problem_stands_beside_the_part_that_it_is_about(parameters, part, said):
    found = read(type="sale", **parameters)

    assert found.query is None
    assert list(found.conditions[0].problems) == [part]
    assert said in found.conditions[0].problems[part]
    assert found.count_of_problems == 1


@pytest.mark.parametrize(
    ("parameters", "part", "said"),
    [
        ({"measure": "sum"}, "path", "choose what to take the sum of"),
        ({"measure": "sum", "path": "buyer"}, "path", "sum does not fit"),
        ({"measure": "field", "path": "lines.qty"}, "path", "take the list of it"),
        ({"measure": "min", "path": "createdAt", "of": "what"}, "of", "no field 'what'"),
        ({"type": "ship"}, "type", "has no 'ship'"),
    ],
)
def test_a_problem_of_the_measure_stands_beside_it(parameters, part, said):
    found = read(**{"type": "sale", **parameters})

    assert found.query is None
    assert list(found.problems) == [part]
    assert said in found.problems[part]


def test_a_condition_without_a_value_is_unfinished_and_no_mistake():
    found = read(type="sale", path1="status", path2="", value2="")

    assert (found.query, found.count_of_problems, found.is_unfinished) == (None, 0, True)


def test_of_a_list_one_operator_takes_the_first_and_none_takes_nothing():
    one = read(type="sale", path1="status", op1="ne", value1=["paid", "void"])
    none = read(type="sale", path1="replacesId", op1="is_null", value1="left over")

    assert one.query.where[0].value == "paid"
    assert none.query.where[0].value is None


# answers


def test_the_copied_forms_are_what_grading_reads():
    query = WorldQuery.model_validate(
        {
            "entity_type": "sale",
            "where": [{"path": "status", "op": "in", "value": ["open", "paid"]}],
            "measure": {"list": "buyer", "distinct": False},
        }
    )
    value = query.result(WORLD)

    bound = Bound.model_validate(json.loads(as_json(query, value)))
    from_yaml = Bound.model_validate(yaml.safe_load(as_yaml(query)))

    assert (bound.query, list(bound.value)) == (query, ["ana", "ana", "bo"])
    assert from_yaml.query == query


@pytest.mark.parametrize("data", queries_of_the_library(), ids=json.dumps)
def test_copied_queries_are_as_short_as_people_write_them(data):
    written = query_data(WorldQuery.model_validate(data))

    assert WorldQuery.model_validate(written) == WorldQuery.model_validate(data)
    assert len(json.dumps(written)) <= len(json.dumps({"measure": "count", **data}))


def test_an_extreme_that_several_share_is_told_with_advice():
    items = {"a": {"name": "A", "price": 1.0, "inStock": 0}, "b": {"name": "B", "price": 1.0,
             "inStock": 0}}  # fmt: skip
    world = WorldState(make_snapshot({"item": items}))
    query = WorldQuery.model_validate(
        {"entity_type": "item", "measure": {"min": "price", "of": "name"}}
    )

    found = answer(query, world)

    assert found.value is None
    assert "2 rows share the lowest price" in found.problem
    assert "tells them apart" in found.advice
    assert len(found.rows) == 2


def test_rows_after_the_clock_are_counted_apart():
    found = answer(WorldQuery(entity_type="sale"), WORLD)

    assert (found.value, found.hidden) == (3, 1)


# offers and examples


@pytest.mark.parametrize("entity_type", CORECRAFT.entity_types)
def test_every_offered_path_can_be_asked_about(entity_type):
    there = offers(CORECRAFT, entity_type)

    assert len({offer.text for offer in there}) == len(there) > 3
    assert all(offer.words and offer.kind and group_words(offer) for offer in there)


def test_paths_reach_through_values_lists_and_references_and_never_round_in_circles():
    texts = {offer.text for offer in offers(CORECRAFT, "order")}

    assert {"customerId.loyaltyTier", "lineItems.qty", "shipping.address.city"} <= texts
    assert {"lineItems.productId.name", "buildId.customerId.name"} <= texts
    replaced = {offer.text for offer in offers(MOCK, "sale")}
    assert "replacesId" in replaced
    assert not [text for text in replaced if text.startswith("replacesId.")]


def test_examples_have_answers_and_are_made_for_any_company():
    made = examples(WORLD, "sale")

    assert made
    assert all(query.result(WORLD) for query in made)
    assert examples(WorldState(make_snapshot({"sale": {}})), "sale") == []
