"""Expected values: literals, or the frozen result of a query."""

import pytest

from grading.expected import bind, stale
from grading.graders import read_check
from simulation.errors import InvalidArgument, Problems
from simulation.state import WorldState
from tests.factories import make_snapshot
from tests.grading.evidence import STORE

COUNT = {"query": {"entity_type": "sale"}}
CHECK = {"kind": "response", "number": {"value": COUNT, "near": ["sales"]}}
WORLD = WorldState(STORE)


def test_binding_fills_in_the_result_of_every_query_and_nothing_else():
    bound = bind({"a": [COUNT, {"b": COUNT}], "c": "query"}, WORLD)

    frozen = {**COUNT, "value": 3}
    assert bound == {"a": [frozen, {"b": frozen}], "c": "query"}


def test_a_bound_check_is_written_as_it_was_with_the_result():
    bound = read_check(CHECK).bound(WORLD)

    assert bound.as_data() == {
        "kind": "response",
        "number": {"value": {**COUNT, "value": 3}, "near": ["sales"]},
    }
    assert read_check(bound.as_data()) == bound


def test_a_frozen_value_stays_when_the_world_is_another_and_lint_names_it():
    data = read_check(CHECK).bound(WORLD).as_data()
    other = WorldState(make_snapshot(sale={"sale-250901-009": {"buyer": "eve", "status": "open"}}))

    assert stale(data, WORLD) == []
    assert stale(data, other) == ["check.number.value: the number of sales is 4, frozen is 3"]


def test_binding_again_freezes_the_new_result():
    data = read_check(CHECK).bound(WORLD).as_data()
    other = WorldState(make_snapshot({"sale": {}}))

    assert read_check(data).bound(other).as_data()["number"]["value"]["value"] == 0


def test_a_query_without_an_answer_cannot_be_bound():
    data = {**COUNT["query"], "measure": {"field": "buyer"}}

    with pytest.raises(InvalidArgument, match="exactly one sale must match, but 3 do"):
        read_check({"kind": "response", "text": {"any_of": [{"query": data}]}}).bound(WORLD)


def test_a_query_that_makes_no_sense_is_refused_with_its_place():
    bad = {"query": {"entity_type": "sale", "measure": "average"}}

    with pytest.raises(Problems, match=r"check.number.value.*measure: write \"count\", or one of"):
        read_check({"kind": "response", "number": {"value": bad}})
