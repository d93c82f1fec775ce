"""What a claim is held against: the answer, or texts that the agent wrote into rows."""

import pytest

from grading.criteria import Outcome
from grading.graders import read_check
from simulation.environments import environment
from simulation.errors import Problems
from tests.grading.answers_world import answers_world
from tests.grading.evidence import grade, make_evidence

POST = "postSlackMessage"
THREE = {"any_of": ["thirty days", "30 days"]}


def messages(*texts):
    return [(POST, {"channel": "support-desk", "text": text}) for text in texts]


def outcome(calls, source, **claim):
    evidence = make_evidence(*calls, snapshot=answers_world(), toolset="all")
    assert not any(step.is_error for step in evidence.steps)
    return grade({"kind": "response", "source": source, **claim}, evidence)


SLACK = {"entity_type": "slack_message", "field": "text"}


@pytest.mark.parametrize(
    ("texts", "wrote", "is_met"),
    [
        ("together", ["30 days", "hello"], True),
        ("together", ["hello"], False),
        ("any", ["hello", "30 days"], True),
        ("any", ["hello", "bye"], False),
        ("any", [], False),
        ("all", ["30 days", "thirty days"], True),
        ("all", ["30 days", "hello"], False),
        ("all", [], False),
    ],
)
def test_several_texts_are_read_together_or_one_or_all_must_say_it(texts, wrote, is_met):
    finding = outcome(messages(*wrote), {**SLACK, "texts": texts}, text=THREE)

    assert (finding.outcome == Outcome.MET) == is_met, finding.reason


def test_the_texts_that_decided_are_cited():
    source = {**SLACK, "texts": "all"}
    finding = outcome(messages("30 days", "hello", "bye"), source, text=THREE)

    assert finding.reason == "1 of 3 texts says so: none of “thirty days” and “30 days” is in it"
    assert [cited.step for cited in finding.evidence] == [2, 3]


def test_what_one_message_says_and_another_contradicts_is_no_answer_when_read_together():
    number = {"value": 12, "near": ["refund"]}
    wrote = messages("12 refunds", "13 refunds")

    assert outcome(wrote, SLACK, number=number).outcome == Outcome.NOT_MET
    assert outcome(wrote, {**SLACK, "texts": "any"}, number=number).outcome == Outcome.MET


RENAME = ("updateBuild", {"build_id": "build-250801-001", "name": "Very quiet"})
PARTS = ("updateBuild", {"build_id": "build-250801-001", "component_ids": ["gale"]})
BUILD = {"entity_type": "build", "field": "name"}
QUIET = {"all_of": ["quiet"]}


@pytest.mark.parametrize(
    ("call", "rows", "is_met"),
    [
        (RENAME, "changed", True),
        (RENAME, "new_or_changed", True),
        (RENAME, "new", False),
        (PARTS, "changed", False),
        (PARTS, "new_or_changed", False),
    ],
)
def test_a_text_that_was_changed_in_a_row_counts_where_it_is_asked_for(call, rows, is_met):
    finding = outcome([call], {**BUILD, "rows": rows}, text=QUIET)

    assert (finding.outcome == Outcome.MET) == is_met, finding.reason
    assert [cited.step for cited in finding.evidence] == ([1] if is_met else [])


def test_notes_of_an_escalation_and_details_of_a_resolution_can_be_read():
    escalate = {"ticket_id": "tick-250901-001", "destination": "engineering"}
    calls = [
        ("createEscalation", {**escalate, "escalation_type": "technical", "notes": "Refund $5.00"}),
        (
            "createResolution",
            {"ticket_id": "tick-250901-001", "outcome": "no_action", "details": "Told Ana Lima."},
        ),
    ]
    notes = {"entity_type": "escalation", "field": "notes"}
    details = {"entity_type": "resolution", "field": "details"}
    ana = {"entity_type": "customer", "id": "ana-lima-20001"}

    assert outcome(calls, notes, money={"value": 5}).outcome == Outcome.MET
    assert outcome(calls, details, entity=ana).outcome == Outcome.MET
    assert outcome(calls, notes, entity=ana).outcome == Outcome.NOT_MET


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (SLACK, "Text of the new slack messages says 30 days."),
        ({**SLACK, "texts": "any"}, "Text of at least one of the new slack messages says 30 days."),
        (
            {**SLACK, "texts": "all", "rows": "changed"},
            "Text of each of the changed slack messages says 30 days.",
        ),
    ],
)
def test_a_source_is_said_in_the_sentence(source, sentence):
    check = read_check({"kind": "response", "source": source, "text": {"any_of": ["30 days"]}})

    assert check.sentence() == sentence


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({**SLACK, "rows": "old"}, "check.source.Written.rows"),
        ({**SLACK, "texts": "most"}, "check.source.Written.texts"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(source, message):
    with pytest.raises(Problems, match=message):
        read_check({"kind": "response", "source": source, "text": THREE})


def test_a_source_must_fit_its_company():
    check = read_check(
        {"kind": "response", "source": {"entity_type": "nothing", "field": "x"}, "text": THREE}
    )

    (problem, *_) = check.problems(environment("corecraft"))

    assert problem.startswith("source.field: entity_type 'nothing'")
