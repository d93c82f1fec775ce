"""The shared, immutable part of a world state."""

import json

import orjson
import pytest

from simulation.snapshots import (
    FrozenDict,
    FrozenRowError,
    by_text,
    freeze,
    from_document,
    newest_first,
    pack,
    unpack,
)
from simulation.values import pluck
from tests.factories import HIDDEN, LATER, NOW, make_document, make_snapshot, sale


def test_rows_after_the_clock_are_hidden_and_still_stored(store):
    assert HIDDEN not in store.rows("sale")
    assert store.stored("sale", HIDDEN)["id"] == HIDDEN
    assert store.stored("sale", "nobody") is None


def test_a_row_made_at_the_very_instant_of_the_clock_is_visible(store):
    assert store.rows("sale")["sale-250915-004"]["createdAt"] == NOW


def test_a_type_without_a_creation_time_hides_nothing(store):
    assert set(store.rows("item")) == {"lamp", "chair"}


def test_a_type_without_rows_is_empty():
    assert make_snapshot({}).rows("sale") == {}


def test_a_type_that_the_company_does_not_have_is_an_error(store):
    with pytest.raises(KeyError):
        store.rows("ghost")


def test_the_index_gives_ids_by_every_value_at_a_path(store):
    assert store.index("sale", "buyer") == {
        "ana": ("sale-250901-001", "sale-250915-004"),
        "bo": ("sale-250901-002",),
    }


def test_a_row_stands_once_under_a_value_that_it_has_twice():
    lines = [{"itemId": "lamp", "qty": 1}, {"itemId": "lamp", "qty": 2}]
    snapshot = make_snapshot({"sale": {"one": sale(lines=lines)}})

    assert snapshot.index("sale", "lines.itemId") == {"lamp": ("one",)}


def test_an_order_gives_ids_and_their_positions(store):
    ids, position = store.order("sale", newest_first())

    assert ids == ["sale-250915-004", "sale-250901-002", "sale-250901-001"]
    assert [position[key] for key in ids] == [0, 1, 2]


def test_rows_without_the_instant_come_last():
    rows = [{"id": "a"}, {"id": "b", "createdAt": NOW}, {"id": "c", "createdAt": LATER}]

    assert [row["id"] for row in newest_first().sort(rows)] == ["c", "b", "a"]


def test_equal_rows_are_ordered_by_id():
    rows = [{"id": key, "name": "same"} for key in "bca"]

    assert [row["id"] for row in by_text("name").sort(rows)] == ["a", "b", "c"]


def test_derived_values_are_read_once_a_row(store):
    read = []

    def buyer(row):
        read.append(row["id"])
        return row["buyer"].upper()

    assert store.derived("sale", buyer)["sale-250901-002"] == "BO"
    assert store.derived("sale", buyer)["sale-250901-001"] == "ANA"
    assert len(read) == 3


@pytest.mark.parametrize(("date", "highest"), [("250915", 7), ("250901", 2), ("260101", 0)])
def test_the_highest_number_counts_hidden_rows(store, date, highest):
    assert store.highest_number("sale", date) == highest


def test_the_hash_is_that_of_the_canonical_bytes_whatever_the_order():
    document = make_document()
    turned = json.loads(json.dumps(document))
    turned["entities"] = dict(reversed(turned["entities"].items()))

    assert pack(document)[0] == pack(turned)[0]
    assert pack(document)[0] != pack(make_document(now=LATER))[0]


def test_a_stored_snapshot_reads_back_with_the_same_rows(store):
    content_hash, data, size = pack(make_document())

    again = unpack(data, content_hash)

    assert again.rows("sale") == store.rows("sale")
    assert (again.content_hash, again.now) == (store.content_hash, NOW)
    assert size > len(data)


CHANGES = {
    "set an item": lambda row: row.__setitem__("a", 1),
    "delete an item": lambda row: row.__delitem__("a"),
    "update": lambda row: row.update(a=1),
    "merge": lambda row: row.__ior__({"a": 1}),
    "pop": lambda row: row.pop("a"),
    "popitem": lambda row: row.popitem(),
    "setdefault": lambda row: row.setdefault("b", 1),
    "clear": lambda row: row.clear(),
    "append inside": lambda row: row["a"].append(1),
    "extend inside": lambda row: row["a"].__iadd__([1]),
    "sort inside": lambda row: row["a"].sort(),
    "set inside": lambda row: row["a"][0].__setitem__("c", 1),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_frozen_rows_refuse_every_change(change):
    row = freeze({"a": [{"b": 1}]})

    with pytest.raises(FrozenRowError, match="copy before changing"):
        change(row)

    assert row == {"a": [{"b": 1}]}


def test_frozen_rows_encode_and_copy_like_plain_ones():
    row = freeze({"a": [{"b": 1}]})

    assert orjson.dumps(row) == b'{"a":[{"b":1}]}'
    assert type({**row}) is dict
    assert pluck(row, "a.b") == [1]


def test_rows_are_frozen_only_on_request():
    plain = from_document(make_document()).rows("item")["lamp"]

    assert not isinstance(plain, FrozenDict)
