"""before and after: the order in which the agent wrote."""

import pytest

from grading.criteria import Outcome
from grading.graders import read_check
from simulation.errors import Problems
from tests.grading.evidence import grade, make_evidence

PAY = ("updateSale", {"sale_id": "sale-250901-002", "status": "paid"})
OPEN_AGAIN = ("updateSale", {"sale_id": "sale-250901-002", "status": "open"})
VOID = ("updateSale", {"sale_id": "sale-250915-004", "status": "void"})
SELL = ("sell", {"buyer": "dee", "item_id": "lamp", "qty": 2})
SELL_TO_EVE = ("sell", {"buyer": "eve", "item_id": "lamp", "qty": 1})

PAID = {"path": "status", "value": "paid"}
VOIDED = {"entity_type": "sale", "id": "sale-250915-004"}
NEW = {"entity_type": "sale", "created": True}
TO_DEE = {**NEW, "where": [{"path": "buyer", "value": "dee"}]}


def check(**fields):
    given = {"id": "sale-250901-002", "expect": [PAID], **fields}
    written = {name: value for name, value in given.items() if value is not None}
    return {"kind": "state", "entity_type": "sale", **written}


@pytest.mark.parametrize(
    ("calls", "fields", "met"),
    [
        ([VOID, PAY], {"after": VOIDED}, True),
        ([PAY, VOID], {"after": VOIDED}, False),
        ([PAY, VOID], {"before": VOIDED}, True),
        ([VOID, PAY], {"before": VOIDED}, False),
        ([PAY], {"after": VOIDED}, False),
        ([PAY], {"before": VOIDED}, False),
        ([VOID], {"after": VOIDED}, False),
        # the last value counts, not an earlier write
        ([PAY, OPEN_AGAIN, VOID, PAY], {"after": VOIDED}, True),
        ([PAY, VOID, OPEN_AGAIN, PAY], {"before": VOIDED}, False),
        # writing what is there already is no later write of the field
        ([PAY, VOID, PAY], {"before": VOIDED}, True),
        # rows that are made
        ([SELL, PAY], {"after": NEW}, True),
        ([PAY, SELL], {"after": NEW}, False),
        ([SELL, PAY, SELL_TO_EVE], {"after": NEW}, False),
        ([SELL, PAY, SELL_TO_EVE], {"after": TO_DEE}, True),
        ([SELL, PAY, SELL_TO_EVE], {"before": TO_DEE}, False),
        ([PAY, SELL, SELL_TO_EVE], {"before": NEW}, True),
        # only some fields of the other row
        ([VOID, PAY], {"after": {**VOIDED, "fields": ["status"]}}, True),
        ([VOID, PAY], {"after": {**VOIDED, "fields": ["buyer"]}}, False),
        # both sides
        ([SELL, PAY, VOID], {"after": NEW, "before": VOIDED}, True),
        ([PAY, SELL, VOID], {"after": NEW, "before": VOIDED}, False),
        # changed instead of expect, and neither
        (
            [VOID, PAY],
            {"expect": [], "changed": [{"path": "status"}], "after": VOIDED},
            True,
        ),
        ([VOID, PAY], {"expect": [], "after": VOIDED}, True),
        ([PAY, VOID], {"expect": [], "after": VOIDED}, False),
        ([VOID], {"expect": [], "after": VOIDED}, False),
        # rows that the agent made, counted
        ([VOID, SELL], {"id": None, "expect": [], "created": True, "after": VOIDED}, True),
        ([SELL, VOID], {"id": None, "expect": [], "created": True, "after": VOIDED}, False),
        (
            [SELL, VOID, SELL_TO_EVE],
            {"id": None, "expect": [], "created": True, "after": VOIDED, "count": {"eq": 1}},
            True,
        ),
    ],
)
def test_a_row_complies_when_it_was_written_in_its_place(calls, fields, met):
    finding = grade(check(**fields), make_evidence(*calls))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


def test_two_writes_of_one_call_are_in_no_order():
    lamp = {"entity_type": "item", "id": "lamp"}
    made = {"id": None, "expect": [], "created": True}

    for order in ("before", "after"):
        finding = grade(check(**made, **{order: lamp}), make_evidence(SELL))
        assert finding.outcome == Outcome.NOT_MET


@pytest.mark.parametrize(
    ("calls", "fields", "reason"),
    [
        (
            [PAY, VOID],
            {"after": VOIDED},
            "sale sale-250901-002 was written in step 1, expected after the sale sale-250915-004"
            " (step 2)",
        ),
        (
            [PAY],
            {"after": NEW},
            "sale sale-250901-002 was written in step 1, expected after the new sale, never"
            " written",
        ),
        ([VOID], {"expect": [], "before": VOIDED}, "sale sale-250901-002 was not written"),
    ],
)
def test_the_reason_names_both_steps(calls, fields, reason):
    assert grade(check(**fields), make_evidence(*calls)).reason == reason


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"after": {**NEW, "id": "a"}}, "id stands alone"),
        ({"after": {"entity_type": "cat"}}, "after.entity_type 'cat'"),
        ({"before": {**NEW, "fields": ["x"]}}, "before.fields: sale has no field 'x'"),
        (
            {"before": {**NEW, "where": [{"path": "x", "value": 1}]}},
            "before.where.0: x: sale has no field",
        ),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(fields, message):
    with pytest.raises(Problems, match=message):
        grade(check(**fields), make_evidence())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"after": VOIDED},
            "The sale sale-250901-002: status is paid and it was written after the sale"
            " sale-250915-004.",
        ),
        (
            {"expect": [], "before": {**TO_DEE, "fields": ["status"]}},
            "The sale sale-250901-002: it was written before status of the new sale where buyer is"
            " dee.",
        ),
    ],
)
def test_an_order_says_itself_in_english(fields, sentence):
    assert read_check(check(**fields)).sentence() == sentence
