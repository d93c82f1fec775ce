"""The clone: what an episode reads, writes, undoes and leaves behind."""

import pytest

from simulation.errors import Conflict, InvalidArgument, NotFound, Problems
from simulation.snapshots import by_text, newest_first
from simulation.state import Change, WorldState, net, read_changes
from tests.factories import HIDDEN, NOW, make_snapshot, sale

NEWEST = newest_first()
NEW = {"buyer": "dee", "lines": [{"itemId": "lamp", "qty": 2}], "status": "open"}


def ids(rows):
    return [row["id"] for row in rows]


# reading


def test_get_gives_a_row_with_its_id(state):
    assert state.get("item", "lamp") == {
        "id": "lamp",
        "name": "Lamp",
        "price": 12.5,
        "inStock": 10,
    }


@pytest.mark.parametrize("key", ["nobody", "", HIDDEN])
def test_get_knows_nothing_of_rows_that_are_not_there_or_after_the_clock(state, key):
    assert state.get("sale", key) is None


def test_need_says_what_is_missing(state):
    with pytest.raises(NotFound, match="there is no sale 'nobody'") as refusal:
        state.need("sale", "nobody", field="sale_id")

    assert refusal.value.field == "sale_id"


def test_rows_gives_every_visible_row_once_with_changes_and_without_deleted(state):
    state.update("sale", "sale-250901-002", {"status": "void"})
    state.delete("sale", "sale-250915-004")
    new = state.create("sale", NEW)

    rows = {row["id"]: row["status"] for row in state.rows("sale")}

    assert rows == {"sale-250901-001": "paid", "sale-250901-002": "void", new["id"]: "open"}


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        ("buyer", "ana", {"sale-250901-001", "sale-250915-004"}),
        ("lines.itemId", "chair", {"sale-250901-002"}),
        ("lines.qty", 1, {"sale-250901-001", "sale-250901-002", "sale-250915-004"}),
        ("buyer", "cy", set()),
        ("nothing.there", "x", set()),
    ],
)
def test_find_looks_up_rows_by_a_value_at_a_path(state, path, value, found):
    assert set(ids(state.find("sale", path, value))) == found


def test_find_sees_changed_created_and_deleted_rows(state):
    state.update("sale", "sale-250901-001", {"buyer": "bo"})
    state.delete("sale", "sale-250915-004")
    new = state.create("sale", {**NEW, "buyer": "ana"})

    assert ids(state.find("sale", "buyer", "ana")) == [new["id"]]
    assert set(ids(state.find("sale", "buyer", "bo"))) == {"sale-250901-001", "sale-250901-002"}


def test_search_gives_the_newest_first_and_equal_instants_by_id(state):
    state.create("sale", NEW, key="a-sale")

    found = state.search("sale", order=NEWEST)

    assert ids(found) == ["a-sale", "sale-250915-004", "sale-250901-002", "sale-250901-001"]


@pytest.mark.parametrize(
    ("equals", "found"),
    [
        ({"buyer": "bo"}, ["sale-250901-002"]),
        ({"buyer": ["bo", "ana"], "status": "open"}, ["sale-250915-004", "sale-250901-002"]),
        ({"status": {"paid"}}, ["sale-250901-001"]),
        ({"lines.itemId": "lamp", "buyer": None}, ["sale-250915-004", "sale-250901-001"]),
        ({"buyer": []}, []),
    ],
)
def test_search_meets_all_conditions(state, equals, found):
    assert ids(state.search("sale", order=NEWEST, equals=equals)) == found


def test_search_by_a_list_of_plain_values_means_any_of_them():
    rows = {"fan": {"tags": ["cooling", "noise"]}, "box": {"tags": ["returns"]}}
    state = WorldState(make_snapshot({"item": rows}))

    found = state.search("item", order=by_text("name"), equals={"tags": "cooling"})

    assert ids(found) == ids(state.find("item", "tags", "cooling")) == ["fan"]


@pytest.mark.parametrize(("limit", "expected"), [(1, 1), (2, 2), (3, 2), (200, 2)])
def test_search_is_cut_to_the_limit_and_silently_to_max_results(store, limit, expected):
    state = WorldState(store, max_results=2)

    assert len(state.search("sale", order=NEWEST, limit=limit)) == expected


def test_search_cuts_after_ordering_changed_rows_in(state):
    new = state.create("sale", NEW)
    state.update("sale", "sale-250901-001", {"status": "void"})

    assert ids(state.search("sale", order=NEWEST, limit=2)) == ["sale-250915-004", new["id"]]


def test_search_without_a_limit_gives_everything(store):
    state = WorldState(store, max_results=1)

    assert len(state.search("sale", order=NEWEST, limit=None)) == 3


# writing


def test_create_stamps_the_clock_and_numbers_the_row(state):
    row = state.create("sale", NEW)

    assert row == {**NEW, "id": "sale-250915-008", "createdAt": NOW, "updatedAt": NOW}
    assert state.get("sale", "sale-250915-008") is row


def test_numbers_go_on_after_the_highest_row_even_a_hidden_or_a_deleted_one(state):
    first = state.create("sale", NEW)["id"]
    state.delete("sale", first)

    assert [first, state.create("sale", NEW)["id"]] == ["sale-250915-008", "sale-250915-009"]


def test_numbers_start_at_one_on_a_date_without_rows():
    state = WorldState(make_snapshot({"item": {}, "sale": {}}, now="2026-01-02T00:00:00Z"))

    assert state.create("sale", {**NEW, "lines": []})["id"] == "sale-260102-001"


def test_rows_of_the_setup_count_as_numbers_taken(store):
    row = {"id": "sale-250915-040", **sale()}
    state = WorldState(store, [Change("sale", "sale-250915-040", None, row)])

    assert state.create("sale", NEW)["id"] == "sale-250915-041"


def test_a_type_without_id_pattern_needs_an_id(state):
    with pytest.raises(InvalidArgument, match="item: an id is needed"):
        state.create("item", {"name": "Desk", "price": 1.0, "inStock": 0})


@pytest.mark.parametrize("key", ["sale-250901-001", HIDDEN])
def test_a_taken_id_is_a_conflict_even_of_a_row_that_agents_cannot_see(state, key):
    with pytest.raises(Conflict, match="already"):
        state.create("sale", NEW, key=key)


def test_create_names_every_bad_field(state):
    with pytest.raises(Problems) as refusal:
        state.create("sale", {"buyer": 3, "lines": [], "colour": "red"})

    assert [line.split(":")[0] for line in refusal.value.problems] == ["colour", "buyer", "status"]
    assert not state.journal


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"replacesId": "nobody"}, "replacesId"),
        ({"replacesId": HIDDEN}, "replacesId"),
        ({"lines": [{"itemId": "ghost", "qty": 1}]}, "lines.itemId"),
    ],
)
def test_references_of_new_rows_lead_to_visible_rows(state, fields, path):
    with pytest.raises(NotFound, match="there is no") as refusal:
        state.create("sale", {**NEW, **fields})

    assert refusal.value.field == path


def test_update_changes_only_what_is_named_and_stamps_the_time(state):
    before = state.get("sale", "sale-250901-002")

    row = state.update("sale", "sale-250901-002", {"status": "paid"})

    assert row == {**before, "status": "paid", "updatedAt": NOW}


def test_update_with_null_removes_an_optional_field(state):
    assert "note" not in state.update("item", "chair", {"note": None})


@pytest.mark.parametrize(
    ("key", "fields", "error"),
    [
        ("sale-250901-001", {"status": None}, Problems),
        ("sale-250901-001", {"status": "lost"}, Problems),
        ("sale-250901-001", {"id": "other"}, Problems),
        ("sale-250901-001", {"replacesId": "nobody"}, NotFound),
        ("nobody", {"status": "paid"}, NotFound),
        (HIDDEN, {"status": "paid"}, NotFound),
    ],
)
def test_a_refused_update_changes_nothing(state, key, fields, error):
    before = state.hash()

    with pytest.raises(error):
        state.update("sale", key, fields)

    assert (state.hash(), state.journal) == (before, [])


def test_a_row_that_something_refers_to_cannot_be_deleted(state):
    with pytest.raises(Conflict, match=r"item 'lamp' is referred to by sale\.lines\.itemId"):
        state.delete("item", "lamp")


def test_a_row_can_be_deleted_once_nothing_refers_to_it(state):
    state.delete("sale", "sale-250901-002")
    state.delete("item", "chair")

    assert state.get("item", "chair") is None


def test_rows_handed_out_refuse_to_be_changed(state):
    row = state.update("item", "lamp", {"inStock": 3})

    for shared in (row, state.get("item", "chair")):
        with pytest.raises(TypeError, match="copy before changing"):
            shared["inStock"] = 0


# the journal


def test_every_write_is_a_change_with_whole_rows(state):
    before = state.get("item", "lamp")
    after = state.update("item", "lamp", {"inStock": 9})

    assert state.journal == [Change("item", "lamp", before, after)]
    assert state.journal[0].fields == [("inStock", 10, 9)]


def test_a_change_is_read_as_it_was_recorded(state):
    state.create("sale", NEW)

    assert read_changes(change.as_json() for change in state.journal) == state.journal


def test_rollback_undoes_the_writes_after_a_point(state):
    state.update("item", "lamp", {"inStock": 9})
    hash_, length = state.hash(), len(state.journal)
    new = state.create("sale", NEW)["id"]
    state.update("item", "lamp", {"inStock": 8})
    state.delete("sale", "sale-250901-002")

    state.rollback(length)

    assert (state.hash(), len(state.journal)) == (hash_, 1)
    assert state.get("item", "lamp")["inStock"] == 9
    assert state.get("sale", "sale-250901-002") is not None
    assert state.create("sale", NEW)["id"] == new


def test_setup_and_changes_are_told_apart(store):
    setup = Change("item", "chair", None, {"id": "chair", "name": "Stool", "price": 1.0})
    state = WorldState(store, [setup])
    state.update("item", "lamp", {"inStock": 9})

    assert [change.id for change in state.setup] == ["chair"]
    assert [change.id for change in state.changes] == ["lamp"]
    assert [change.id for change in state.diff()] == ["lamp"]


def test_a_net_difference_joins_changes_and_drops_what_ended_as_it_began(state):
    state.update("item", "lamp", {"inStock": 9})
    state.update("item", "lamp", {"inStock": 10})
    state.update("sale", "sale-250901-002", {"status": "void"})
    state.update("sale", "sale-250901-002", {"status": "paid"})
    gone = state.create("sale", NEW)["id"]
    state.delete("sale", gone)

    assert [(change.id, change.fields[0]) for change in state.diff()] == [
        ("sale-250901-002", ("status", "open", "paid"))
    ]


def test_net_sorts_by_type_and_id():
    rows = [("sale", "b"), ("item", "z"), ("sale", "a")]
    changes = [Change(kind, key, None, {"id": key}) for kind, key in rows]

    assert [(c.entity_type, c.id) for c in net(changes)] == sorted(rows)


# the hash


def test_equal_states_have_equal_hashes_however_they_came_about(store):
    one, other = WorldState(store), WorldState(store)
    one.update("item", "lamp", {"inStock": 1})
    one.update("item", "lamp", {"inStock": 9})
    other.update("item", "lamp", {"inStock": 9})

    assert one.hash() == other.hash() != WorldState(store).hash()


def test_a_row_like_the_worlds_own_is_no_difference(state):
    untouched = state.hash()
    state.update("item", "lamp", {"inStock": 9})
    state.update("item", "lamp", {"inStock": 10})

    assert state.hash() == untouched


def test_the_hash_includes_the_setup(store):
    setup = [Change("item", "chair", None, {"id": "chair", "name": "Stool", "price": 1.0})]

    assert WorldState(store, setup).hash() != WorldState(store).hash()


def test_the_same_changes_in_another_world_hash_otherwise():
    one, other = (WorldState(make_snapshot(item={"pen": {"name": n}})) for n in ("Pen", "Biro"))

    assert one.hash() != other.hash()


def test_clones_share_the_world_and_not_their_writes(store):
    one, other = WorldState(store), WorldState(store)
    one.update("item", "lamp", {"inStock": 0})
    one.delete("sale", "sale-250901-002")

    assert other.get("item", "lamp")["inStock"] == 10
    assert other.get("sale", "sale-250901-002") is not None
    assert one.get("item", "chair") is other.get("item", "chair")
