"""World queries: one answer over all rows that agents can see, or an error that says why not."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from simulation.environments import environment
from simulation.errors import InvalidArgument, Problems
from simulation.query import WorldQuery
from simulation.setup import setup_changes
from simulation.snapshots import from_document
from simulation.state import WorldState
from tests.factories import HIDDEN, make_document, make_snapshot, sale

MOCK = environment("mock_store")
ITEMS = {
    "lamp": {"name": "Lamp", "price": 12.5, "inStock": 10},
    "chair": {"name": "Chair", "price": 80.0, "inStock": 2, "note": "Red, WOODEN"},
    "desk": {"name": "Desk", "price": 80.0, "inStock": 0},
}
SALES = {
    "sale-250901-001": sale("ana", "lamp", at="2025-07-31T23:59:59Z", status="paid"),
    "sale-250901-002": sale("bo", "chair", at="2025-08-01T00:00:00Z", replacesId="sale-250901-001"),
    "sale-250901-003": {
        **sale("ana", at="2025-07-31T23:59:59.5Z", status="void"),
        "lines": [{"itemId": "lamp", "qty": 2}, {"itemId": "chair", "qty": 1}],
    },
    "sale-250901-004": sale("cy", "desk", at="2025-09-01T10:00:00Z"),
}
WORLD = WorldState(make_snapshot({"item": ITEMS, "sale": SALES}))


def ask(entity_type: str = "sale", *where: tuple[Any, ...], measure: Any = "count") -> Any:
    conditions = [dict(zip(("path", "op", "value"), each, strict=False)) for each in where]
    data = {"entity_type": entity_type, "where": conditions, "measure": measure}
    return WorldQuery.model_validate(data).result(WORLD)


# conditions


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("status", "eq", "paid"), 1),
        (("status", "ne", "paid"), 3),
        (("status", "in", ["paid", "void"]), 2),
        (("status", "not_in", ["paid", "void"]), 2),
        (("id", "eq", "sale-250901-004"), 1),
        (("buyer", "contains", "AN"), 2),
        (("buyer", "starts_with", "A"), 0),
        (("buyer", "starts_with", "a"), 2),
        (("buyer", "matches", "^(ana|cy)$"), 3),
        (("replacesId", "is_null"), 3),
        (("replacesId", "not_null"), 1),
        (("lines.qty", "gte", 2), 1),
        (("lines.qty", "lt", 2), 4),
        (("lines.itemId", "eq", "chair"), 2),
        (("lines.itemId", "ne", "chair"), 2),
        (("lines.itemId", "not_in", ["chair", "desk"]), 1),
        (("lines.itemId", "contains", "CHAI"), 2),
    ],
)
def test_a_condition_picks_the_rows_that_meet_it(condition, expected):
    assert ask("sale", condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("createdAt", "lte", "2025-07-31"), 2),
        (("createdAt", "lt", "2025-07-31"), 0),
        (("createdAt", "gt", "2025-07-31"), 2),
        (("createdAt", "gte", "2025-08-01"), 2),
        (("createdAt", "eq", "2025-07-31"), 2),
        (("createdAt", "ne", "2025-07-31"), 2),
        (("createdAt", "between", ["2025-07-31", "2025-08-01"]), 3),
        (("createdAt", "in", ["2025-08-01", "2025-09-01"]), 2),
        (("createdAt", "lte", "2025-07-31T23:59:59Z"), 1),
        (("createdAt", "gt", "2025-07-31T23:59:59Z"), 3),
        (("createdAt", "eq", "2025-08-01T02:00:00+02:00"), 1),
    ],
)
def test_a_bare_date_is_the_whole_day_and_instants_are_compared_as_instants(condition, expected):
    assert ask("sale", condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("lines.itemId.price", "gt", 50), 3),
        (("lines.itemId.name", "eq", "Lamp"), 2),
        (("lines.itemId.note", "contains", "wooden"), 2),
        (("lines.itemId.note", "is_null"), 2),
        (("replacesId.status", "eq", "paid"), 1),
        (("replacesId.lines.itemId.price", "lt", 13), 1),
        (("replacesId.lines.itemId.id", "eq", "lamp"), 1),
    ],
)
def test_a_path_follows_references_also_out_of_lists(condition, expected):
    assert ask("sale", condition) == expected


def test_conditions_are_joined_by_and():
    assert ask("sale", ("buyer", "eq", "ana"), ("status", "eq", "void")) == 1


# measures


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("count", 3),
        ({"sum": "price"}, 172.5),
        ({"sum": "inStock"}, 12),
        ({"min": "price"}, 12.5),
        ({"max": "price"}, 80.0),
        ({"min": "price", "of": "id"}, "lamp"),
        ({"max": "inStock", "of": "name"}, "Lamp"),
        ({"list": "name"}, ["Chair", "Desk", "Lamp"]),
        ({"list": "price"}, [12.5, 80.0]),
        ({"list": "price", "distinct": False}, [12.5, 80.0, 80.0]),
        ({"list": ["name", "id"]}, [["Chair", "chair"], ["Desk", "desk"], ["Lamp", "lamp"]]),
        ({"list": "note"}, ["Red, WOODEN"]),
    ],
)
def test_each_measure_gives_its_answer(measure, expected):
    assert ask("item", measure=measure) == expected


def test_a_field_of_the_one_row_that_matches():
    assert ask("item", ("id", "eq", "desk"), measure={"field": "price"}) == 80.0


def test_the_first_instant_is_the_lowest_also_with_fractions():
    assert ask("sale", measure={"min": "createdAt", "of": "id"}) == "sale-250901-001"


def test_money_is_summed_exactly():
    items = {f"i{n}": {"name": "x", "price": 0.1, "inStock": 0} for n in range(3)}
    world = WorldState(make_snapshot({"item": items}))
    query = WorldQuery.model_validate({"entity_type": "item", "measure": {"sum": "price"}})

    assert query.result(world) == 0.3


def test_a_sum_over_nothing_is_zero_and_a_list_is_empty():
    nobody = ("buyer", "eq", "nobody")

    assert ask("sale", nobody, measure={"sum": "lines.qty"}) == 0
    assert ask("sale", nobody, measure={"list": "id"}) == []


def test_no_page_cuts_a_query():
    sales = {f"sale-250901-{n:03d}": sale() for n in range(1, 701)}
    world = WorldState(make_snapshot({"item": ITEMS, "sale": sales}), max_results=5)
    query = WorldQuery.model_validate({"entity_type": "sale"})

    assert query.result(world) == 700
    assert len(query.rows(world)) == 700


def test_rows_after_the_clock_are_not_asked():
    assert HIDDEN in make_document()["entities"]["sale"]
    assert WorldQuery(entity_type="sale").result(WorldState(make_snapshot())) == 3


def test_the_setup_and_the_writes_of_an_episode_count():
    snapshot = make_snapshot()
    setup = setup_changes(
        snapshot,
        [
            {
                "op": "update",
                "entity_type": "sale",
                "id": "sale-250901-002",
                "fields": {"status": "paid"},
            }
        ],
    )
    world = WorldState(snapshot, setup)
    world.create("sale", {"buyer": "dee", "lines": [], "status": "paid"})
    query = WorldQuery.model_validate(
        {"entity_type": "sale", "where": [{"path": "status", "value": "paid"}]}
    )

    assert query.result(world) == 3


# a company with more kinds of values

STAFF = {
    "sam": {"permissions": ["issue_refund", "escalate"], "name": "Sam"},
    "kim": {"permissions": ["escalate"], "name": "Kim", "managerId": "sam"},
}
PARTS = {
    "a": {"specs": {"gpu": {"lengthMm": 320.5}}, "category": "gpu"},
    "b": {"specs": {"monitor": {"panel": "IPS", "sizes": [24, 27]}}, "category": "monitor"},
    "c": {"specs": {"bundle": {"components": [{"componentId": "a", "qty": 1}]}}},
}
BORN = {"ana": {"dateOfBirth": "1990-05-04"}, "bo": {"dateOfBirth": "2001-01-31"}}
SHOP = WorldState(
    from_document(
        {
            "environment": "corecraft",
            "now": "2025-09-15T19:00:00Z",
            "entities": {"employee": STAFF, "product": PARTS, "customer": BORN},
        }
    )
)


@pytest.mark.parametrize(
    ("entity_type", "path", "op", "value", "expected"),
    [
        ("employee", "permissions", "contains", "issue_refund", ["sam"]),
        ("employee", "permissions", "ne", "issue_refund", ["kim"]),
        ("employee", "managerId.permissions", "contains", "issue_refund", ["kim"]),
        ("product", "specs.gpu.lengthMm", "gt", 320, ["a"]),
        ("product", "specs.monitor.panel", "eq", "IPS", ["b"]),
        ("product", "specs.monitor.sizes", "gte", 27, ["b"]),
        ("product", "specs.monitor.sizes", "in", ["27", 24], ["b"]),
        ("product", "specs.monitor.panel", "gt", 3, []),
        ("product", "specs.bundle.components.componentId.category", "eq", "gpu", ["c"]),
        ("customer", "dateOfBirth", "lte", "1990-05-04", ["ana"]),
        ("customer", "dateOfBirth", "gt", "1990-05-04", ["bo"]),
    ],
)
def test_lists_free_form_members_and_dates_can_be_asked(entity_type, path, op, value, expected):
    where = [{"path": path, "op": op, "value": value}]
    data = {"entity_type": entity_type, "where": where, "measure": {"list": "id"}}

    assert WorldQuery.model_validate(data).result(SHOP) == expected


def test_a_word_that_a_list_cannot_hold_is_named():
    where = [{"path": "permissions", "op": "contains", "value": "refund"}]
    query = WorldQuery.model_validate({"entity_type": "employee", "where": where})

    with pytest.raises(Problems, match="'refund' is not one of issue_refund, edit_order"):
        query.result(SHOP)


# no answer


@pytest.mark.parametrize(
    ("where", "measure", "message"),
    [
        ([], {"field": "price"}, "exactly one item must match, but 3 do: chair, desk, lamp"),
        ([("id", "eq", "x")], {"field": "price"}, "but 0 do: none"),
        ([("id", "eq", "lamp")], {"field": "note"}, "note of item lamp has 0 values, not one"),
        ([("id", "eq", "x")], {"min": "price"}, "no item with price matches: nothing is lowest"),
        ([], {"max": "price", "of": "id"}, "2 rows share the highest price, 80.0: chair, desk"),
    ],
)
def test_a_query_without_one_answer_says_why(where, measure, message):
    with pytest.raises(InvalidArgument, match=message):
        ask("item", *where, measure=measure)


@pytest.mark.parametrize(
    ("entity_type", "where", "measure", "message"),
    [
        ("sales", (), "count", "'sales': mock_store has no such entity type; it has item, sale"),
        (
            "sale",
            ("state", "eq", "x"),
            "count",
            "sale has no field 'state'; it has id, buyer, lines",
        ),
        (
            "sale",
            ("lines.sku", "eq", "x"),
            "count",
            "inside lines there is no 'sku'; there is itemId, qty",
        ),
        (
            "sale",
            ("lines.itemId.sku", "eq", "x"),
            "count",
            "item has no field 'sku'; it has id, name",
        ),
        (
            "sale",
            ("buyer.name", "eq", "x"),
            "count",
            "inside buyer there is no 'name'; nothing is inside",
        ),
        ("sale", ("status", "eq", "payed"), "count", "'payed' is not one of open, paid, void"),
        (
            "sale",
            ("buyer", "gt", "x"),
            "count",
            "buyer: op gt does not fit, because it is text; use eq",
        ),
        ("sale", ("buyer", "eq", 7), "count", "buyer: is text, and 7 is not; put it in quotes"),
        (
            "item",
            ("price", "eq", "7"),
            "count",
            "price: is a number, and '7' is not; write it without quotes",
        ),
        ("item", ("price", "eq", True), "count", "price: is a number, and True is not"),
        ("item", ("price", "contains", "7"), "count", "op contains does not fit"),
        ("sale", ("lines", "eq", "x"), "count", "lines: op eq does not fit"),
        (
            "sale",
            ("createdAt", "lt", "July"),
            "count",
            "is an instant, and 'July' is not; write 2025-09-15T",
        ),
        ("sale", (), {"sum": "buyer"}, "buyer: sum does not fit, because it is text"),
        (
            "sale",
            (),
            {"list": "lines"},
            "lines: list does not fit, because it is a list of objects",
        ),
        ("sale", (), {"field": "lines.qty"}, "lines.qty: may have several values in one row"),
        ("item", (), {"min": "price", "of": "sku"}, "item has no field 'sku'"),
    ],
)
def test_what_does_not_fit_the_company_is_named_with_what_there_is(
    entity_type, where, measure, message
):
    condition = [dict(zip(("path", "op", "value"), where, strict=False))] if where else []
    query = WorldQuery.model_validate(
        {"entity_type": entity_type, "where": condition, "measure": measure}
    )

    with pytest.raises(Problems, match=message):
        query.check(MOCK)


def test_all_problems_of_a_query_are_named_at_once():
    query = WorldQuery.model_validate(
        {
            "entity_type": "sale",
            "where": [{"path": "state", "value": 1}, {"path": "status", "value": "payed"}],
            "measure": {"sum": "buyer"},
        }
    )

    assert len(query.problems(MOCK)) == 3


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"measure": "average"}, 'write "count", or one of sum, min'),
        ({"measure": {"sum": "a", "min": "b"}}, "write exactly one of count, sum"),
        ({"measure": {"sum": "a", "of": "b"}}, "`of` goes with min or max"),
        ({"measure": {"sum": "a", "distinct": True}}, "`distinct` goes with list"),
        ({"where": [{"path": "a", "op": "in", "value": "x"}]}, "write a list of values"),
        ({"where": [{"path": "a", "op": "between", "value": [1]}]}, "the first and the last"),
        ({"where": [{"path": "a", "op": "is_null", "value": 1}]}, "takes no value"),
        ({"where": [{"path": "a"}]}, "write a value"),
        ({"where": [{"path": "a", "value": ["x"]}]}, "op in takes a list"),
        ({"where": [{"path": "a", "op": "matches", "value": "("}]}, "is no regular expression"),
        ({"where": [{"path": "a", "value": {"b": 1}}]}, "write text, a number, true, false"),
        ({"where": [{"path": "a", "value": 1, "x": 2}]}, "Extra inputs"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_when_it_is_written(data, message):
    with pytest.raises(ValidationError, match=message):
        WorldQuery.model_validate({"entity_type": "sale", **data})


def test_a_pattern_that_runs_away_is_stopped():
    world = WorldState(make_snapshot(sale={"sale-250901-009": sale("a" * 190)}))
    query = WorldQuery.model_validate(
        {
            "entity_type": "sale",
            "where": [{"path": "buyer", "op": "matches", "value": "^(a|aa)+$b"}],
        }
    )

    with pytest.raises(TimeoutError):
        query.result(world)


# in words and as data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "the number of sales"),
        (
            {"where": [{"path": "status", "op": "in", "value": ["paid", "void"]}]},
            "the number of sales where status is paid or void",
        ),
        (
            {
                "where": [
                    {"path": "createdAt", "op": "between", "value": ["2025-07-01", "2025-07-31"]}
                ]
            },
            "the number of sales where created at is between 2025-07-01 and 2025-07-31",
        ),
        ({"measure": {"sum": "lines.qty"}}, "the sum of the lines' qty over the sales"),
        ({"measure": {"list": ["buyer", "id"]}}, "buyer and id of each sale"),
        (
            {"measure": {"min": "createdAt", "of": "buyer"}},
            "buyer of the one with the lowest created at among the sales",
        ),
    ],
)
def test_a_query_says_itself_in_english(data, sentence):
    assert WorldQuery.model_validate({"entity_type": "sale", **data}).sentence() == sentence


@pytest.mark.parametrize(
    "measure",
    ["count", {"sum": "price"}, {"list": ["name", "id"]}, {"list": "id", "distinct": False}],
)
def test_a_query_is_written_as_it_was_read(measure):
    data = {
        "entity_type": "item",
        "where": [{"path": "id", "op": "in", "value": ["lamp"]}],
        "measure": measure,
    }

    assert WorldQuery.model_validate(data).model_dump(mode="json", exclude_unset=True) == data


# the same as a naive comprehension

statuses = st.sampled_from(["open", "paid", "void"])
buyers = st.sampled_from(["ana", "bo", "cy"])
days = st.integers(1, 14).map(lambda day: f"2025-09-{day:02d}")
rows = st.lists(st.tuples(buyers, statuses, days, st.integers(1, 4)), max_size=25)


def _world(drawn: list[tuple[str, str, str, int]]) -> WorldState:
    sales = {
        f"sale-250901-{number:03d}": {
            "buyer": buyer,
            "lines": [{"itemId": "lamp", "qty": qty}],
            "status": status,
            "createdAt": f"{day}T10:00:00Z",
        }
        for number, (buyer, status, day, qty) in enumerate(drawn, 1)
    }
    return WorldState(from_document(make_document({"item": ITEMS, "sale": sales})))


@given(rows, statuses, days, st.integers(0, 5))
def test_a_query_equals_a_naive_comprehension(drawn, status, day, qty):
    where = [
        {"path": "status", "op": "ne", "value": status},
        {"path": "createdAt", "op": "lte", "value": day},
        {"path": "lines.qty", "op": "gte", "value": qty},
    ]
    naive = [row for row in drawn if row[1] != status and row[2] <= day and row[3] >= qty]
    world = _world(drawn)

    count = WorldQuery.model_validate({"entity_type": "sale", "where": where})
    total = count.model_copy(update={"measure": count.measure.model_validate({"sum": "lines.qty"})})
    assert count.result(world) == len(naive)
    assert total.result(world) == sum(row[3] for row in naive)


@given(st.lists(st.decimals(0, 10_000, places=2), max_size=30))
def test_a_sum_of_money_equals_the_sum_of_decimals(prices):
    items = {
        f"i{n}": {"name": "x", "price": float(price), "inStock": 0}
        for n, price in enumerate(prices)
    }
    world = WorldState(from_document(make_document({"item": items})))
    query = WorldQuery.model_validate({"entity_type": "item", "measure": {"sum": "price"}})

    assert Decimal(str(query.result(world))) == sum(prices, Decimal())
