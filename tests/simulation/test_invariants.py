"""What holds for every sequence of writes, in words: clones, failing calls, rebuilding, reading."""

import copy
import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from simulation.calls import call_tool
from simulation.environments import environment
from simulation.errors import Conflict, GymError, NotFound
from simulation.snapshots import newest_first
from simulation.state import WorldState, net, read_changes
from simulation.values import pluck
from tests.factories import HIDDEN, NOW, STORE, make_snapshot, sale

SNAPSHOT = make_snapshot()
TOOLS = environment("mock_store").tools
NEWEST = newest_first()

items = st.sampled_from(["lamp", "chair", "ghost"])
keys = st.sampled_from([*STORE["sale"], "extra", *(f"sale-250915-{n:03d}" for n in range(7, 11))])
buyers = st.sampled_from(["ana", "bo", "dee"])
instants = st.sampled_from([NOW, "2025-09-01T10:00:00Z", "2025-09-02T10:00:00.5Z"])
statuses = st.sampled_from(["open", "paid", "void"])
new_keys = st.sampled_from([None, "extra", HIDDEN])
creations = st.tuples(st.just("create"), new_keys, buyers, items, instants)
changed_fields = st.fixed_dictionaries(
    {}, optional={"buyer": buyers, "status": statuses, "replacesId": st.none() | keys}
)
updates = st.tuples(st.just("update"), keys, changed_fields)
deletions = st.tuples(st.just("delete"), st.just("sale"), keys) | st.tuples(
    st.just("delete"), st.just("item"), items
)
rollbacks = st.tuples(st.just("rollback"), st.integers(0, 6))
writes = st.lists(creations | updates | deletions, max_size=12)
everything = st.lists(creations | updates | deletions | rollbacks, max_size=16)


class Naive:
    """The simplest thing that could be right: a copy of every row, and copies to go back to."""

    def __init__(self):
        self.rows = {name: {k: {"id": k, **row} for k, row in rows.items() if k != HIDDEN}
                     for name, rows in copy.deepcopy(STORE).items()}  # fmt: skip
        self.ever = set(STORE["sale"])
        self.past = []

    def write(self, operation, *arguments):
        before = copy.deepcopy((self.rows, self.ever))
        getattr(self, operation)(*arguments)
        self.past.append(before)

    def need(self, entity_type, key):
        if key not in self.rows[entity_type]:
            raise NotFound(key)

    def create(self, key, buyer, item, at):
        self.need("item", item)
        key = key or f"sale-250915-{self.highest() + 1:03d}"
        if key in self.rows["sale"] or key in STORE["sale"]:
            raise Conflict(key)
        self.rows["sale"][key] = {"id": key, **sale(buyer, item, at=at)}
        self.ever.add(key)

    def highest(self):
        return max(int(key[-3:]) for key in self.ever if key.startswith("sale-250915-"))

    def update(self, key, fields):
        self.need("sale", key)
        if fields.get("replacesId"):
            self.need("sale", fields["replacesId"])
        row = {**self.rows["sale"][key], "updatedAt": NOW, **fields}
        self.rows["sale"][key] = {name: v for name, v in row.items() if v is not None}

    def delete(self, entity_type, key):
        self.need(entity_type, key)
        path = {"sale": "replacesId", "item": "lines.itemId"}[entity_type]
        if any(key in pluck(row, path) for row in self.rows["sale"].values() if row["id"] != key):
            raise Conflict(key)
        del self.rows[entity_type][key]

    def rollback(self, length):
        if length < len(self.past):
            self.rows, self.ever = self.past[length]
            del self.past[length:]


def write(state, operation, *arguments):
    """Do to a real state what `Naive.write` does to a naive one."""
    if operation == "create":
        key, buyer, item, at = arguments
        state.create("sale", sale(buyer, item, at=at), key=key)
    elif operation == "update":
        state.update("sale", *arguments)
    elif operation == "delete":
        state.delete(*arguments)
    else:
        state.rollback(*arguments)


def answer(work, *arguments):
    """The type of refusal, or None."""
    try:
        work(*arguments)
    except GymError as error:
        return type(error)
    return None


def written(operations):
    state = WorldState(SNAPSHOT)
    for operation in operations:
        answer(write, state, *operation)
    return state


def by_id(rows):
    return {row["id"]: row for row in rows}


@given(everything)
def test_reading_through_the_overlay_is_like_reading_a_copy_of_everything(operations):
    state, naive = WorldState(SNAPSHOT), Naive()
    for operation in operations:
        if operation[0] == "rollback":
            naive.rollback(operation[1])
            write(state, *operation)
        else:
            assert answer(write, state, *operation) == answer(naive.write, *operation)

    for name, rows in naive.rows.items():
        assert by_id(state.rows(name)) == rows
        assert all(state.get(name, key) == rows.get(key) for key in {*rows, *STORE[name], "extra"})


@given(everything, st.sampled_from(["buyer", "status", "lines.itemId", "replacesId"]))
def test_finding_is_like_looking_through_all_rows(operations, path):
    state = written(operations)
    rows = list(state.rows("sale"))

    for value in ("ana", "bo", "open", "paid", "lamp", "chair", "sale-250901-001"):
        expected = [row for row in rows if value in pluck(row, path)]
        assert by_id(state.find("sale", path, value)) == by_id(expected)


@given(everything, st.sets(buyers), statuses | st.none(), st.integers(1, 5))
def test_searching_is_like_filtering_and_sorting_all_rows(operations, wanted, status, limit):
    state = written(operations)
    meets = [row for row in state.rows("sale")
             if row["buyer"] in wanted and status in (None, row["status"])]  # fmt: skip
    meets.sort(key=lambda row: row["id"])
    meets.sort(key=lambda row: row["createdAt"][:-1], reverse=True)

    found = state.search(
        "sale", order=NEWEST, equals={"buyer": wanted, "status": status}, limit=limit
    )

    assert found == meets[:limit]


@given(everything, everything)
def test_two_clones_never_see_each_others_writes(one_writes, other_writes):
    alone = written(one_writes)
    one, other = WorldState(SNAPSHOT), WorldState(SNAPSHOT)
    for number in range(max(len(one_writes), len(other_writes))):
        for state, operations in ((one, one_writes), (other, other_writes)):
            if number < len(operations):
                answer(write, state, *operations[number])

    assert (one.hash(), one.journal) == (alone.hash(), alone.journal)
    assert other.hash() == written(other_writes).hash()
    assert WorldState(SNAPSHOT).hash() == WorldState(make_snapshot()).hash()


@given(everything)
def test_a_refused_write_changes_nothing(operations):
    state = WorldState(SNAPSHOT)
    for operation in operations:
        before = state.hash(), len(state.journal)
        if answer(write, state, *operation):
            assert (state.hash(), len(state.journal)) == before


@given(everything)
def test_rebuilding_from_recorded_changes_gives_the_hash(operations):
    state = written(operations)
    recorded = json.loads(json.dumps([change.as_json() for change in state.journal]))

    again = WorldState(SNAPSHOT)
    again.apply(read_changes(recorded))

    assert again.hash() == state.hash()
    assert by_id(again.rows("sale")) == by_id(state.rows("sale"))
    assert again.diff() == state.diff()


@given(writes, st.integers(0, 12))
def test_a_rollback_gives_the_state_that_was(operations, point):
    state = written(operations[:point])
    before = state.hash(), list(state.journal), by_id(state.rows("sale"))
    length = len(state.journal)
    for operation in operations[point:]:
        answer(write, state, *operation)

    state.rollback(length)

    assert (state.hash(), state.journal, by_id(state.rows("sale"))) == before


@given(everything)
def test_net_differences_say_the_same_as_all_changes(operations):
    state = written(operations)
    joined = net(state.journal)
    again = WorldState(SNAPSHOT)
    again.apply(joined)

    assert again.hash() == state.hash()
    assert net(joined) == joined
    assert [(c.entity_type, c.id) for c in joined] == sorted(
        {(c.entity_type, c.id) for c in joined}
    )
    assert all(change.before != change.after for change in joined)


@given(everything)
def test_what_is_undone_step_by_step_is_no_difference(operations):
    state = written(operations)
    untouched = WorldState(SNAPSHOT).hash()
    for change in list(reversed(state.journal)):
        state.apply([type(change)(change.entity_type, change.id, change.after, change.before)])

    assert state.diff() == []
    assert state.hash() == untouched


@given(st.lists(st.booleans(), max_size=12))
def test_ids_never_collide_and_failed_calls_use_up_none(succeed):
    state = WorldState(SNAPSHOT)
    made = []
    for will_succeed in succeed:
        item = "lamp" if will_succeed else "ghost"
        raw = json.dumps({"buyer": "dee", "item_id": item})
        result = call_tool(state, TOOLS, "sell", raw)
        if not result.is_error:
            made.append(json.loads(result.text)["id"])

    expected = min(succeed.count(True), 10)
    assert made == [f"sale-250915-{8 + n:03d}" for n in range(expected)]


@given(st.lists(creations | deletions, max_size=20))
def test_no_id_is_ever_given_twice_even_after_deletion(operations):
    state, made = WorldState(SNAPSHOT), []
    for operation in operations:
        if operation[0] == "create":
            with suppress(GymError):
                _, _, buyer, item, at = operation
                made.append(state.create("sale", sale(buyer, item, at=at))["id"])
        else:
            answer(write, state, *operation)

    assert len(made) == len(set(made))
    assert not set(made) & set(STORE["sale"])
