"""tool_call: what the agent called, how often, with what."""

import pytest

from grading.criteria import Criterion, Outcome
from grading.graders import grade_criterion, read_check
from simulation.environments import environment
from simulation.errors import Problems
from tests.grading.evidence import grade, make_evidence

BO = ("searchSales", {"buyer": "bo"})
PAID = ("search_sales", {"status": ["paid", "void"], "itemId": "lamp"})
BAD = ("searchSales", {"limit": 0})
NOT_JSON = ("searchSales", 7)


def check(**fields):
    return {"kind": "tool_call", "tool": "searchSales", **fields}


@pytest.mark.parametrize(
    ("calls", "fields", "met"),
    [
        ([BO], {}, True),
        ([], {}, False),
        ([BAD], {}, False),
        ([BAD], {"failed_too": True}, True),
        ([NOT_JSON], {"failed_too": True}, True),
        ([], {"called": False}, True),
        ([BAD], {"called": False}, True),
        ([BAD], {"called": False, "failed_too": True}, False),
        ([BO], {"called": False}, False),
        ([BO, PAID], {"called": {"eq": 2}}, True),
        ([BO, PAID, BO], {"called": {"eq": 2}}, False),
        ([BO, PAID], {"called": {"lte": 1}}, False),
        ([BO], {"tool": "sell"}, False),
        ([BO], {"arguments": [{"path": "buyer", "value": "bo"}]}, True),
        ([BO], {"arguments": [{"path": "buyer", "value": "ana"}]}, False),
        ([BO], {"arguments": [{"path": "limit", "op": "is_null"}]}, True),
        ([PAID], {"arguments": [{"path": "status", "value": "paid"}]}, True),
        ([PAID], {"arguments": [{"path": "status", "value": "open"}]}, False),
        ([PAID], {"arguments": [{"path": "item_id", "value": "lamp"}]}, True),
        ([PAID], {"arguments": [{"path": "itemId", "op": "starts_with", "value": "la"}]}, True),
        (
            [PAID],
            {"arguments": [{"path": "item_id", "value": "lamp"}, {"path": "buyer", "value": "bo"}]},
            False,
        ),
        ([BO, PAID], {"called": {"eq": 1}, "arguments": [{"path": "buyer", "value": "bo"}]}, True),
        (
            [("searchSales", {"limit": 50})],
            {"arguments": [{"path": "limit", "op": "gte", "value": 50}]},
            True,
        ),
        (
            [NOT_JSON],
            {"failed_too": True, "arguments": [{"path": "limit", "op": "is_null"}]},
            False,
        ),
    ],
)
def test_calls_are_counted_by_tool_success_and_arguments(calls, fields, met):
    finding = grade(check(**fields), make_evidence(*calls))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


def test_the_reason_counts_and_the_calls_are_cited():
    only_bo = check(called=False, arguments=[{"path": "buyer", "value": "bo"}])
    finding = grade(only_bo, make_evidence(PAID, BO))

    assert finding.reason == (
        "searchSales was called 1 time where buyer is bo, expected never; 1 other call of it"
    )
    assert [cited.step for cited in finding.evidence] == [2]


def test_an_argument_may_be_bound_to_a_query():
    first = {"query": {"entity_type": "sale", "measure": {"min": "createdAt", "of": "buyer"}}}
    by_first = check(arguments=[{"path": "buyer", "value": first}])

    assert grade(by_first, make_evidence(("searchSales", {"buyer": "ana"}))).outcome == Outcome.MET
    assert grade(by_first, make_evidence(BO)).outcome == Outcome.NOT_MET


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"tool": "refund"},
            "tool 'refund': mock_store has no such tool; it has searchSales, sell",
        ),
        ({"tool": "search_sales"}, "no such tool"),
        (
            {"arguments": [{"path": "colour", "value": "red"}]},
            "arguments.0: colour: searchSales has no argument 'colour'; it takes buyer, item_id",
        ),
        ({"arguments": [{"path": "status", "value": "x"}]}, "'x' is not one of open, paid, void"),
        ({"arguments": [{"path": "limit", "value": "x"}]}, "limit: is a number"),
    ],
)
def test_an_unknown_tool_or_argument_is_an_error_before_anything_is_graded(fields, message):
    with pytest.raises(Problems, match=message):
        grade(check(**fields), make_evidence())


def test_a_tool_that_the_world_does_not_have_says_nothing_about_the_agent():
    criterion = Criterion(key="a", text="b", check=check(tool="refund"))

    assert grade_criterion(criterion, make_evidence()).outcome == Outcome.GRADER_ERROR


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "searchSales is called at least once."),
        ({"called": False}, "searchSales is never called."),
        ({"called": {"eq": 2}}, "searchSales is called exactly 2 times."),
        (
            {"arguments": [{"path": "item_id", "value": "lamp"}]},
            "searchSales is called at least once where item id is lamp.",
        ),
    ],
)
def test_a_check_says_itself_in_english(fields, sentence):
    assert read_check(check(**fields)).sentence() == sentence


def test_the_example_fits_its_company():
    example = read_check(read_check(check()).EXAMPLE)

    assert example.problems(environment("corecraft")) == []
