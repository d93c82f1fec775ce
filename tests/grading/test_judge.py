"""judge: what the check says of itself. What its judges do is in tests/grading/judging/."""

import pytest

from grading.criteria import Criterion
from grading.graders import GRADERS, grade_criterion, is_deterministic, read_check
from grading.graders.judge import JudgeCheck
from grading.verdicts import grade
from simulation.errors import InvalidArgument, Problems
from tests.grading.evidence import make_evidence


def check(**fields):
    return read_check({"kind": "judge", **fields})


def test_it_is_registered_and_no_rule_decides_it():
    assert GRADERS["judge"] is JudgeCheck
    criterion = Criterion(key="polite", text="It is polite.", check={"kind": "judge"})
    assert not is_deterministic(criterion)
    with pytest.raises(InvalidArgument, match="a judge decides this criterion, no rule"):
        check().grade(make_evidence())


def test_asked_as_a_rule_it_is_a_grader_error_and_never_a_verdict():
    criterion = Criterion(key="polite", text="It is polite.", check={"kind": "judge"})

    assert grade_criterion(criterion, make_evidence()).outcome == "grader_error"
    assert grade([criterion], make_evidence()) == {}


def test_the_example_is_a_check():
    assert read_check(JudgeCheck.EXAMPLE).sentence().startswith("A judge reads the answer and")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "A judge reads the answer, the transcript and what changed in the world and decides."),
        ({"look_at": ["changes"]}, "A judge reads what changed in the world and decides."),
        (
            {"look_at": ["transcript", "answer"]},
            "A judge reads the answer and the transcript and decides.",
        ),
        (
            {"look_at": ["answer"], "question": "Is it kind?"},
            "A judge reads the answer and decides: Is it kind?",
        ),
    ],
)
def test_its_sentence_says_what_a_judge_reads_and_asks(fields, sentence):
    assert check(**fields).sentence() == sentence


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"look_at": []}, r"check\.look_at"),
        ({"look_at": ["reference"]}, r"check\.look_at\.0"),
        ({"question": "x" * 4001}, r"check\.question"),
        ({"answer": "met"}, r"check\.answer"),
    ],
)
def test_what_does_not_fit_is_named(fields, problem):
    with pytest.raises(Problems, match=problem):
        check(**fields)
