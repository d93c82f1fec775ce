"""unchanged: nothing differs but what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.criteria import Outcome
from grading.graders import Evidence, read_check
from simulation.environments import environment
from simulation.errors import Problems
from simulation.transcript import StepRecord
from tests.factories import make_spec
from tests.grading.evidence import grade, make_evidence

LOOK = ("searchSales", {"limit": 5})
PAY = ("updateSale", {"sale_id": "sale-250901-002", "status": "paid"})
SAME = ("updateSale", {"sale_id": "sale-250901-002", "status": "open"})
VOID = ("updateSale", {"sale_id": "sale-250915-004", "status": "void"})
SELL = ("sell", {"buyer": "dee", "item_id": "lamp", "qty": 2})
REFUSED = ("sell", {"buyer": "dee", "item_id": "chair", "qty": 99})

PAID_ONE = {"entity_type": "sale", "id": "sale-250901-002"}
NEW_SALE = {"entity_type": "sale", "created": True}
GONE = {"entity_type": "sale", "deleted": True}
STOCK = {"entity_type": "item", "id": "lamp", "fields": ["inStock"]}


def unchanged(*allow):
    return {"kind": "unchanged", "allow": list(allow)}


@pytest.mark.parametrize(
    ("calls", "allow", "reason"),
    [
        ([], [], "nothing changed"),
        ([LOOK, LOOK], [], "nothing changed"),
        ([REFUSED], [], "nothing changed"),
        ([SAME], [], "nothing changed"),
        ([PAY, SAME], [], "nothing changed"),
        ([PAY], [PAID_ONE], "nothing else changed"),
        ([PAY], [{**PAID_ONE, "fields": ["status"]}], "nothing else changed"),
        (
            [PAY],
            [{"entity_type": "sale", "where": [{"path": "buyer", "value": "bo"}]}],
            "nothing else",
        ),
        (
            [PAY],
            [{"entity_type": "sale", "where": [{"path": "status", "value": "open"}]}],
            "nothing else",
        ),
        ([SELL], [NEW_SALE, STOCK], "nothing else changed"),
        ([SELL, SELL], [{**NEW_SALE, "count": 2}, STOCK], "nothing else changed"),
        (
            [SELL],
            [{**NEW_SALE, "where": [{"path": "buyer", "value": "dee"}]}, STOCK],
            "nothing else",
        ),
        ([], [PAID_ONE, NEW_SALE], "nothing changed"),
    ],
)
def test_what_is_allowed_and_what_is_no_change_is_met(calls, allow, reason):
    finding = grade(unchanged(*allow), make_evidence(*calls))

    assert finding.outcome == Outcome.MET, finding.reason
    assert finding.reason.startswith(reason)


@pytest.mark.parametrize(
    ("calls", "allow", "reason"),
    [
        ([PAY], [], "1 unexpected change: status of sale sale-250901-002: open → paid (step 1)"),
        (
            [PAY, VOID],
            [PAID_ONE],
            "1 unexpected change: status of sale sale-250915-004: open → void (step 2)",
        ),
        ([PAY], [{**PAID_ONE, "fields": ["buyer"]}], "status of sale sale-250901-002"),
        ([PAY], [NEW_SALE], "status of sale sale-250901-002"),
        (
            [PAY],
            [{"entity_type": "sale", "where": [{"path": "status", "value": "paid"}]}],
            "status of sale sale-250901-002",
        ),
        ([SELL], [STOCK], "1 unexpected change: new sale sale-250915-008 (step 1)"),
        ([SELL], [NEW_SALE], "1 unexpected change: inStock of item lamp: 10 → 8 (step 1)"),
        (
            [SELL, SELL],
            [{**NEW_SALE, "count": 1}, STOCK],
            "1 unexpected change: new sale sale-250915-009",
        ),
        ([SELL], [{**NEW_SALE, "where": [{"path": "buyer", "value": "eve"}]}, STOCK], "new sale"),
        (
            [PAY, VOID, SELL, SELL],
            [],
            "5 unexpected changes: inStock of item lamp: 10 → 6 (step 4); "
            "status of sale sale-250901-002: open → paid (step 1); "
            "status of sale sale-250915-004: open → void (step 2); and 2 more",
        ),
    ],
)
def test_every_other_change_is_named(calls, allow, reason):
    finding = grade(unchanged(*allow), make_evidence(*calls))

    assert finding.outcome == Outcome.NOT_MET
    assert reason in finding.reason
    assert finding.evidence


def test_what_the_setup_changed_is_where_the_comparison_starts():
    setup = [
        {
            "op": "update",
            "entity_type": "sale",
            "id": "sale-250901-002",
            "fields": {"status": "paid"},
        }
    ]

    assert grade(unchanged(), make_evidence(setup=setup)).outcome == Outcome.MET
    undone = make_evidence(SAME, setup=setup)
    assert grade(unchanged(), undone).outcome == Outcome.NOT_MET


@pytest.mark.parametrize(
    ("allow", "message"),
    [
        ({"entity_type": "sales"}, "check.allow.0.entity_type 'sales'"),
        (
            {"entity_type": "sale", "fields": ["state"]},
            "fields: sale has no field 'state'; it has buyer",
        ),
        ({"entity_type": "sale", "where": [{"path": "x", "value": 1}]}, "sale has no field 'x'"),
    ],
)
def test_what_does_not_fit_the_company_is_named(allow, message):
    with pytest.raises(Problems, match=message):
        grade(unchanged(allow), make_evidence())


@pytest.mark.parametrize(
    ("allow", "message"),
    [
        ({"entity_type": "sale", "id": "a", "created": True}, "id stands alone"),
        ({"entity_type": "sale", "created": True, "fields": ["status"]}, "leave out fields"),
        ({"entity_type": "sale", "count": 0}, "allow.0.count: write 1 or more"),
        ({**GONE, "fields": ["status"]}, "a row goes as a whole"),
        ({**GONE, "created": True}, "a row goes as a whole"),
    ],
)
def test_an_allowance_that_makes_no_sense_is_refused(allow, message):
    with pytest.raises(Problems, match=message):
        read_check(unchanged(allow))


def test_a_check_says_itself_in_english():
    assert read_check(unchanged()).sentence() == "Nothing in the world was changed."
    words = read_check(unchanged({**PAID_ONE, "fields": ["status"]}, {**NEW_SALE, "count": 1}))
    assert words.sentence() == (
        "Nothing was changed but status of sale sale-250901-002 and at most 1 new sale."
    )


@pytest.mark.parametrize(
    ("allow", "words"),
    [
        ({**NEW_SALE, "count": 2}, "at most 2 new sales"),
        (NEW_SALE, "new sales"),
        (GONE, "deleted sales"),
        ({**GONE, "count": 1}, "at most 1 deleted sale"),
        ({**GONE, "id": "a"}, "deleted sale a"),
        ({"entity_type": "sale", "count": 1}, "at most 1 sale"),
        (
            {"entity_type": "sale", "where": [{"path": "buyer", "value": "bo"}]},
            "sales where buyer is bo",
        ),
    ],
)
def test_every_allowance_says_itself_in_english(allow, words):
    assert read_check(unchanged(allow)).sentence() == f"Nothing was changed but {words}."


def test_the_example_fits_its_company():
    example = read_check(read_check(unchanged()).EXAMPLE)

    assert example.problems(environment("corecraft")) == []


# what may be used up

DEE = [{"path": "buyer", "value": "dee"}]
EVE = ("sell", {"buyer": "eve", "item_id": "lamp", "qty": 1})
ANY_STOCK = {"entity_type": "item", "fields": ["inStock"]}
ONE_NEW = {**NEW_SALE, "count": 1}
ONE_FOR_DEE = {**ONE_NEW, "where": DEE}


@pytest.mark.parametrize(
    ("calls", "allow", "met"),
    [
        # each allowance takes the row that leaves the other for the rest, in any order
        ([SELL, EVE], [ONE_NEW, ONE_FOR_DEE], True),
        ([SELL, EVE], [ONE_FOR_DEE, ONE_NEW], True),
        ([EVE, SELL], [ONE_NEW, ONE_FOR_DEE], True),
        ([EVE, SELL], [ONE_FOR_DEE, ONE_NEW], True),
        ([EVE, EVE], [ONE_FOR_DEE, ONE_NEW], False),
        ([SELL, EVE, SELL], [ONE_NEW, ONE_FOR_DEE], False),
        ([SELL, EVE, SELL], [ONE_NEW, {**ONE_FOR_DEE, "count": 2}], True),
        ([SELL, EVE, SELL], [ONE_NEW, ONE_FOR_DEE, NEW_SALE], True),
        # an allowance for other fields is not used up by a row
        (
            [PAY, VOID],
            [
                {"entity_type": "sale", "fields": ["buyer"], "count": 1},
                {"entity_type": "sale", "fields": ["status"], "count": 2},
            ],
            True,
        ),
        ([PAY, VOID], [{"entity_type": "sale", "fields": ["status"], "count": 1}], False),
        (
            [PAY, VOID],
            [PAID_ONE, {"entity_type": "sale", "fields": ["status"], "count": 1}],
            True,
        ),
    ],
)
def test_a_number_of_rows_is_used_up_as_sparingly_as_can_be(calls, allow, met):
    finding = grade(unchanged(*allow, ANY_STOCK), make_evidence(*calls))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


def written(*changes, setup=()):
    """Give the evidence of an episode whose tools did this to the world."""
    world = make_evidence(setup=setup).world
    for do in changes:
        do(world)
    steps = [StepRecord(1, 1, "tool_call", tool="sell", changes=tuple(world.changes))]
    return Evidence(make_spec(), steps, "", world)


def make(key="new", **fields):
    given = {"buyer": "dee", "lines": [], "status": "open", **fields}
    return lambda world: world.create("sale", given, key=key)


def delete(key):
    return lambda world: world.delete("sale", key)


def update(key, **fields):
    return lambda world: world.update("sale", key, fields)


FIRST = "sale-250901-002"


@pytest.mark.parametrize(
    ("changes", "allow", "reason"),
    [
        ([make(), delete("new")], [], ""),
        ([make(), update("new", status="paid")], [NEW_SALE], ""),
        (
            [make(), update("new", status="paid")],
            [{**NEW_SALE, "where": [{"path": "status", "value": "open"}]}],
            "new sale new",
        ),
        ([make(), update("new", status="paid")], [{"entity_type": "sale"}], "new sale new"),
        ([delete(FIRST)], [], f"sale {FIRST} was deleted (step 1)"),
        ([delete(FIRST)], [{"entity_type": "sale"}], "was deleted"),
        ([delete(FIRST)], [NEW_SALE], "was deleted"),
        ([delete(FIRST)], [GONE], ""),
        ([delete(FIRST)], [{**GONE, "id": FIRST}], ""),
        ([delete(FIRST)], [{**GONE, "id": "other"}], "was deleted"),
        ([delete(FIRST)], [{**GONE, "where": [{"path": "buyer", "value": "bo"}]}], ""),
        ([delete(FIRST)], [{**GONE, "where": DEE}], "was deleted"),
        ([update(FIRST, status="void")], [GONE], "status of sale"),
        ([update(FIRST, status="void"), delete(FIRST)], [{"entity_type": "sale"}], "deleted"),
        ([update(FIRST, createdAt="2025-01-01T00:00:00Z")], [], "createdAt of sale"),
        ([update(FIRST, updatedAt="2025-01-01T00:00:00Z")], [], ""),
        ([update(FIRST, replacesId="sale-250901-001")], [], "replacesId of sale"),
        (
            [update(FIRST, replacesId="sale-250901-001"), update(FIRST, replacesId=None)],
            [],
            "",
        ),
    ],
)
def test_only_the_difference_from_start_to_end_counts(changes, allow, reason):
    finding = grade(unchanged(*allow), written(*changes))

    assert finding.outcome == (Outcome.NOT_MET if reason else Outcome.MET), finding.reason
    assert reason in finding.reason


def test_a_row_of_the_setup_that_is_made_again_has_changed():
    setup = {"buyer": "dee", "lines": [], "status": "open", "createdAt": "2025-09-01T10:00:00Z"}
    before = [{"op": "create", "entity_type": "sale", "id": "s", "fields": setup}]
    again = make("s", buyer="eve")

    assert grade(unchanged(), written(delete("s"), again, setup=before)).outcome == Outcome.NOT_MET


# invariants

searches = st.fixed_dictionaries(
    {}, optional={"buyer": st.sampled_from(["ana", "bo"]), "limit": st.integers(-1, 20)}
).map(lambda arguments: ("searchSales", arguments))
sales = st.sampled_from(["sale-250901-001", "sale-250901-002", "sale-250915-004", "none"])
payments = st.fixed_dictionaries(
    {"sale_id": sales, "status": st.sampled_from(["open", "paid", "void", "?"])}
).map(lambda arguments: ("updateSale", arguments))
orders = st.fixed_dictionaries(
    {
        "buyer": st.just("dee"),
        "item_id": st.sampled_from(["lamp", "chair"]),
        "qty": st.integers(0, 4),
    }
).map(lambda arguments: ("sell", arguments))


@given(st.lists(searches, max_size=4))
def test_an_episode_of_reads_never_changes_anything(calls):
    assert grade(unchanged(), make_evidence(*calls)).outcome == Outcome.MET


@given(st.lists(searches | payments | orders, max_size=6))
def test_it_is_met_exactly_when_the_world_is_as_it_was_but_for_stamps(calls):
    evidence = make_evidence(*calls)

    finding = grade(unchanged(), evidence)

    is_same = _rows_of(evidence.before) == _rows_of(evidence.world)
    assert (finding.outcome == Outcome.MET) == is_same


def _rows_of(world):
    stamps = ("createdAt", "updatedAt")
    return {
        row["id"]: {name: value for name, value in row.items() if name not in stamps}
        for entity_type in ("sale", "item")
        for row in world.rows(entity_type)
    }
