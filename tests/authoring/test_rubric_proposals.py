"""Criteria made of what a reference changes: each is met by it, and none knows a generated id."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.content import DraftCriterion
from authoring.rubrics.bounds import bound_values
from authoring.rubrics.coverage import ROW
from authoring.rubrics.proposals import changed_rows
from authoring.rubrics.results import plainly
from grading.graders import Evidence
from grading.trying import try_on
from simulation.errors import GymError
from simulation.state import WorldState
from tests.factories import make_snapshot

STORE = make_snapshot()
ACTS = st.one_of(
    st.tuples(
        st.just("sell"),
        st.sampled_from(["dee", "eli"]),
        st.sampled_from(["lamp", "chair"]),
        st.booleans(),
    ),
    st.tuples(st.just("set"), st.integers(0, 5), st.sampled_from(["open", "paid", "void"])),
    st.tuples(st.just("write"), st.sampled_from(["", "red", "Much to say. " * 9])),
    st.tuples(st.just("drop"), st.integers(0, 5)),
)


def sell(world: WorldState, buyer: str, item: str, **fields: Any) -> str:
    lines = [{"itemId": item, "qty": 1}]
    sale = world.create("sale", {"buyer": buyer, "lines": lines, "status": "open", **fields})
    return str(sale["id"])


def do(world: WorldState, act: tuple[Any, ...]) -> None:
    sales = [row["id"] for row in world.rows("sale")]
    match act:
        case "sell", buyer, item, replaces:
            sell(world, buyer, item, **({"replacesId": sales[-1]} if replaces else {}))
        case "set", place, status:
            world.update("sale", sales[place % len(sales)], {"status": status})
        case "write", note:
            world.update("item", "chair", {"note": note or None})
        case "drop", place:
            world.delete("sale", sales[place % len(sales)])


def evidence_of(world: WorldState) -> Evidence:
    spec: Any = None
    return Evidence(spec, (), "", world)


def proposals_of(world: WorldState, *checks: dict[str, Any]) -> dict[str, Any]:
    criteria = [DraftCriterion(key=f"c-{n}", check=check) for n, check in enumerate(checks)]
    rows = changed_rows(evidence_of(world), criteria)
    return {each.token: each for row in rows for each in row.proposals}


@given(st.lists(ACTS, min_size=1, max_size=6))
def test_the_reference_meets_every_criterion_that_is_made_of_what_it_changes(acts):
    world = WorldState(STORE)
    for act in acts:
        try:
            do(world, act)
        except (GymError, ZeroDivisionError):
            continue
    evidence = evidence_of(world)
    made = {change.id for change in evidence.diff if change.before is None}

    for proposal in proposals_of(world).values():
        assert not any(key in json.dumps(proposal.check) for key in made), proposal
        assert not any(key in proposal.text for key in made), proposal
        if proposal.is_whole:
            tried = try_on(proposal.check, WorldState(STORE), evidence)
            assert tried.messages == ()
            assert tried.finding.outcome == "met", proposal


def test_a_new_row_is_known_by_as_little_as_tells_it_apart():
    world = WorldState(STORE)
    first, second, third = (
        sell(world, "dee", "lamp"),
        sell(world, "eli", "lamp"),
        sell(world, "x", "chair"),
    )
    found = proposals_of(world)

    where = {key: found[f"sale:{key}:status"].check["where"] for key in (first, second, third)}

    lamp, chair = ({"path": "lines.itemId", "value": item} for item in ("lamp", "chair"))
    assert where == {
        first: [lamp, {"path": "buyer", "value": "dee"}],
        second: [lamp, {"path": "buyer", "value": "eli"}],
        third: [chair],
    }
    assert found[f"sale:{third}:status"].text == (
        "The status of the new sale with item Chair (chair) is open."
    )


def test_a_reference_to_a_new_row_says_what_that_row_is():
    world = WorldState(STORE)
    first = sell(world, "dee", "lamp")
    second = sell(world, "eli", "chair", replacesId=first)

    proposal = proposals_of(world)[f"sale:{second}:replacesId"]

    assert proposal.check["expect"] == [{"path": "replacesId.lines.itemId", "value": "lamp"}]
    assert proposal.text == (
        "The replaces of the new sale with item Chair (chair) is a new sale with item Lamp (lamp)."
    )


STOCK = {"expect": [{"path": "inStock", "value": 3}]}
NAME = {"expect": [{"path": "name", "value": "L"}]}


@pytest.mark.parametrize(
    ("check", "covered"),
    [
        ({"id": "lamp", **STOCK}, True),
        ({"id": "lamp", "changed": [{"path": "inStock"}]}, True),
        ({"id": {"query": {"entity_type": "item"}, "value": "lamp"}, **STOCK}, True),
        ({"id": "lamp", **NAME}, False),
        ({"id": "chair", **STOCK}, False),
        ({"created": True, **STOCK}, False),
        ({}, False),
    ],
)
def test_what_a_criterion_looks_at_is_covered(check, covered):
    world = WorldState(STORE)
    world.update("item", "lamp", {"inStock": 3})
    whole = {"kind": "state", "entity_type": "item", **check}

    assert bool(proposals_of(world, whole)["item:lamp:inStock"].covered) == covered


def test_a_deleted_row_is_proposed_once():
    world = WorldState(STORE)
    world.delete("sale", "sale-250901-002")

    (proposal,) = proposals_of(world).values()

    assert proposal.token.endswith(ROW)
    assert proposal.check["exists"] is False


def test_a_long_text_becomes_a_question_about_what_it_says():
    world = WorldState(STORE)
    world.update("item", "chair", {"note": "Much to say. " * 9})

    proposal = proposals_of(world)["item:chair:note"]

    assert not proposal.is_whole
    assert proposal.check["source"] == {"entity_type": "item", "field": "note", "rows": "changed"}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("check.entity_type: is required", "entity type is missing"),
        ("check.expect.0.path: is required", "expect 1 path is missing"),
        ("check.expect.0: sale has no field", "expect 1: sale has no field"),
        ("check: write id or where", "write id or where"),
        ("check.kind 'x': write one of", "kind 'x': write one of"),
        ("no colon here", "no colon here"),
    ],
)
def test_what_is_wrong_with_a_check_is_said_plainly(message, said):
    assert plainly(message) == said


def test_bound_values_say_what_they_are_and_where_they_come_from():
    query = {"entity_type": "sale", "measure": "count"}
    check = {
        "kind": "state",
        "id": {"query": query, "value": 3},
        "expect": [{"path": "inStock", "value": {"query": query}}],
        "number": {"value": {"query": {"measure": "x"}, "value": [1, 2]}},
    }

    found = [(each.label, each.value, each.sentence) for each in bound_values(check)]

    assert found == [
        ("id", "3", "the number of sales"),
        ("in stock", "no value yet", "the number of sales"),
        ("number", "1, 2", "a question that cannot be read"),
    ]
