"""A world with a setup in it, to look through."""

import pytest

from simulation.browser.searching import find_keys
from simulation.patched import Patched
from simulation.setup import apply_each, setup_changes
from simulation.snapshots import Snapshot, by_text
from simulation.state import WorldState
from tests.factories import HIDDEN, sale

SETUP = [
    {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"name": "Torch"}},
    {
        "op": "create",
        "entity_type": "sale",
        "id": "sale-250915-009",
        "fields": sale("eve", "chair"),
    },
    {"op": "delete", "entity_type": "sale", "id": "sale-250901-002"},
]


@pytest.fixture
def patched(store: Snapshot) -> Patched:
    return Patched(store, setup_changes(store, SETUP))


def test_rows_are_those_after_setup(patched, store):
    state = WorldState(store, setup_changes(store, SETUP))

    for kind in ("item", "sale"):
        assert patched.rows(kind) == {row["id"]: row for row in state.rows(kind)}
    assert store.rows("item")["lamp"]["name"] == "Lamp"


def test_what_agents_cannot_see_stays_hidden_from_people_too(patched):
    assert HIDDEN not in patched.unveiled.rows("sale")
    assert patched.stored("sale", HIDDEN)
    assert HIDDEN in patched.hidden("sale")


def test_indexes_orders_and_searches_know_the_setup(patched, store):
    assert patched.index("sale", "lines.itemId")["chair"] == ("sale-250915-009",)
    assert patched.order("item", by_text("name"))[0] == ["chair", "lamp"]
    assert find_keys(patched, "item", "torch") == {"lamp"}
    assert find_keys(patched, "item", "lamp") == {"lamp"}, "by its id"
    assert find_keys(patched, "sale", "bo") == frozenset()
    assert find_keys(store, "item", "torch") == frozenset()


def test_what_is_not_changed_is_shared(store):
    patched = Patched(store, setup_changes(store, SETUP[:1]))

    assert patched.rows("sale") is store.rows("sale")
    assert patched.index("sale", "buyer") is store.index("sale", "buyer")


@pytest.mark.parametrize(("date", "highest"), [("250915", 9), ("250901", 2), ("250101", 0)])
def test_new_ids_follow_those_of_the_setup(date, highest, patched):
    assert patched.highest_number("sale", date) == highest


def test_each_operation_says_what_became_of_it(store):
    wrong = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": "x"}}

    first, second, third = apply_each(WorldState(store), [SETUP[0], wrong, SETUP[2]])

    assert (first.change.after["name"], first.problems) == ("Torch", ())
    assert second.change is None
    assert second.problems == ("price: expected a number with at most 2 decimal places, got 'x'",)
    assert third.change.after is None
