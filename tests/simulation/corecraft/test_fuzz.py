"""No call of any tool, however hostile, breaks what is promised of calls.

2,000 calls in all, spread over the tools that there are: a tool is fuzzed by existing.
"""

import itertools
import json
from collections import Counter

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.calls import ToolCrashed, call_tool
from simulation.entities import Row
from simulation.environments import environment
from simulation.errors import Conflict
from simulation.state import WorldState, net, read_changes
from simulation.text import canonical
from simulation.tools import tool
from simulation.values import pluck

from .hostile_calls import calls_of
from .rich_world import rich_snapshot, words
from .shop import ORDERS

TOOLS = environment("corecraft").tools
CALLS = 2_000
CODES = {"invalid_argument", "not_found", "conflict", "forbidden", "unavailable"}
PATIENCE = 8  # rounds until both a success and a refusal were seen, nearly always one
PER_EXAMPLE = 2  # one of any tool that writes, then one of the tool in question
EXAMPLES = -(-CALLS * settings.default.max_examples // 120 // PER_EXAMPLE // len(TOOLS))
WRITING = st.sampled_from([name for name, each in TOOLS.items() if each.writes])
fuzz = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", TOOLS)
def test_no_call_breaks_a_promise(name):
    outcomes = Counter()

    @fuzz
    @given(st.data())
    def calls(data):
        world = WorldState(rich_snapshot())
        first = data.draw(WRITING)
        check_call(world, TOOLS, first, data.draw(calls_of(TOOLS[first])))
        outcomes[check_call(world, TOOLS, name, data.draw(calls_of(TOOLS[name])))] += 1

    for _ in range(PATIENCE):
        calls()
        if outcomes.keys() >= {"done", "invalid_argument"}:
            return
    pytest.fail(f"calls of {name} show only one side: {outcomes}")


def check_call(world, tools, name, raw):
    """Make one call and hold it to every promise. Gives "done" or the code of the refusal."""
    before, length, journal = world.hash(), len(world.journal), list(world.journal)

    result = call_tool(world, tools, name, raw)

    answer = check_answer(result)
    check_again(world, tools, result, journal)
    check_rebuilt(world)
    assert list(result.changes) == world.journal[length:]
    assert world.journal[:length] == journal
    if result.is_error:
        assert (world.hash(), len(world.journal)) == (before, length)
        return answer["error"]["code"]
    assert bool(result.changes) == tools[name].writes
    assert tools[name].writes or world.hash() == before
    for change in net(result.changes):
        check_row(world, change)
        check_references(world, change)
    check_books(world, rebuilt(journal), net(result.changes))
    return "done"


def check_answer(result):
    """It is canonical JSON; a refusal has a code that is known, words, and perhaps a field."""
    answer = orjson.loads(result.text)
    encode = orjson.dumps if result.is_error else canonical
    assert encode(answer) == result.text.encode()
    assert canonical([result.arguments, result.arguments_raw, result.tool, result.note])
    if result.is_error:
        assert answer.keys() == {"error"}
        assert answer["error"].keys() | {"field"} == {"code", "message", "field"}
        assert answer["error"]["code"] in CODES
        assert answer["error"]["message"].strip()
    return answer


def check_again(world, tools, result, journal):
    """The same text in a clone gives the same answer."""
    clone = rebuilt(journal)
    again = call_tool(clone, tools, result.tool, result.arguments_raw)
    assert (again.text, clone.hash()) == (result.text, world.hash())


def check_rebuilt(world):
    """Recorded changes give the same rows and the same hash."""
    again = rebuilt(world.journal)
    assert again.hash() == world.hash()
    for name in world.entity_types:
        assert by_id(again.rows(name)) == by_id(world.rows(name))


def by_id(rows):
    return {row["id"]: row for row in rows}


def rebuilt(journal):
    """Give a world from changes as they are recorded: through JSON."""
    recorded = json.loads(json.dumps([change.as_json() for change in journal]))
    world = WorldState(rich_snapshot())
    world.apply(read_changes(recorded))
    return world


def check_row(world, change):
    """What was written is in its one wire form, and stamped with the clock."""
    kind = world.entity_types[change.entity_type]
    fields = {name: value for name, value in change.after.items() if name != "id"}
    assert fields.keys() <= kind.fields.keys()
    assert kind.check(fields) == fields
    if change.before is None:
        assert change.after.get(kind.created_field, world.now) == world.now


def check_references(world, change):
    """What a row newly refers to can be seen."""
    for path, target in world.entity_types[change.entity_type].references:
        known = set(pluck(change.before or {}, path))
        for key in set(pluck(change.after, path)) - known:
            assert world.get(target, key), f"{change.id}: {path} {key!r} dangles"


def check_books(world, past, changes):
    """No refund takes more than its payment brought in; shelves hold what the shop shows."""
    for change in changes:
        if change.entity_type == "refund" and change.before is None:
            payment = world.need("payment", change.after["paymentId"])
            refunds = world.find("refund", "paymentId", payment["id"])
            taken = sum(map(in_cents, refunds))
            assert not in_cents(change.after) or taken <= round(payment["amount"] * 100)
        if change.entity_type == "product":
            assert not_on_shelves(world, change.id) == not_on_shelves(past, change.id)


def in_cents(refund):
    return 0 if refund["status"] in ("denied", "failed") else round(refund["amount"] * 100)


def not_on_shelves(world, product_id):
    """How many more pieces the shop shows than lie free in warehouses; 0 where none are kept."""
    levels = world.find("inventory_level", "productId", product_id)
    lying = sum(level["onHand"] - level["reserved"] for level in levels)
    return world.need("product", product_id)["inventory"]["inStock"] - lying if levels else 0


# what a company could get wrong


@tool(writes=True)
def stumble(world: WorldState) -> None:
    """Fail halfway: this is allowed, what was written is taken back."""
    world.update("order", "plain", {"status": "paid"})
    world.create("order", {**ORDERS["plain"], "status": "pending"})
    raise Conflict("sold out")


@tool(writes=False)
def crash(world: WorldState) -> None:
    """Raise what no agent can be told."""
    raise KeyError("order")


@tool(writes=False)
def write_while_reading(world: WorldState) -> Row:
    """Look, and leave a mark."""
    return world.update("order", "plain", {"status": "paid"})


@tool(writes=True)
def write_nothing(world: WorldState) -> str:
    """Say that it is done."""
    return "done"


@tool(writes=True)
def forget(world: WorldState) -> None:
    """Fail, and take earlier changes along."""
    world.rollback(0)
    raise Conflict("no")


@tool(writes=True)
def write_beside_the_journal(world: WorldState) -> None:
    """Write, and leave no record of it."""
    world.update("order", "gold", {"status": "paid"})
    world.update("order", "plain", {"status": "paid"})
    world.journal.pop()


@tool(writes=False)
def say_nothing(world: WorldState) -> None:
    """Refuse without a word."""
    raise Conflict(" ")


@tool(writes=True)
def dangle(world: WorldState) -> Row:
    """Refer to what there is not."""
    order = world.need("order", "plain")
    return record(world, "order", {**order, "customerId": "nobody"})


@tool(writes=True)
def misspell(world: WorldState) -> Row:
    """Write a field that the type has not."""
    return record(world, "order", {**world.need("order", "plain"), "colour": "red"})


@tool(writes=True)
def backdate(world: WorldState) -> Row:
    """Write as if it were another time."""
    fields = {
        "ticketId": "tick-250902-001",
        "outcome": "no_action",
        "createdAt": "2020-01-01T00:00:00Z",
    }
    return world.create("resolution", fields)


@tool(writes=True)
def overpay(world: WorldState) -> Row:
    """Give more back than there was."""
    fields = {"paymentId": "pay-plain", "amount": 1e6, "reason": "other", "status": "approved"}
    return world.create("refund", fields)


@tool(writes=True)
def lose_stock(world: WorldState) -> Row:
    """Sell, and tell only the shop."""
    return world.update("product", "gpu", {"inventory": {"inStock": 1, "backorderable": False}})


@tool(writes=False)
def vary(world: WorldState) -> int:
    """Answer otherwise each time."""
    return next(NUMBERS)


@tool(writes=False)
def hand_out_more(world: WorldState) -> object:
    """Give what JSON has no word for."""
    return {1, 2}


@tool(writes=True)
def write_on_shared_rows(world: WorldState) -> Row:
    """Change a row that other episodes see."""
    order = world.need("order", "plain")
    order["status"] = "paid"  # type: ignore[index]
    return order


def record(world, entity_type, row):
    world.apply([read_changes([{"entity_type": entity_type, "id": row["id"], "before": None,
                                "after": row}])[0]])  # fmt: skip
    return row


NUMBERS = itertools.count()
BROKEN = [  # and the check that finds it
    (crash, "call_tool"),
    (hand_out_more, "call_tool"),
    (write_on_shared_rows, "call_tool"),
    (vary, "check_again"),
    (say_nothing, "check_answer"),
    (write_beside_the_journal, "check_rebuilt"),
    (forget, "check_call"),
    (write_while_reading, "check_call"),
    (write_nothing, "check_call"),
    (misspell, "check_row"),
    (backdate, "check_row"),
    (dangle, "check_references"),
    (overpay, "check_books"),
    (lose_stock, "check_books"),
]


@pytest.mark.parametrize(("broken", "check"), BROKEN, ids=[each.name for each, _ in BROKEN])
def test_each_kind_of_broken_tool_is_found_by_its_check(broken, check):
    world = WorldState(rich_snapshot())
    world.update("order", "gold", {"status": "paid"})

    with pytest.raises((AssertionError, ToolCrashed)) as found:
        check_call(world, {broken.name: broken}, broken.name, "{}")

    assert found.traceback[-1].name == check


def test_a_good_call_passes_the_same_checks():
    raw = json.dumps({"order_id": "plain", "status": "paid"})

    assert check_call(WorldState(rich_snapshot()), TOOLS, "updateOrderStatus", raw) == "done"


def test_a_call_that_fails_halfway_passes_too():
    world = WorldState(rich_snapshot())

    assert check_call(world, {"stumble": stumble}, "stumble", "{}") == "conflict"


def test_there_are_two_thousand_calls_by_default():
    wanted = CALLS * settings.default.max_examples // 120

    assert EXAMPLES * PER_EXAMPLE * len(TOOLS) >= wanted


def test_the_world_has_rows_of_every_type_and_words_to_look_for():
    empty = [
        kind for kind in rich_snapshot().company.entity_types if not rich_snapshot().rows(kind)
    ]

    assert empty == []
    assert words("sku")
    assert words("brand")
