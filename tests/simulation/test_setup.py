"""The setup of a task: a patch, validated like an import."""

import pytest

from simulation.errors import Problems
from simulation.setup import setup_changes
from simulation.state import WorldState
from tests.factories import HIDDEN, LATER, NOW, sale


def create(key="extra", **fields):
    return {"op": "create", "entity_type": "sale", "id": key, "fields": {**sale(), **fields}}


def update(key, entity_type="sale", **fields):
    return {"op": "update", "entity_type": entity_type, "id": key, "fields": fields}


def delete(key, entity_type="sale"):
    return {"op": "delete", "entity_type": entity_type, "id": key}


def applied(store, *patch):
    return WorldState(store, setup_changes(store, patch))


def test_the_operations_are_applied_in_order(store):
    state = applied(store, create("extra"), update("extra", buyer="eve"), delete("sale-250901-002"))

    assert state.get("sale", "extra")["buyer"] == "eve"
    assert state.get("sale", "sale-250901-002") is None
    assert not state.changes


def test_a_created_row_may_leave_the_id_and_the_stamps_out(store):
    fields = {"buyer": "eve", "lines": [], "status": "open"}

    state = applied(store, {"op": "create", "entity_type": "sale", "fields": fields})

    assert state.get("sale", "sale-250915-008") == {
        **fields,
        "id": "sale-250915-008",
        "createdAt": NOW,
        "updatedAt": NOW,
    }


def test_an_update_does_not_stamp_what_it_does_not_name(store):
    before = store.rows("sale")["sale-250901-002"]

    after = applied(store, update("sale-250901-002", buyer="eve")).get("sale", "sale-250901-002")

    assert after == {**before, "buyer": "eve"}


def test_an_update_may_set_the_stamps(store):
    state = applied(store, update("sale-250901-002", updatedAt="2025-09-03T00:00:00+02:00"))

    assert state.get("sale", "sale-250901-002")["updatedAt"] == "2025-09-02T22:00:00Z"


def test_a_null_removes_an_optional_field(store):
    state = applied(store, update("sale-250915-004", replacesId=None))

    assert "replacesId" not in state.get("sale", "sale-250915-004")


@pytest.mark.parametrize(
    ("operation", "problem"),
    [
        ({"op": "rename"}, "op 'rename': write one of create, update, delete"),
        ({}, "op None: write one of create, update, delete"),
        (delete("x", "ghost"), "entity_type 'ghost': write one of item, sale"),
        (delete("x", ["sale"]), "entity_type ['sale']: write one of item, sale"),
        ({"op": "delete", "entity_type": "sale"}, "id: write the id of the row as text"),
        (delete(7), "id: write the id of the row as text"),
        ({**create(), "fields": ["buyer"]}, "fields: write an object of field names and values"),
        ({**create(), "now": NOW}, "unknown now; an operation has op, entity_type, id, fields"),
        (delete("nobody"), "there is no sale 'nobody'"),
        (update(HIDDEN, buyer="eve"), f"there is no sale '{HIDDEN}'"),
        (create("sale-250901-001"), "there is already sale 'sale-250901-001'"),
        (create(HIDDEN), f"there is already sale '{HIDDEN}'"),
        (create(status="lost"), "status: expected one of open, paid, void, got 'lost'"),
        (create(replacesId="nobody"), "there is no sale 'nobody'"),
        (create(colour="red"), "colour: sale has no such field; it has buyer,"),
        (delete("lamp", "item"), "item 'lamp' is referred to by sale.lines.itemId"),
        (create(createdAt=LATER), "createdAt of sale 'extra' is after the world's clock"),
        (update("sale-250901-002", createdAt=LATER), "is after the world's clock"),
    ],
)
def test_what_cannot_be_applied_is_a_problem_that_says_why(store, operation, problem):
    with pytest.raises(Problems) as refusal:
        setup_changes(store, [operation])

    assert problem in refusal.value.message
    assert refusal.value.message.startswith("setup 1: ")


def test_all_problems_are_named_at_once_and_good_operations_still_count(store):
    patch = [delete("nobody"), create("extra"), update("extra", status="lost", buyer=3)]

    with pytest.raises(Problems) as refusal:
        setup_changes(store, patch)

    assert [line.split(":")[0] for line in refusal.value.problems] == [
        "setup 1",
        "setup 3",
        "setup 3",
    ]


def test_a_setup_that_undoes_itself_leaves_the_worlds_hash(store):
    state = applied(store, create("extra"), delete("extra"))

    assert state.hash() == WorldState(store).hash()
