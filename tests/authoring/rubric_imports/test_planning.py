"""What criteria that come in become in a draft: keys, what is there already, what cannot be."""

import pytest

from authoring.content import DraftContent
from authoring.rubric_imports import Incoming
from authoring.rubric_imports.planning import ADD, REPLACE, State, plan

STATE = {"kind": "unchanged"}
THERE = {"key": "names-it", "text": "Names it.", "points": 2, "note": "Old.", "check": STATE}


def document(*criteria):
    data = {"category": "communication", "rubric": {"criteria": criteria}}
    return DraftContent.model_validate(data).model_dump(mode="json")


def incoming(text, **fields):
    return Incoming(**{"place": "item 1", "text": text, "points": 1, "before": "1", **fields})


def test_a_new_criterion_is_a_judges_and_its_key_is_made_of_its_name_or_first_words():
    made = plan(
        ADD,
        document(THERE),
        [
            incoming("It says when the lamp that was bought arrives."),
            incoming("A.", name="Names it"),
            incoming("B.", key="given-key"),
            incoming("C.", key="given-key"),
            incoming("D.", key="No Key At All!"),
            incoming("東京"),
        ],
    )

    keys = [each.criterion["key"] for each in made.criteria]
    assert keys == [
        "it-says-when-the-lamp-that", "names-it-2", "given-key", "given-key-2", "no-key-at-all",
        "criterion",
    ]  # fmt: skip
    assert {each.state for each in made.criteria} == {State.NEW}
    assert all(each.criterion["check"] == {"kind": "judge"} for each in made.criteria)
    assert [each["key"] for each in made.document["rubric"]["criteria"]] == ["names-it", *keys]


def test_what_is_there_already_is_left_alone_when_criteria_are_added():
    made = plan(ADD, document(THERE), [incoming("names  IT", points=5), incoming("More.")])

    assert [each.state for each in made.criteria] == [State.THERE, State.NEW]
    assert made.document["rubric"]["criteria"][0] == document(THERE)["rubric"]["criteria"][0]
    assert made.new == 1


def test_a_criterion_of_equal_text_keeps_its_key_and_check_when_the_rubric_is_replaced():
    old = document(THERE, {"key": "gone", "text": "Gone."})
    said = [incoming("Other.", key="names-it"), incoming("Names it", points=5), incoming("X.")]

    made = plan(REPLACE, old, said)

    criteria = made.document["rubric"]["criteria"]
    assert [each["key"] for each in criteria] == ["names-it-2", "names-it", "x"]
    assert (criteria[1]["check"], criteria[1]["points"]) == (STATE, 5)
    assert [each.state for each in made.criteria] == [State.NEW, State.KEPT, State.NEW]


def test_a_check_that_comes_along_counts_more_than_the_one_that_is_there():
    human = {"kind": "human"}
    (made,) = plan(REPLACE, document(THERE), [incoming("Names it.", check=human)]).criteria

    assert made.criterion["check"] == human


def test_two_that_say_the_same_both_come_in_and_are_pointed_out():
    made = plan(ADD, document(), [incoming("Same."), incoming("same")])

    assert [each.hints for each in made.criteria] == [
        (), ("says the same as another one of these",),
    ]  # fmt: skip
    assert len(made.document["rubric"]["criteria"]) == 2


@pytest.mark.parametrize(
    ("mode", "old", "new", "problem"),
    [
        (ADD, [THERE], [incoming("Names it.")], "all of these criteria are there already"),
        (ADD, [], [incoming("Harm.", points=-1)], "needs one with points above 0"),
        (REPLACE, [THERE], [incoming("Harm.", points=-1)], "needs one with points above 0"),
        (ADD, [THERE], [incoming(f"T{n}") for n in range(100)], "there would be 101 criteria"),
        (ADD, [THERE], [incoming("T", check={"kind": "judge", "a": [[[]]] * 3})], ""),
    ],
)
def test_what_no_rubric_can_be_is_a_problem(mode, old, new, problem):
    found = plan(mode, document(*old), new).problems

    assert bool(found) == bool(problem)
    assert problem in "".join(found)


def test_a_check_that_is_too_deep_to_be_kept_is_a_problem():
    deep: object = 1
    for _ in range(31):
        deep = [deep]

    made = plan(ADD, document(), [incoming("T", check={"kind": "judge", "a": deep})])

    assert made.problems == ("JSON is nested deeper than 32 levels",)
