"""What the rules of words say and offer: severities, whole new sentences, checks that go along."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authoring.content import read_draft
from authoring.drafts.document import read_part, with_part
from authoring.drafts.scene import scene_of
from authoring.lint import RULES, Severity, lint
from authoring.lint.golden import BLANK, known_rules
from authoring.lint.words.names import NOBODY, names_of
from authoring.lint.words.reading import read
from simulation.models import World
from tests.authoring.words.scenes import REFUND, finding, findings, scene_of_rubric

SEVERITIES = [
    ("C01", "The answer names Dana Reyes and gives $5.00 as the fee.", "warning"),
    ("C01", "The answer names Dana Reyes, gives $5.00 as the fee and offers a repair.", "error"),
    ("C06", "The answer never mentions the fee.", "warning"),
    ("C06", "The answer never fails to mention the fee.", "error"),
    ("C07", "The answer never mentions the fee.", "error"),
    ("C08", "The agent knows the fee of $5.00.", "error"),
    ("C13", "The answer gives at least 3 tips.", "hint"),
    ("C19", "The answer should give a tip.", "warning"),
    ("C19", "The answer will give a tip.", "hint"),
    ("C20", "The answer lists open orders.", "warning"),
]


@pytest.mark.parametrize(("rule", "text", "severity"), SEVERITIES)
def test_severities_are_those_of_the_table(rule: str, text: str, severity: str) -> None:
    assert finding(rule, text).severity == Severity(severity)


def test_a_criterion_without_a_kind_is_an_error_and_one_of_a_wrong_kind_a_warning() -> None:
    assert finding("C09", REFUND, check={}).severity == Severity.ERROR
    assert finding("C09", REFUND, check={"kind": "state"}).severity == Severity.WARNING
    assert findings("C09", {"text": REFUND}) == []


SPLITS = [
    (
        "The answer names Dana Reyes and gives $5.00 as the fee.",
        ["The answer names Dana Reyes.", "The answer gives $5.00 as the fee."],
    ),
    (
        "The message says that the parcel is late and that it comes back.",
        ["The message says that the parcel is late.", "The message says that it comes back."],
    ),
    (
        "Ticket tick-250901-001 has status resolved, priority low and channel email.",
        [
            "Ticket tick-250901-001 has status resolved.",
            "Ticket tick-250901-001 has priority low.",
            "Ticket tick-250901-001 has channel email.",
        ],
    ),
    (
        "Order ord-250824-031 is cancelled and refunded.",
        ["Order ord-250824-031 is cancelled.", "Order ord-250824-031 is refunded."],
    ),
    (
        "Order ord-250824-031 is cancelled, and its payment is refunded.",
        ["Order ord-250824-031 is cancelled.", "Order ord-250824-031's payment is refunded."],
    ),
    (
        "The agent should find the order, explain the delay and offer a repair.",
        [
            "The agent should find the order.",
            "The agent should explain the delay.",
            "The agent should offer a repair.",
        ],
    ),
    (
        "If a refund is due, the answer names Dana Reyes and gives $5.00.",
        [
            "If a refund is due, the answer names Dana Reyes.",
            "If a refund is due, the answer gives $5.00.",
        ],
    ),
]


@pytest.mark.parametrize(("text", "parts"), SPLITS)
def test_parts_stand_alone(text: str, parts: list[str]) -> None:
    rewrite = finding("C01", text).rewrite
    assert rewrite
    assert rewrite.label == f"Split into {len(parts)}"
    assert [value["text"] for value in rewrite.values] == parts


def test_the_check_stays_with_the_first_part_and_the_others_get_keys_of_their_own() -> None:
    text = "The answer names Dana Reyes, gives $5.00 as the fee and gives $5.00 as the fee."
    taken = {"key": "the-answer-gives-5-00-as", "text": REFUND}
    (found,) = findings("C01", {"text": text, "points": 3, "note": "Look twice."}, taken)
    assert found.rewrite
    values = found.rewrite.values
    assert [value["check"] for value in values] == [{"kind": "response"}, {}, {}]
    assert [value["key"] for value in values] == [
        "c1",
        "the-answer-gives-5-00-as-2",
        "the-answer-gives-5-00-as-3",
    ]
    assert {value["points"] for value in values} == {3}


HARMS = [
    ("The agent does not cancel order ord-1.", "The agent cancels order ord-1."),
    ("The agent never denies a refund.", "The agent denies a refund."),
    ("The answer must not mention the fee.", "The answer mentions the fee."),
    ("No refund is created for Dana Reyes.", "A refund is created for Dana Reyes."),
    ("No order other than ord-1 is cancelled.", "An order other than ord-1 is cancelled."),
    ("The message names no order but ord-1.", "The message names an order other than ord-1."),
    ("Nobody but Dana Reyes is told.", "Somebody other than Dana Reyes is told."),
    ("The agent avoids closing the ticket.", "The agent closes the ticket."),
    ("The answer does not contain any link.", "The answer contains some link."),
    ("The answer contains no false claims.", "The answer contains false claims."),
    ("The agent should not refund the fee.", "The agent refunds the fee."),
    ("Order ord-1 isn't cancelled.", "Order ord-1 is cancelled."),
]


@pytest.mark.parametrize(("text", "harm"), HARMS)
def test_what_must_not_happen_is_offered_as_a_harm(text: str, harm: str) -> None:
    rewrite = finding("C06", text, points=3).rewrite
    assert rewrite
    assert isinstance(rewrite.value, dict)
    assert (rewrite.label, rewrite.path) == ("Make it harmful", "rubric/c1")
    assert (rewrite.value["text"], rewrite.value["points"]) == (harm, -2)


CHECKS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "judge"}, {"kind": "judge"}),
    (
        {"kind": "state", "entity_type": "refund", "exists": False},
        {"kind": "state", "entity_type": "refund", "exists": True},
    ),
    (
        {"kind": "response", "text": {"none_of": ["fee"]}},
        {"kind": "response", "text": {"any_of": ["fee"]}},
    ),
    (
        {"kind": "tool_call", "tool": "refund", "called": False},
        {"kind": "tool_call", "tool": "refund", "called": True},
    ),
    ({"kind": "tool_call", "tool": "refund"}, {}),
    ({"kind": "response", "text": {"none_of": ["fee"], "all_of": ["x"]}}, {}),
    ({"kind": "state", "entity_type": "refund", "count": {"max": 0}}, {}),
]


@pytest.mark.parametrize(("check", "turned"), CHECKS)
def test_the_check_of_a_harm_looks_for_the_harm(
    check: dict[str, Any], turned: dict[str, Any]
) -> None:
    rewrite = finding("C06", "The answer never mentions the fee.", check=check).rewrite
    assert rewrite
    assert isinstance(rewrite.value, dict)
    assert rewrite.value["check"] == turned


def test_a_harm_worded_as_an_absence_is_offered_as_what_should_happen() -> None:
    rewrite = finding("C06", "The agent does not answer the ticket.", points=-3).rewrite
    assert rewrite
    assert isinstance(rewrite.value, dict)
    assert (rewrite.value["text"], rewrite.value["points"]) == ("The agent answers the ticket.", 3)


VALUES = [
    ({"kind": "response", "money": {"value": 407.5}}, "$407.50"),
    ({"kind": "response", "number": {"value": 52, "unit": "hours"}}, "52 hours"),
    ({"kind": "response", "text": {"all_of": ["AM5"]}}, "AM5"),
    ({"kind": "state", "expect": [{"path": "status", "value": "paid"}]}, "paid"),
]


@pytest.mark.parametrize(("check", "value"), VALUES)
def test_the_value_of_the_check_is_offered_for_the_text(check: dict[str, Any], value: str) -> None:
    rewrite = finding("C03", "The answer gives the total of the order.", check=check).rewrite
    assert rewrite
    assert isinstance(rewrite.value, dict)
    assert rewrite.value["text"] == f"The answer gives the total of the order, {value}."


@pytest.mark.parametrize(
    "check",
    [
        {"kind": "response"},
        {"kind": "response", "money": {"value": {"query": {}}}},
        {"kind": "response", "money": 5, "number": [], "text": {"all_of": "x"}},
        {"kind": "state", "expect": [{"path": "a", "op": "gt", "value": 1}]},
        {"kind": "state", "expect": "status"},
    ],
)
def test_without_a_literal_in_the_check_the_form_is_offered(check: dict[str, Any]) -> None:
    rewrite = finding("C03", "The answer gives the total of the order.", check=check).rewrite
    assert rewrite
    assert rewrite.url == "?edit=c1#criterion-c1"
    assert rewrite.label == "Add the expected value"


def test_a_fact_about_a_known_row_becomes_its_check() -> None:
    text = "The priority of ticket tick-250901-001 is set to high."
    rewrite = finding("C10", text, check={"kind": "judge"}).rewrite
    assert rewrite
    assert isinstance(rewrite.value, dict)
    assert rewrite.value["check"] == {
        "kind": "state",
        "entity_type": "support_ticket",
        "id": "tick-250901-001",
        "expect": [{"path": "priority", "value": "high"}],
    }


def test_the_year_that_is_offered_is_that_of_the_worlds_clock() -> None:
    rewrite = finding("C04", "The answer gives October 1 as the day.").rewrite
    assert rewrite
    assert isinstance(rewrite.value, dict)
    assert rewrite.value["text"] == "The answer gives October 1, 2025 as the day."


def test_names_with_and_are_known_from_the_world_only() -> None:
    text = "The answer names Salt and Pepper Games."
    assert findings("C01", {"text": text}) == []
    names = names_of(scene_of_rubric())
    assert read(text, names).rows == {("customer", "salt-and-pepper-10004")}
    assert read(text, NOBODY).rows == frozenset()


def test_one_task_in_which_nothing_is_wrong_has_no_findings() -> None:
    prompt = "Refund Dana Reyes for order ord-250824-031, and tell me the amount of the refund."
    scene = scene_of_rubric(
        {
            "text": "Order ord-250824-031 has status refunded.",
            "check": {"kind": "state", "entity_type": "order", "id": "ord-250824-031"},
        },
        {"text": REFUND},
        {"text": "No record is changed but this order.", "check": {"kind": "unchanged"}},
        {
            "text": "A refund exists for order ord-250901-004.",
            "check": {"kind": "state"},
            "points": -2,
        },
        prompt=prompt,
    )
    assert [finding for rule in known_rules() for finding in RULES[rule](scene)] == []


def test_lint_gives_the_same_again_and_errors_first() -> None:
    criteria = [{"text": "The answer never says it."}, {"text": "The answer should be nice."}]
    first = lint(scene_of_rubric(*criteria, world=False))
    assert [f.fingerprint for f in lint(scene_of_rubric(*criteria, world=False))] == [
        f.fingerprint for f in first
    ]
    order = [list(Severity).index(finding.severity) for finding in first]
    assert order == sorted(order)
    assert order


def test_what_is_offered_can_be_put_into_the_draft_and_settles_the_finding() -> None:
    scene = scene_of_rubric({"text": "The agent never denies a refund to Dana Reyes."})
    (found,) = RULES["C07"](scene)
    assert found.rewrite
    document = with_part(
        scene.content.model_dump(mode="json"), found.rewrite.path, found.rewrite.value
    )
    assert read_part(document, "rubric/c1")["points"] == -2
    assert findings("C07", *document["rubric"]["criteria"]) == []


HOSTILE = [
    *("a-" * 500, "a_" * 500, "1," * 500, "“" * 1000, "'a " * 333, "and " * 250, "(" * 1000),
    *("not no never " * 77, "İİİ and ẞẞ, " * 80, "\x00\ud83d\ue000\ue003 and is", "1" * 999 + "_"),
    *("that which who " * 66, ", and " * 166, "." * 1000, "A b. " * 200, "about " * 166),
    *("aA" * 500, "a@" * 500, "May 1 to " * 111, "left x x " * 111, "@a:b" * 250, "-" * 1000),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_linted_in_no_time(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()[:1000]
    criteria = [{"text": f"{clean[:990]}{number}"} for number in range(20)]
    scene = scene_of_rubric(*criteria, prompt=(clean * 60)[:50_000])
    began = time.process_time()
    for rule in known_rules():
        list(RULES[rule](scene))
    assert time.process_time() - began < 2


WORDS = st.sampled_from(
    [
        "The",
        "agent",
        "answer",
        "and",
        ",",
        ";",
        ".",
        "not",
        "never",
        "no",
        "but",
        "that",
        "which",
        "is",
        "has",
        "“x",
        "y”",
        "$5.00",
        "May",
        "5",
        "ord-250824-031",
        "Dana",
        "Reyes",
        "cancels",
        "names",
        "status",
        "only",
        "every",
        "between",
        "plus",
        "as",
        "well",
        "as",
        "etc",
        "if",
        "İ",
        "’",
        "\ue001",
        "n't",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=60),
    st.sampled_from(["", "state", "response", "judge", "unchanged", "tool_call", "nonsense"]),
    st.sampled_from([-3, -1, 1, 2, 50]),
)
def test_no_text_breaks_a_rule(text: str, kind: str, points: int) -> None:
    text = text.encode("utf-8", "replace").decode()
    check = {"kind": kind} if kind else {}
    scene = scene_of_rubric({"text": text, "check": check, "points": points}, prompt=text)
    for rule in known_rules():
        for found in RULES[rule](scene):
            assert found.why
            assert found.words in text or rule == "C22"
            offered = found.rewrite.values if found.rewrite else ()
            assert read_draft({**BLANK, "rubric": {"criteria": list(offered)}})


def test_a_hundred_criteria_are_linted_between_two_keystrokes() -> None:
    filler = " with what the desk in Austin wrote down about parcels, mice or boards in summer" * 3
    texts = [f"The answer gives ${number}.00 as the refund{filler}" for number in range(100)]
    criteria = [{"text": f"{' '.join(text.split()[:40])}."} for text in texts]
    scene = scene_of_rubric(*criteria, prompt="Tell me the refund of every order.")
    for rule in known_rules():
        list(RULES[rule](scene_of_rubric(*criteria[:1])))
    began = time.process_time()
    for rule in known_rules():
        list(RULES[rule](scene))
    assert time.process_time() - began < 0.3  # ten times what it takes


def test_a_draft_is_linted_in_its_own_world(store_world: World) -> None:
    text = "The agent calls refundEverything and does not sell the lamp."
    content = read_draft(
        {
            **BLANK,
            "world": str(store_world),
            "prompt": "Sell two lamps.",
            "system_prompt": "clerk",
            "rubric": {"criteria": [{"key": "no-sale", "text": text}]},
        }
    )
    said = {each.rule for each in lint(scene_of(content))}
    assert {"C01", "C06", "C08", "C09", "C11", "R07"} <= said
    assert "C07" not in said
