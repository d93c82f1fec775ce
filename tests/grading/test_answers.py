"""Answers as models write them, right, wrong and nearly right: the table of answers.yaml."""

from pathlib import Path

import pytest
import yaml

from grading.criteria import Outcome
from tests.grading.answers_world import answers_world
from tests.grading.evidence import told

GROUPS = yaml.safe_load(Path(__file__).with_name("answers.yaml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(group["check"], answer, side == "right", id=f"{group['name']}: {why}, {side}")
    for group in GROUPS
    for side in ("right", "wrong")
    for row in group[side]
    for why, answer in row.items()
]


@pytest.mark.parametrize(("check", "answer", "is_met"), ROWS)
def test_an_answer_is_read_as_people_read_it(check, answer, is_met):
    finding = told(answer, answers_world(), **check)

    assert finding.outcome == (Outcome.MET if is_met else Outcome.NOT_MET), finding.reason
    assert finding.reason
    assert all(cited.quote in answer for cited in finding.evidence)


def test_the_table_is_large_and_every_kind_of_claim_is_in_it_right_and_wrong():
    claims = {name for group in GROUPS for name in group["check"]}

    assert len(ROWS) >= 200
    assert claims == {
        *("text", "number", "money", "date", "date_time", "entity", "list", "layout", "matches"),
    }
    assert all(group["right"] and group["wrong"] for group in GROUPS)
