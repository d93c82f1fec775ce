"""human: what the check says of itself."""

import pytest

from grading.criteria import Criterion
from grading.graders import GRADERS, grade_criterion, is_deterministic, read_check
from grading.graders.human import HumanCheck
from grading.verdicts import grade
from simulation.errors import InvalidArgument, Problems
from tests.grading.evidence import make_evidence

CRITERION = Criterion(key="tone", text="The tone fits.", check={"kind": "human"})


def test_it_is_registered_and_no_rule_decides_it():
    assert GRADERS["human"] is HumanCheck
    assert not is_deterministic(CRITERION)
    with pytest.raises(InvalidArgument, match="a person decides this criterion, no rule"):
        read_check({"kind": "human"}).grade(make_evidence())


def test_asked_as_a_rule_it_is_a_grader_error_and_never_a_verdict():
    assert grade_criterion(CRITERION, make_evidence()).outcome == "grader_error"
    assert grade([CRITERION], make_evidence()) == {}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "A person decides."),
        ({"instructions": "Read it aloud."}, "A person decides: Read it aloud."),
    ],
)
def test_its_sentence_says_how_a_person_decides(fields, sentence):
    assert read_check({"kind": "human", **fields}).sentence() == sentence


def test_the_example_is_a_check():
    assert read_check(HumanCheck.EXAMPLE).sentence().startswith("A person decides: Read the")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [({"instructions": "x" * 4001}, r"check\.instructions"), ({"who": "bob"}, r"check\.who")],
)
def test_what_does_not_fit_is_named(fields, problem):
    with pytest.raises(Problems, match=problem):
        read_check({"kind": "human", **fields})
