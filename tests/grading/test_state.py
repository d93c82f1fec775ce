"""state: rows as the agent left them."""

import pytest

from grading.criteria import Criterion, Outcome
from grading.graders import grade_criterion, read_check
from simulation.environments import environment
from simulation.errors import Problems
from simulation.operators import OPS
from tests.grading.evidence import grade, make_evidence

PAY = ("updateSale", {"sale_id": "sale-250901-002", "status": "paid"})
SELL = ("sell", {"buyer": "dee", "item_id": "lamp", "qty": 2})
SOLD = "sale-250915-008"  # one more than the highest number of the day, hidden rows included
PAID = {"path": "status", "value": "paid"}
TO_PAY = {"entity_type": "sale", "id": "sale-250901-002", "expect": [PAID]}


def check(**fields):
    return {"kind": "state", "entity_type": "sale", **fields}


@pytest.mark.parametrize(
    ("calls", "outcome", "reason"),
    [
        ([PAY], "met", "sale sale-250901-002: status is paid"),
        ([], "not_met", "status of sale sale-250901-002 is open, expected paid"),
        (
            [("updateSale", {"sale_id": "sale-250915-004", "status": "paid"})],
            "not_met",
            "status of sale sale-250901-002 is open, expected paid",
        ),
    ],
)
def test_a_row_by_id_holds_what_is_expected(calls, outcome, reason):
    finding = grade(check(**TO_PAY), make_evidence(*calls))

    assert (finding.outcome, finding.reason) == (outcome, reason)


def test_a_row_that_is_not_there_is_not_met():
    finding = grade(check(id="sale-1", expect=[PAID]), make_evidence())

    assert (finding.outcome, finding.reason) == ("not_met", "there is no sale sale-1")


def test_the_step_that_wrote_the_row_is_cited():
    evidence = make_evidence(SELL, PAY)
    finding = grade(check(**TO_PAY), evidence)

    (cited,) = finding.evidence
    assert evidence.steps[cited.step].tool == "updateSale"


@pytest.mark.parametrize(
    ("expectation", "met"),
    [
        ({"path": "lines.itemId.price", "op": "lt", "value": 20}, True),
        ({"path": "lines.itemId.price", "op": "between", "value": [12.5, 13]}, True),
        ({"path": "lines.itemId.price", "op": "gt", "value": 12.5}, False),
        ({"path": "lines.itemId.name", "op": "contains", "value": "LAM"}, True),
        ({"path": "lines.qty", "value": 2}, True),
        ({"path": "lines.qty", "value": 1}, False),
        ({"path": "buyer", "op": "matches", "value": "^d.e$"}, True),
        ({"path": "replacesId", "op": "is_null"}, True),
        ({"path": "status", "op": "in", "value": ["paid", "void"]}, False),
        ({"path": "createdAt", "value": "2025-09-15"}, True),
    ],
)
def test_every_condition_works_on_a_row_that_the_agent_made(expectation, met):
    finding = grade(check(created=True, expect=[expectation], match="one"), make_evidence(SELL))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


OPEN_SALE = "sale-250901-002"  # open, buyer bo, made on 2 September, replaces nothing


@pytest.mark.parametrize(
    ("path", "op", "meets", "misses"),
    [
        ("status", "eq", "open", "paid"),
        ("status", "ne", "paid", "open"),
        ("status", "in", ["open", "paid"], ["paid", "void"]),
        ("status", "not_in", ["paid", "void"], ["open"]),
        ("lines.qty", "lt", 2, 1),
        ("lines.qty", "lte", 1, 0),
        ("lines.qty", "gt", 0, 1),
        ("lines.qty", "gte", 1, 2),
        ("lines.qty", "between", [1, 3], [2, 3]),
        ("lines.itemId.price", "between", [79.99, 80], [80.01, 90]),
        ("lines.itemId.price", "eq", 80, 80.01),
        ("createdAt", "eq", "2025-09-02", "2025-09-01"),
        ("createdAt", "lte", "2025-09-02", "2025-09-01"),
        ("createdAt", "between", ["2025-09-01", "2025-09-02"], ["2025-09-03", "2025-09-04"]),
        ("buyer", "contains", "BO", "boo"),
        ("buyer", "starts_with", "b", "o"),
        ("buyer", "matches", "^b.$", "^o"),
        ("replacesId", "is_null", None, ...),
        ("buyer", "not_null", None, ...),
        ("replacesId", "not_null", ..., None),
        ("buyer", "is_null", ..., None),
    ],
)
def test_every_operator_tells_rows_apart(path, op, meets, misses):
    for value, outcome in ((meets, Outcome.MET), (misses, Outcome.NOT_MET)):
        if value is ...:
            continue
        expectation = {"path": path, "op": op, "value": value}
        finding = grade(check(id=OPEN_SALE, expect=[expectation]), make_evidence())
        assert finding.outcome == outcome, finding.reason
        chosen = check(where=[{"path": "id", "value": OPEN_SALE}, expectation], exists=True)
        assert grade(chosen, make_evidence()).outcome == outcome


def test_every_operator_is_in_the_table():
    (table,) = (m for m in test_every_operator_tells_rows_apart.pytestmark if m.args)

    assert {row[1] for row in table.args[1]} == set(OPS)


def test_a_pattern_that_runs_away_is_a_grader_error_and_no_verdict():
    slow = check(created=True, expect=[{"path": "buyer", "op": "matches", "value": "^(a|aa)+$b"}])
    evidence = make_evidence(("sell", {"buyer": "a" * 190, "item_id": "lamp"}))

    finding = grade_criterion(Criterion(key="a", text="b", check=slow), evidence)

    assert finding.outcome == Outcome.GRADER_ERROR
    assert "takes over 0.2 s" in finding.reason


# which rows, and how many


@pytest.mark.parametrize(
    ("fields", "met", "reason"),
    [
        (
            {"where": [{"path": "buyer", "value": "ana"}], "expect": [PAID]},
            False,
            "status of sale sale-250915-004 is open, expected paid",
        ),
        (
            {"where": [{"path": "buyer", "value": "ana"}], "expect": [PAID], "match": "any"},
            True,
            "sale sale-250901-001: status is paid",
        ),
        (
            {"where": [{"path": "buyer", "value": "ana"}], "expect": [PAID], "match": "one"},
            True,
            "sale sale-250901-001: status is paid",
        ),
        (
            {"expect": [{"path": "status", "value": "open"}], "match": "one"},
            False,
            "2 sales comply, expected exactly one: sale-250901-002, sale-250915-004",
        ),
        (
            {"where": [{"path": "buyer", "value": "eve"}], "expect": [PAID]},
            False,
            "there is no sale where buyer is eve",
        ),
        (
            {"expect": [{"path": "buyer", "value": "eve"}], "match": "any"},
            False,
            "buyer of sale sale-250901-001 is ana, expected eve; "
            "buyer of sale sale-250901-002 is bo, expected eve; "
            "buyer of sale sale-250915-004 is ana, expected eve",
        ),
        ({"count": {"eq": 3}}, True, "3 sales comply, expected exactly 3"),
        ({"count": {"gte": 4}}, False, "3 sales comply, expected at least 4"),
        ({"count": {"lte": 2}}, False, "3 sales comply, expected at most 2"),
        ({"expect": [PAID], "count": {"eq": 1}}, True, "1 sale complies, expected exactly 1"),
        ({"where": [PAID], "exists": True}, True, "1 sale complies, expected at least 1"),
        ({"where": [PAID], "exists": False}, False, "1 sale complies, expected none"),
        ({"id": "sale-9", "exists": False}, True, "0 sales comply, expected none"),
        ({"created": True, "exists": False}, True, "0 new sales comply, expected none"),
    ],
)
def test_how_many_rows_must_comply_can_be_said(fields, met, reason):
    finding = grade(check(**fields), make_evidence())

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET)
    assert finding.reason.startswith(reason)


def test_only_rows_that_the_agent_made_count_as_created():
    one_sale = check(created=True, where=[{"path": "buyer", "value": "dee"}], count={"eq": 1})

    assert grade(one_sale, make_evidence(SELL)).outcome == Outcome.MET
    assert grade(one_sale, make_evidence(SELL, SELL)).outcome == Outcome.NOT_MET
    setup = {"buyer": "dee", "lines": [], "status": "open", "createdAt": "2025-09-01T10:00:00Z"}
    before = [{"op": "create", "entity_type": "sale", "id": "s", "fields": setup}]
    assert grade(one_sale, make_evidence(setup=before)).outcome == Outcome.NOT_MET
    assert grade(check(created=True, id="s", exists=True), make_evidence(setup=before)).outcome == (
        Outcome.NOT_MET
    )


def test_a_row_that_the_agent_only_changed_is_not_created():
    finding = grade(check(created=True, exists=True), make_evidence(PAY))

    assert finding.outcome == Outcome.NOT_MET


def test_a_failed_call_made_nothing():
    too_many = ("sell", {"buyer": "dee", "item_id": "chair", "qty": 99})

    finding = grade(check(created=True, exists=True), make_evidence(too_many))

    assert finding.outcome == Outcome.NOT_MET


# what changed


@pytest.mark.parametrize(
    ("changed", "met", "reason"),
    [
        ({"path": "status"}, True, "status was changed"),
        ({"path": "status", "from": "open", "to": "paid"}, True, "changed from open to paid"),
        (
            {"path": "status", "to": "void"},
            False,
            "status of sale sale-250901-002 is paid, expected void",
        ),
        ({"path": "status", "from": "void"}, False, "was open at the start, expected void"),
        ({"path": "buyer"}, False, "buyer of sale sale-250901-002 is bo as it was at the start"),
    ],
)
def test_a_field_that_the_agent_changed(changed, met, reason):
    finding = grade(check(id="sale-250901-002", changed=[changed]), make_evidence(PAY))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET)
    assert reason in finding.reason


def test_a_value_that_the_setup_wrote_is_no_change_by_the_agent():
    setup = [
        {
            "op": "update",
            "entity_type": "sale",
            "id": "sale-250901-002",
            "fields": {"status": "paid"},
        }
    ]
    changed = check(id="sale-250901-002", changed=[{"path": "status", "to": "paid"}])

    assert grade(changed, make_evidence(setup=setup)).outcome == Outcome.NOT_MET


# bound values

DEAREST = {"query": {"entity_type": "item", "measure": {"max": "price", "of": "id"}}}


def test_a_bound_value_is_frozen_when_the_check_is_bound():
    bound = read_check(
        check(id="sale-250901-002", expect=[{"path": "lines.itemId", "value": DEAREST}])
    ).bound(make_evidence().before)

    assert bound.as_data()["expect"][0]["value"]["value"] == "chair"
    assert bound.grade(make_evidence()).outcome == Outcome.MET


def test_a_bound_id_names_the_row():
    first = {"query": {"entity_type": "sale", "measure": {"min": "createdAt", "of": "id"}}}
    finding = grade(check(id=first, expect=[PAID]), make_evidence())

    assert finding.reason == "sale sale-250901-001: status is paid"


# what does not fit


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"entity_type": "sales", "exists": True}, "it has item, sale"),
        (
            {"id": "a", "expect": [{"path": "state", "value": 1}]},
            r"check.expect.0: state: sale has no field",
        ),
        (
            {"where": [{"path": "status", "value": "x"}], "exists": True},
            "check.where.0: status: 'x' is not one",
        ),
        ({"id": "a", "changed": [{"path": "staus"}]}, "sale has no field 'staus'"),
        ({"id": "a", "changed": [{"path": "status", "to": "x"}]}, "'x' is not one of open"),
        (
            {"id": "a", "expect": [{"path": "buyer", "value": {"query": {"entity_type": "item"}}}]},
            r"expect.0.value.query: gives a number, and text is expected",
        ),
        (
            {"id": {"query": {"entity_type": "sal"}}, "exists": True},
            "id.query: entity_type 'sal'",
        ),
    ],
)
def test_what_does_not_fit_the_company_is_named_when_the_check_is_bound(fields, message):
    with pytest.raises(Problems, match=message):
        read_check(check(**fields)).bound(make_evidence().before)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "say what must be true: expect, changed, count or exists"),
        ({"id": "a", "where": [PAID], "exists": True}, "id or where, not both"),
        ({"exists": True, "count": {"eq": 1}}, "count or exists, not both"),
        ({"exists": True, "match": "any"}, "match goes with expect or changed"),
        ({"count": {}}, "write eq, gte or lte"),
        ({"count": {"gte": 3, "lte": 2}}, "nothing is at least 3 and at most 2"),
        ({"id": "a", "expect": [{"path": "b", "op": "in", "value": 3}]}, "write a list of values"),
        ({"exists": True, "colour": "red"}, "check.colour: Extra inputs"),
        ({"id": " ", "exists": True}, "check.id: write text, or bind it to a query"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(fields, message):
    with pytest.raises(Problems, match=message):
        read_check(check(**fields))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (TO_PAY, "The sale sale-250901-002: status is paid."),
        ({"created": True, "count": {"eq": 1}}, "Exactly 1 new sale is there at the end."),
        ({"created": True, "exists": False}, "No new sale is there at the end."),
        (
            {"where": [PAID], "expect": [{"path": "buyer", "op": "ne", "value": "bo"}]},
            "Every sale where status is paid: buyer is not bo.",
        ),
        (
            {"id": "a", "changed": [{"path": "status", "from": "open", "to": "paid"}]},
            "The sale a: status was changed from open to paid.",
        ),
    ],
)
def test_a_check_says_itself_in_english(fields, sentence):
    assert read_check(check(**fields)).sentence() == sentence


def test_the_example_fits_its_company():
    example = read_check(read_check(check(exists=True)).EXAMPLE)

    assert example.problems(environment("corecraft")) == []
