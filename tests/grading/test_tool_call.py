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


SELL = ("sell", {"buyer": "dee", "item_id": "lamp", "qty": 1})
PAY = ("updateSale", {"sale_id": "sale-250901-002", "status": "paid"})
PAY_AGAIN = ("update_sale", {"saleId": "sale-250901-002", "status": "paid"})
NO_TOOL = ("buy", {"item_id": "lamp"})


@pytest.mark.parametrize(
    ("calls", "fields", "met"),
    [
        ([BO, SELL], {"total": "all", "called": {"eq": 2}}, True),
        ([BO, SELL, BO], {"total": "all", "called": {"lte": 2}}, False),
        ([BO, BAD, SELL], {"total": "all", "called": {"lte": 2}}, True),
        ([BO, BAD, SELL], {"total": "all", "called": {"lte": 2}, "failed_too": True}, False),
        ([BO, NO_TOOL], {"total": "all", "called": {"eq": 2}, "failed_too": True}, True),
        ([BO, SELL, PAY], {"total": "reads", "called": {"eq": 1}}, True),
        ([BO, SELL, PAY], {"total": "writes", "called": {"eq": 2}}, True),
        ([BO, BO], {"total": "writes", "called": False}, True),
        ([BO, PAY], {"total": "writes", "called": False}, False),
        ([BO, NO_TOOL], {"total": "writes", "called": False, "failed_too": True}, True),
        ([], {"total": "reads"}, False),
    ],
)
def test_calls_of_all_tools_are_totalled(calls, fields, met):
    finding = grade({"kind": "tool_call", **fields}, make_evidence(*calls))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


@pytest.mark.parametrize(
    "name",
    [
        "searchSales",
        "search_sales",
        "SearchSales",
        "mcp__store__searchSales",
        "mcp__s__search_sales",
    ],
)
@pytest.mark.parametrize("argument", ["item_id", "itemId"])
def test_a_call_counts_in_whatever_spelling_it_was_made(name, argument):
    lamps = check(called={"eq": 1}, arguments=[{"path": "itemId", "value": "lamp"}])

    finding = grade(lamps, make_evidence((name, {argument: "lamp"})))

    assert finding.outcome == Outcome.MET, finding.reason


ONCE, TWICE = {"at_most": 1}, {"at_most": 2}
IN_A_ROW, BETWEEN = {**ONCE, "counted": "in_a_row"}, {**ONCE, "counted": "between_writes"}


@pytest.mark.parametrize(
    ("calls", "fields", "met"),
    [
        ([], {"total": "all", "repeats": ONCE}, True),
        ([BO, PAID], {"total": "all", "repeats": ONCE}, True),
        ([BO, BO], {"total": "all", "repeats": ONCE}, False),
        ([BO, BO], {"total": "all", "repeats": TWICE}, True),
        ([BO, PAID, BO, PAID, BO], {"total": "all", "repeats": TWICE}, False),
        ([BO, BO], {"total": "writes", "repeats": ONCE}, True),
        ([PAY, PAY], {"total": "writes", "repeats": ONCE}, False),
        ([PAY, PAY], {"total": "reads", "repeats": ONCE}, True),
        ([BO, BO], {"tool": "sell", "repeats": ONCE}, True),
        ([PAY, PAY_AGAIN], {"tool": "updateSale", "repeats": ONCE}, False),
        ([BO, ("search_sales", {"buyer": "bo", "limit": 10})], {"repeats": ONCE}, False),
        ([BO, ("searchSales", {"buyer": "bo", "status": None})], {"repeats": ONCE}, False),
        ([BO, ("searchSales", {"buyer": "bo", "limit": 9})], {"repeats": ONCE}, True),
        ([BAD, BAD], {"repeats": ONCE}, True),
        ([BAD, BAD], {"repeats": ONCE, "failed_too": True}, False),
        ([NOT_JSON, NOT_JSON], {"repeats": ONCE, "failed_too": True}, False),
        ([NO_TOOL, NO_TOOL], {"total": "all", "repeats": ONCE, "failed_too": True}, False),
        ([BO, PAID, BO], {"repeats": IN_A_ROW}, True),
        ([BO, SELL, BO], {"repeats": IN_A_ROW}, True),
        ([PAID, BO, BO], {"repeats": IN_A_ROW}, False),
        ([BO, SELL, BO], {"repeats": BETWEEN}, True),
        ([BO, PAID, BO], {"repeats": BETWEEN}, False),
        ([SELL, BO, BO], {"repeats": BETWEEN}, False),
        ([SELL, SELL], {"tool": "sell", "repeats": BETWEEN}, True),
        (
            [BO, PAID, BO],
            {"repeats": ONCE, "arguments": [{"path": "buyer", "op": "is_null"}]},
            True,
        ),
    ],
)
def test_the_same_call_is_made_only_so_often(calls, fields, met):
    data = {"kind": "tool_call", **({} if "total" in fields else {"tool": "searchSales"}), **fields}

    finding = grade(data, make_evidence(*calls))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


def test_the_call_that_was_repeated_is_named_with_its_steps():
    finding = grade(check(repeats=ONCE), make_evidence(PAID, BO, PAID, BO, BO))

    assert finding.reason == (
        'the same call 3 times, expected at most 1: searchSales {"buyer": "bo"}; and 1 more'
    )
    assert [cited.step for cited in finding.evidence] == [2, 4, 5]


@pytest.mark.parametrize(
    ("calls", "fields", "met"),
    [
        ([BO, SELL], {"before": {"tool": "sell"}}, True),
        ([SELL, BO], {"before": {"tool": "sell"}}, False),
        ([SELL, BO, SELL], {"before": {"tool": "sell"}}, False),
        ([BO], {"before": {"tool": "sell"}}, False),
        ([SELL], {"before": {"tool": "sell"}}, False),
        ([SELL, BO], {"after": {"tool": "sell"}}, True),
        ([BO, SELL], {"after": {"tool": "sell"}}, False),
        ([BO], {"after": {"tool": "sell"}}, False),
        ([BO, SELL, BO, PAY, BO], {"after": {"tool": "sell"}, "called": {"eq": 2}}, True),
        (
            [SELL, BO, PAY],
            {"after": {"tool": "sell"}, "before": {"tool": "updateSale"}},
            True,
        ),
        (
            [BO, SELL, PAY],
            {"after": {"tool": "sell"}, "before": {"tool": "updateSale"}},
            False,
        ),
        ([SELL], {"tool": "sell", "called": False, "before": {"tool": "searchSales"}}, False),
        ([BO, SELL], {"tool": "sell", "called": False, "before": {"tool": "searchSales"}}, True),
        ([], {"tool": "sell", "called": False, "before": {"tool": "searchSales"}}, True),
        ([BO], {"tool": "sell", "called": False, "after": {"tool": "updateSale"}}, True),
        ([PAY, SELL], {"tool": "sell", "called": False, "after": {"tool": "updateSale"}}, False),
        (
            [BO, PAID, SELL],
            {
                "before": {
                    "tool": "searchSales",
                    "arguments": [{"path": "status", "value": "paid"}],
                }
            },
            True,
        ),
        ([BO, ("sell", {"qty": 0}), SELL], {"after": {"tool": "sell"}}, False),
        ([BO, SELL, PAY], {"tool": None, "total": "writes", "after": {"tool": "sell"}}, True),
    ],
)
def test_calls_stand_before_or_after_the_first_call_of_another(calls, fields, met):
    finding = grade(check(**fields), make_evidence(*calls))

    assert finding.outcome == (Outcome.MET if met else Outcome.NOT_MET), finding.reason


def test_the_reason_says_that_failed_calls_do_not_count():
    finding = grade(check(), make_evidence(BAD, BAD))

    assert finding.reason == (
        "searchSales was called 0 times, expected at least once; 2 failed calls not counted"
    )
    assert [cited.step for cited in finding.evidence] == [1, 2]


def test_the_reason_says_that_the_other_call_never_came():
    finding = grade(check(before={"tool": "sell"}), make_evidence(BO))

    assert finding.reason == (
        "searchSales was called 1 time before the first call of sell, expected at least once;"
        " sell was never called"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"tool": None}, "write tool or total"),
        ({"total": "all"}, "write tool or total"),
        (
            {"tool": None, "total": "all", "arguments": [{"path": "buyer", "value": "bo"}]},
            "arguments go with tool",
        ),
        ({"repeats": ONCE, "called": True}, "repeats stands alone"),
        ({"repeats": ONCE, "before": {"tool": "sell"}}, "repeats stands alone"),
        ({"repeats": {"at_most": 0}}, "repeats.at_most: write 1 or more"),
        ({"before": {"tool": "buy"}}, "before.tool 'buy': mock_store has no such tool"),
        (
            {"after": {"tool": "sell", "arguments": [{"path": "x", "value": 1}]}},
            "after.arguments.0: x: sell has no argument",
        ),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(fields, message):
    with pytest.raises(Problems, match=message):
        grade(check(**fields), make_evidence())


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
        ({"failed_too": True}, "searchSales is called at least once, failed calls included."),
        (
            {"before": {"tool": "sell", "arguments": [{"path": "buyer", "value": "bo"}]}},
            "searchSales is called at least once before the first call of sell where buyer is bo.",
        ),
        (
            {"called": False, "after": {"tool": "sell"}, "before": {"tool": "updateSale"}},
            "searchSales is never called after the first call of sell and before the first call of"
            " updateSale.",
        ),
        (
            {"tool": None, "total": "all", "called": {"lte": 20}},
            "The agent calls tools at most 20 times.",
        ),
        (
            {"tool": None, "total": "reads", "called": {"gte": 2, "lte": 5}},
            "The agent calls reading tools 2 to 5 times.",
        ),
        (
            {"tool": None, "total": "writes", "called": False},
            "The agent never calls writing tools.",
        ),
        ({"repeats": ONCE}, "searchSales is never called twice with the same arguments."),
        (
            {"tool": None, "total": "all", "repeats": {"at_most": 3, "counted": "in_a_row"}},
            "No tool is called more than 3 times with the same arguments in a row.",
        ),
        (
            {"tool": None, "total": "reads", "repeats": BETWEEN},
            "No reading tool is called twice with the same arguments with nothing written in"
            " between.",
        ),
    ],
)
def test_a_check_says_itself_in_english(fields, sentence):
    assert read_check(check(**fields)).sentence() == sentence


def test_the_example_fits_its_company():
    example = read_check(read_check(check()).EXAMPLE)

    assert example.problems(environment("corecraft")) == []
