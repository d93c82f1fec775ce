"""unchanged: nothing differs but what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.criteria import Outcome
from grading.graders import read_check
from simulation.environments import environment
from simulation.errors import Problems
from tests.grading.evidence import grade, make_evidence

LOOK = ("searchSales", {"limit": 5})
PAY = ("updateSale", {"sale_id": "sale-250901-002", "status": "paid"})
SAME = ("updateSale", {"sale_id": "sale-250901-002", "status": "open"})
VOID = ("updateSale", {"sale_id": "sale-250915-004", "status": "void"})
SELL = ("sell", {"buyer": "dee", "item_id": "lamp", "qty": 2})
REFUSED = ("sell", {"buyer": "dee", "item_id": "chair", "qty": 99})

PAID_ONE = {"entity_type": "sale", "id": "sale-250901-002"}
NEW_SALE = {"entity_type": "sale", "created": True}
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
        ({"entity_type": "sale", "count": 0}, "greater than or equal to 1"),
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


def test_the_example_fits_its_company():
    example = read_check(read_check(unchanged()).EXAMPLE)

    assert example.problems(environment("corecraft")) == []


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
