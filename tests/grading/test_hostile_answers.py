"""Hostile answers: every claim reads any text in bounded time, and only a clean grader error may
keep it from deciding."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.claims.schemas import first_problem, make_validator
from grading.criteria import Criterion, Outcome
from grading.graders import grade_criterion, read_check
from grading.reading.lines import read
from grading.reading.quotes import in_original
from simulation.errors import InvalidArgument
from simulation.state import WorldState
from tests.grading.answers_world import answers_world
from tests.grading.evidence import make_evidence

WORLD = WorldState(answers_world())
NEAR = ["refund"]
RECURSIVE = {"$defs": {"n": {"type": ["array", "number"], "items": {"$ref": "#/$defs/n"}}}}
CLAIMS = {
    "text": {"any_of": ["Ana Lima"], "none_of": ["Ana Li"]},
    "number": {"value": 12, "near": NEAR},
    "money": {"value": 12.5, "near": NEAR},
    "date": {"value": "2025-07-27", "near": NEAR},
    "date_time": {"value": "2025-07-27T16:20:00Z", "near": NEAR},
    "entity": {"entity_type": "customer", "id": "ana-lima-20001", "near": NEAR},
    "list": {"items": ["Ana Lima", "Bo Chen"], "ordered": True, "duplicates": "forbidden"},
    "layout": {"form": "email", "words": {"lte": 100}},
    "matches": {"pattern": r"\b[a-z]+@[a-z]+\b"},
}
FORMS = {
    **{form: {"form": form} for form in ("bullets", "numbered", "table", "email")},
    "json": {"form": "json", "schema": {"$ref": "#/$defs/n", **RECURSIVE}},
}
SECONDS = 5


def judge(answer, claim):
    check = read_check({"kind": "response", **claim})
    judgement = check._claim.judge(read(answer), WORLD)
    assert in_original(answer, judgement.quote) in answer
    return judgement


BIG = {
    "words": "refund 12 Ana Lima " * 52_000,
    "one word": "a" * 1_000_000,
    "spaces": " " * 1_000_000,
    "lines": "\n" * 1_000_000,
    "NULs": "\x00" * 1_000_000,
    "names": "Ana Lima, " * 100_000,
    "refunds of names": "refund Ana Li or Ana Lima " * 38_000,
    "times": "refund July 27 16:20 PM UTC+ " * 34_000,
    "times without dates": "16:20 " * 160_000,
    "dates": "refund July 27 " * 66_000,
    "brackets": "[" * 1_000_000,
    "braces": '{"a":' * 200_000,
    "quotes": '"' * 1_000_000,
    "said": 'you said "refund ' * 58_000,
    "negations": "not refund 12 " * 70_000,
    "not a word": "not " * 250_000 + "12 refunds",
    "fences": "```\n" * 250_000,
    "fenced": "```json\n[1]\n```\n" * 60_000,
    "subjects": "Subject: a\nDear a,\n" * 50_000,
    "tables": "|a|b|\n|-|-|\n" * 80_000,
    "bullets": "- Ana Lima\n" * 90_000,
    "zone": "1:00 " + "A" * 1_000_000,
    "offsets": "1:00+" * 200_000,
    "free": "refund is free " * 66_000,
    "emoji": "🙂" * 500_000,
    "letters that grow": "\u0130" * 500_000,
    "marks that join": "e\u0301" * 400_000,
}


@pytest.mark.parametrize("answer", BIG.values(), ids=BIG)
def test_a_megabyte_is_read_in_bounded_time(answer):
    begin = time.process_time()
    for name, claim in CLAIMS.items():
        judge(answer, {name: claim})
    for form in FORMS.values():
        judge(answer, {"layout": form})

    assert time.process_time() - begin < SECONDS


def test_words_that_are_forbidden_cannot_be_hidden_behind_what_is_read():
    claim = {"text": {"none_of": ["refund"]}}

    assert judge("fine", claim).met
    assert not judge("fine " * 100_000 + "refund", claim).met


def test_words_are_counted_to_the_end():
    claim = {"layout": {"words": {"lte": 5}}}

    assert judge(" " * 300_000 + "word " * 5, claim).met
    assert not judge(" " * 300_000 + "word " * 6, claim).met


def test_a_text_is_parsed_once_however_many_claims_are_held_against_it():
    line = "- **ord-250801-001** for Ana Lima: refund of $153.50 on July 27, 2025 at 16:20 UTC.\n"
    answer = line * 240  # 20 kB
    for name, claim in CLAIMS.items():
        judge(answer, {name: claim})

    assert read(answer) is read(answer)
    begin = time.process_time()
    for name, claim in CLAIMS.items():
        judge(answer, {name: claim})
    assert time.process_time() - begin < 0.2


def nested(depth):
    return "[" * depth + "]" * depth


@pytest.mark.parametrize("depth", [30, 40, 900, 1100, 90_000])
def test_deep_json_is_read_or_is_none_and_never_breaks_the_grader(depth):
    judgement = judge(nested(depth), {"layout": FORMS["json"]})

    assert judgement.met == (depth <= 31)
    judge(nested(depth), {"list": CLAIMS["list"]})


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(a+)+$", "a" * 40 + "!"),
        (r"(a|aa)+$", "a" * 200 + "!"),
        (r"(.*a){12}", "a" * 5000),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 100_000),
        (r"(x+x+)+y", "x" * 100_000),
    ],
)
def test_a_pattern_that_explodes_is_a_grader_error_or_ends_in_time(pattern, text):
    check = read_check({"kind": "response", "matches": {"pattern": pattern}})
    begin = time.monotonic()
    with suppress(InvalidArgument):
        check._claim.judge(read(text), WORLD)

    assert time.monotonic() - begin < 2


def test_a_timeout_is_a_grader_error():
    check = {"kind": "response", "matches": {"pattern": r"(?:x+x+)+y"}}
    evidence = make_evidence(answer="x" * 5000, snapshot=answers_world())
    finding = grade_criterion(Criterion(key="a", text="b", check=check), evidence)

    assert finding.outcome == Outcome.GRADER_ERROR
    assert "took longer than 0.2 s on this text: write it simpler" in finding.reason


def test_unique_items_and_patterns_of_schemas_are_checked_in_linear_time():
    schema = {"type": "array", "uniqueItems": True, "items": {"type": "object"}}
    value = [{"a": number} for number in range(20_000)]
    begin = time.process_time()

    assert first_problem(make_validator(schema), value) == ""
    assert "not unique" in first_problem(make_validator(schema), [*value, {"a": 7}])
    assert time.process_time() - begin < SECONDS


pieces = st.sampled_from(
    [
        *("refund", "Ana Lima", "Ana Li", "12", "$12.50", "July 27", "16:20 UTC", "4:20 PM", "not"),
        *("- ", "\n", "|", "|---|", "#", "```", "**", "_", '"', "(", ")", ": ", ", ", ". ", "Dear"),
        *(
            "Subject:",
            "Best regards",
            "\x00",
            "\u200b",
            "İ",
            "ß",
            "\ud7ff",
            "{",
            "[",
            "}",
            "]",
            ">",
        ),
        *("you said", "no", "free", "is", "or", "and", "Z", "+02:00", "PDT", "1.", " ", "\u00a0"),
    ]
)
texts = st.lists(pieces | st.text(max_size=8), max_size=60).map("".join)


@given(texts)
def test_any_text_can_be_judged_by_every_claim_and_quotes_stand_in_it(text):
    for name, claim in CLAIMS.items():
        judge(text, {name: claim})
    for form in FORMS.values():
        judge(text, {"layout": form})


scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


@given(values)
def test_any_json_can_be_held_against_a_schema(value):
    text = json.dumps(value)
    is_container = isinstance(value, list | dict)

    assert judge(text, {"layout": {"form": "json", "schema": {}}}).met == is_container
