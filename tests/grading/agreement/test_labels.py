"""People's verdicts go out as lines and come in again: all or nothing, and twice is once."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.agreement.imports import import_labels, plan_labels
from grading.agreement.items import Scope
from grading.agreement.lines import MAX_LINES, export_lines, read_lines
from grading.models import Assessment, LabelImport, Verdict
from grading.people.verdicts import record_verdict
from simulation.errors import Problems
from tests.factories import make_user
from tests.grading.people.makers import make_graded, said

pytestmark = pytest.mark.django_db
KEY = "lamp-sold"


def line(assessment: Assessment, **fields: Any) -> dict[str, Any]:
    given = {"rollout": assessment.rollout_id, "criterion": KEY, "outcome": "not_met"}
    return {**given, "reason": "It was not.", **fields}


def as_data(*lines: dict[str, Any]) -> bytes:
    return "\n".join(map(json.dumps, lines)).encode()


def take(data: bytes, actor: Any) -> LabelImport:
    return import_labels(read_lines(data), actor=actor, name="labels.jsonl", data=data)


def test_what_goes_out_comes_in_again_and_is_known(reviewer, analyst):
    assessment = make_graded()
    record_verdict(assessment.pk, KEY, said("not_met", "Not “paid”.\nAt all."), author=reviewer)
    data = b"".join(export_lines(analyst, Scope()))

    plan = plan_labels(read_lines(data), analyst)

    assert (len(plan.new), plan.known) == (0, 1)
    (written,) = map(json.loads, data.splitlines())
    assert written["author"] == reviewer.username
    assert written["machine"] == {"source": "check", "outcome": "met"}
    assert b"".join(export_lines(analyst, Scope())) == data


def test_a_label_that_is_new_becomes_a_verdict_that_knows_its_file(reviewer):
    assessment = make_graded()

    made = take(as_data(line(assessment)), reviewer)

    verdict = Verdict.objects.get(source="human")
    assert (verdict.author, verdict.outcome, verdict.imported) == (reviewer, "not_met", made)
    assessment.refresh_from_db()
    assert assessment.reward == 1, "an opinion moves nothing"


def test_a_last_word_that_comes_in_moves_the_reward(reviewer):
    assessment = make_graded()

    take(as_data(line(assessment, is_authoritative=True)), reviewer)

    assessment.refresh_from_db()
    assert (assessment.reward, assessment.reward_source) == (0, "human")


def test_twice_is_once_also_inside_a_file(reviewer):
    assessment = make_graded()
    data = as_data(line(assessment), line(assessment))

    assert (take(data, reviewer).made, take(data, reviewer).made) == (1, 0)
    assert Verdict.objects.filter(source="human").count() == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rollout": 999_999}, "rollout 999999 is not there, or not yours to see"),
        ({"criterion": "other"}, "criterion 'other': the rubric has lamp-sold"),
        ({"criterion_hash": "0" * 64}, "says something else now than it did then"),
        ({"author": "nobody-here"}, "'nobody-here': there is no such person here"),
        ({"author": "charlie"}, "only analysts and admins bring in others' labels"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line_and_nothing_is_stored(
    fields, says, reviewer, charlie
):
    assessment = make_graded()
    data = as_data(line(assessment), line(assessment, **fields))

    with pytest.raises(Problems, match=says) as error:
        take(data, reviewer)

    assert error.value.problems[0].startswith("line 2: ")
    assert not Verdict.objects.filter(source="human").exists()
    assert not LabelImport.objects.exists()


def test_analysts_bring_in_the_words_of_others_but_no_last_word_of_who_may_not(analyst, charlie):
    assessment = make_graded()
    assert take(as_data(line(assessment, author="charlie")), analyst).made == 1

    with pytest.raises(Problems, match="charlie may not have the last word"):
        take(as_data(line(assessment, author="charlie", is_authoritative=True)), analyst)


def test_nobody_labels_what_is_not_theirs_to_see(charlie):
    with pytest.raises(Problems, match="not there, or not yours to see"):
        take(as_data(line(make_graded())), charlie)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file has no line"),
        (b"\n \n", "the file has no line"),
        (b"{", "line 1: is no JSON"),
        (b"\n[1]", "line 2: is no JSON object"),
        (b"{}", "line 1: rollout: Field required"),
        (as_data({"rollout": 1, "criterion": "a", "outcome": "good", "reason": "x"}), "outcome: "),
        (as_data({"rollout": 1, "criterion": "a", "outcome": "met", "reason": ""}), "reason: "),
        (as_data({"rollout": 1, "criterion": "a", "outcome": "met", "reason": "x", "y": 1}), "y: "),
        (b'{"a": "' + b"x" * 50_000 + b'"}', "line 1: is longer than 40,000 bytes"),
        (b"{}\n" * (MAX_LINES + 1), "more than 20,000 lines"),
    ],
    ids=[
        "empty",
        "blank",
        "broken",
        "list",
        "nothing",
        "outcome",
        "reason",
        "extra",
        "long",
        "many",
    ],
)
def test_lines_that_are_none_are_named(data, says):
    with pytest.raises(Problems, match=says):
        read_lines(data)


@given(data=st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    with suppress(Problems):
        assert read_lines(data)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reason=st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_reason_survives_the_way_out_and_in(reason):
    analyst = make_user("", "analyst")
    assessment = make_graded()
    take(as_data(line(assessment, reason=reason)), analyst)
    data = b"".join(export_lines(analyst, Scope(run=assessment.rollout.run_id)))

    assert plan_labels(read_lines(data), analyst).known == 1
