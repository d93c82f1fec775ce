"""Claims: what is refused when they are read, what they say in English, and why they decide."""

import pytest

from grading.claims import Claim
from grading.criteria import Criterion, Outcome
from grading.graders import grade_criterion, read_check
from grading.graders.response import CLAIMS, ResponseCheck
from simulation.environments import environment
from simulation.errors import Problems
from tests.grading.answers_world import answers_world
from tests.grading.evidence import make_evidence, told

KINDS = {name: ResponseCheck.model_fields[name] for name in CLAIMS}


def claim_of(name):
    (claim, *_) = [each for each in KINDS[name].annotation.__args__ if each is not type(None)]
    assert issubclass(claim, Claim)
    return claim


@pytest.mark.parametrize("name", CLAIMS)
def test_every_claim_has_an_example_that_fits_its_company_and_says_itself(name):
    check = read_check({"kind": "response", name: dict(claim_of(name).EXAMPLE)})

    assert check.problems(environment("corecraft")) == []
    assert check.sentence().startswith("The answer ")
    assert check.sentence().endswith(".")


@pytest.mark.parametrize("name", CLAIMS)
def test_every_field_of_a_claim_says_what_it_is_for(name):
    fields = claim_of(name).model_fields

    assert KINDS[name].description
    assert [field for field, info in fields.items() if not info.description] == []


CIRCLE = {"$ref": "#"}
NAMED_REF = {"type": "object", "properties": {"$ref": {"type": "string"}, "query": {}}}


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            {"matches": {"pattern": "("}},
            r"check.matches.pattern: is no regular expression: .*posit",
        ),
        ({"matches": {"pattern": ""}}, "check.matches.pattern: is required"),
        ({"matches": {"pattern": "a*"}}, "found in the empty text, so every text would do"),
        (
            {"matches": {"pattern": "(a{9999}){9999}"}},
            "counted repeats multiply to more than 10,000",
        ),
        ({"matches": {"pattern": "a" * 1001}}, "write at most 1,000 characters"),
        ({"layout": {}}, r"write a form \(bullets, numbered, table, json, email\) or words"),
        ({"layout": {"form": "poem"}}, "check.layout.form: Input should be"),
        (
            {"layout": {"form": "json", "items": {"eq": 1}}},
            "items is for bullets, numbered or table",
        ),
        ({"layout": {"form": "bullets", "columns": ["a"]}}, "columns is for table"),
        ({"layout": {"form": "table", "columns": [" "]}}, "write words, not empty texts"),
        ({"layout": {"words": {"lte": 3}, "greets": "Ana"}}, "greets is for email"),
        (
            {"layout": {"form": "email", "parts": ["subject"], "greets": "Ana"}},
            "greets: the e-mail must have a greeting",
        ),
        ({"layout": {"form": "json", "schema": {"type": "text"}}}, "check.layout.schema: type: "),
        (
            {"layout": {"form": "json", "schema": {"$ref": "https://x.example/s.json"}}},
            r"\$ref: https://x.example/s.json is not fetched; write a local reference",
        ),
        (
            {"layout": {"form": "json", "schema": {"items": [{"$ref": "other.json#/a"}]}}},
            "check.layout.schema: items: ",
        ),
        (
            {"layout": {"form": "json", "schema": {"items": {"$ref": "other.json#/a"}}}},
            r"items.\$ref: other.json#/a is not fetched",
        ),
        (
            {"layout": {"form": "json", "schema": {"$ref": "#/$defs/no"}}},
            r"there is no #/\$defs/no in the schema",
        ),
        ({"layout": {"form": "json", "schema": CIRCLE}}, "refers to itself without an end"),
        ({"layout": {"form": "json", "schema": {"$id": "a"}}}, "references are local"),
        (
            {"layout": {"form": "json", "schema": {"patternProperties": {"a": {}}}}},
            "patternProperties: write properties, or propertyNames",
        ),
        (
            {"layout": {"form": "json", "schema": {"properties": {"a": {"pattern": "("}}}}},
            r"properties.a.pattern: '\(' is not a 'regex'",
        ),
        (
            {"layout": {"form": "json", "schema": {"$schema": "http://json-schema.org/draft-04"}}},
            r"\$schema: write https://json-schema.org/draft/2020-12/schema",
        ),
        ({"date_time": {"value": "2025-07-27"}}, "write an instant such as 2025-09-15T19:00:00Z"),
        (
            {"date_time": {"value": "2025-07-27T10:00:00Z", "zone": "Mars/Base"}},
            "'Mars/Base' is no time zone; write one such as UTC or Europe/Berlin",
        ),
        ({"entity": {"entity_type": "customer", "id": ""}}, "check.entity.id: write text"),
        ({"list": {"items": ["a"], "duplicates": "often"}}, "check.list.duplicates"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_with_place_and_reason(claim, message):
    with pytest.raises(Problems, match=message):
        read_check({"kind": "response", **claim})


@pytest.mark.parametrize(
    "schema",
    [
        NAMED_REF,
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}}},
        {"enum": [{"$ref": "https://x.example"}]},
    ],
)
def test_local_references_and_members_with_odd_names_are_no_harm(schema):
    check = {"layout": {"form": "json", "schema": schema}}

    assert told("[[]]" if "enum" not in schema else "[]", **check).outcome in (
        Outcome.MET,
        Outcome.NOT_MET,
    )


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            {"entity": {"entity_type": "robot", "id": "x"}},
            "check.entity.entity_type 'robot': corecraft has no such|check.entity.*robot",
        ),
        (
            {"entity": {"entity_type": "customer", "id": "ana"}},
            "check.entity.id: there is no customer 'ana'",
        ),
        (
            {"entity": {"entity_type": "customer", "id": {"query": {"entity_type": "customer"}}}},
            "check.entity.id.query: gives a number, and text is expected",
        ),
        (
            {"date_time": {"value": {"query": {"entity_type": "order", "measure": "count"}}}},
            "check.date_time.value.query: gives a number, and an instant is expected",
        ),
    ],
)
def test_what_the_world_lacks_is_named_when_a_claim_is_bound(claim, message):
    with pytest.raises(Problems, match=message):
        told("", answers_world(), **claim)


LATEST = {
    "query": {
        "entity_type": "order",
        "where": [{"path": "id", "value": "ord-250901-001"}],
        "measure": {"field": "createdAt"},
    }
}
OWNER = {
    "query": {
        "entity_type": "order",
        "where": [{"path": "id", "value": "ord-250731-001"}],
        "measure": {"field": "customerId"},
    }
}


def test_an_instant_and_a_row_may_be_bound_to_queries():
    at = told("Created September 1 at midnight.", answers_world(), date_time={"value": LATEST})
    who = told("Anna Großmann", answers_world(), entity={"entity_type": "customer", "id": OWNER})

    assert (at.outcome, who.outcome) == (Outcome.MET, Outcome.MET)


def test_a_row_that_is_gone_cannot_be_graded():
    check = {"kind": "response", "entity": {"entity_type": "customer", "id": "gone"}}
    evidence = make_evidence(answer="gone", snapshot=answers_world())
    finding = grade_criterion(Criterion(key="a", text="b", check=check), evidence)

    assert finding.outcome == Outcome.GRADER_ERROR
    assert "there is no customer 'gone'" in finding.reason


SAYS = [
    (
        {"date_time": {"value": "2025-07-27T10:00:00Z", "tolerance_minutes": 5, "near": ["call"]}},
        "gives the date and time 2025-07-27T10:00:00Z, give or take 5 minutes near “call”",
    ),
    (
        {"date": {"value": "2025-07-27", "tolerance_days": 1}},
        "gives the date 2025-07-27, give or take 1 day",
    ),
    (
        {"entity": {"entity_type": "support_ticket", "id": "tick-1", "near": ["a", "b"]}},
        "names the support ticket tick-1 near “a” or “b”",
    ),
    (
        {"list": {"items": ["a", "b"], "ordered": True, "duplicates": "forbidden"}},
        "lists a and b and nothing else, in this order, each once",
    ),
    ({"layout": {"form": "bullets", "items": {"lte": 5}}}, "has bullets with at most 5 bullets"),
    (
        {"layout": {"form": "table", "columns": ["order", "total"], "alone": True}},
        "has a table with columns for order and total and nothing besides",
    ),
    (
        {"layout": {"form": "email", "greets": "Ana", "words": {"lte": 90}}},
        "is an e-mail with a subject, a greeting and a closing and a greeting of Ana and has at"
        " most 90 words",
    ),
    ({"layout": {"form": "json", "schema": {}}}, "is JSON with a fitting schema"),
    ({"matches": {"pattern": "a+"}}, "matches the pattern a+"),
    ({"matches": {"pattern": "a+", "count": {"eq": 0}}}, "does not match the pattern a+"),
    (
        {"matches": {"pattern": "a+", "count": {"lte": 2, "gte": 1}, "ignore_case": True}},
        "matches the pattern a+ 1 to 2 times, whatever the case",
    ),
]


@pytest.mark.parametrize(("claim", "said"), SAYS)
def test_a_claim_says_itself_in_english(claim, said):
    assert read_check({"kind": "response", **claim}).sentence() == f"The answer {said}."


ANA = {"entity_type": "customer", "id": "ana-lima-20001"}
BEN = {"entity_type": "customer", "id": "ben-ito-10002"}
REFUNDED = {**ANA, "near": ["refund"]}
ROWS = {"form": "table", "items": {"lte": 1}}
ORDER = {"type": "object", "properties": {"total": {"type": "number"}}}


@pytest.mark.parametrize(
    ("claim", "answer", "reason", "quote"),
    [
        (
            {"date_time": {"value": "2025-07-27T10:00:00Z", "near": ["call"]}},
            "Your **call** is on July 27 at 11:00 UTC.",
            "“Your call is on July 27 at 11:00 UTC.” says July 27 at 11:00 UTC, expected"
            " 2025-07-27T10:00:00Z",
            "Your **call** is on July 27 at 11:00 UTC",
        ),
        (
            {"entity": REFUNDED},
            "The refund is for Ana Li.",
            "“The refund is for Ana Li.” names Ana Li (ana-li-20002), expected ana-lima-20001",
            "The refund is for Ana Li.",
        ),
        ({"entity": ANA}, "Hello **Ana Lima**!", "“Ana Lima” is named in", "Hello **Ana Lima"),
        (
            {"entity": BEN},
            "It was Ben Ito.",
            "“Ben Ito” is the name of 2 customers, and ben-ito-10002 is not named",
            "",
        ),
        (
            {"entity": REFUNDED},
            "Ana Lima wrote. The refund is done.",
            "ana-lima-20001 is not named near “refund”, only in “Ana Lima wrote.”",
            "Ana Lima wrote.",
        ),
        (
            {"list": {"items": ["Ana Lima", "Bo Chen"], "ordered": True}},
            "1. Bo Chen\n2. Ana Lima",
            "2 of 2 items are listed; misplaced: Bo Chen stands where Ana Lima is expected",
            "Bo Chen",
        ),
        (
            {"list": {"items": ["Ana Lima", "Bo Chen"], "duplicates": "forbidden"}},
            "- Ana Lima\n- Bo Chen\n- **Bo Chen** again",
            "2 of 2 items are listed; listed twice: Bo Chen",
            "Bo Chen** again",
        ),
        ({"layout": ROWS}, "|a|\n|---|\n|b|\n|c|", "there are 2 rows, expected at most 1", "b"),
        (
            {"layout": {"form": "table", "columns": ["total"]}},
            "|Order|Sum|\n|---|---|\n|b|c|",
            "no column for total, only Order and Sum",
            "Order|Sum",
        ),
        ({"layout": {"form": "table"}}, "text", "there is no table", ""),
        (
            {"layout": {"form": "json", "schema": ORDER}},
            '{"total": "x"}',
            "its JSON does not fit: total: 'x' is not of type 'number'",
            '{"total": "x"}',
        ),
        ({"layout": {"form": "json"}}, "{total: 1}", "it is no JSON, and no fence has any", ""),
        (
            {"layout": {"form": "email"}},
            "Dear Ana,\nhello",
            "the e-mail lacks a subject or a closing; it has “Dear Ana,”",
            "Dear Ana,",
        ),
        (
            {"layout": {"form": "email", "parts": ["greeting"], "greets": "Bo Chen"}},
            "Dear Ana,\nhello",
            "“Dear Ana,” does not greet Bo Chen",
            "Dear Ana,",
        ),
        ({"layout": {"words": {"lte": 1}}}, "two words", "it has 2 words, expected at most 1", ""),
        (
            {"layout": {"form": "bullets", "alone": True}},
            "Well:\n- a",
            "there is 1 bullet, and besides: “Well:”",
            "Well:",
        ),
        (
            {"matches": {"pattern": "[0-9]+", "count": {"lte": 2}}},
            "1 2 3",
            "[0-9]+ is found more than 2 times: “1”, expected at most 2 times",
            "1",
        ),
        ({"matches": {"pattern": "x"}}, "abc", "x is found 0 times, expected at least once", ""),
    ],
)
def test_a_reason_says_what_was_found_and_quotes_the_answer(claim, answer, reason, quote):
    finding = told(answer, answers_world(), **claim)

    assert finding.reason.startswith(reason)
    assert [cited.quote for cited in finding.evidence] == [quote]
    assert quote in answer
