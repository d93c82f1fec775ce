"""What can be done to a rubric: keys stay unique, and nothing else of a task changes."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.content import DraftContent
from authoring.drafts.document import new_key
from authoring.rubrics import changes
from simulation.errors import Conflict, InvalidArgument

TEXTS = st.lists(st.sampled_from(["A b.", "A b", "", "Über", "Ten words " * 9, "x"]), max_size=6)
BLANK = DraftContent(title="T", category="reasoning").model_dump(mode="json")


def document_of(texts: list[str]) -> dict[str, Any]:
    document: dict[str, Any] = deepcopy(BLANK)
    return changes.add(document, [{"text": t, "check": {"kind": "human"}} for t in texts])


def apart(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "rubric"}


Act = Callable[[dict[str, Any], str], dict[str, Any]]
ACTS: dict[str, Act] = {
    "add": lambda d, key: changes.add(d, [{"text": "A b."}, {"text": "New"}], after=key),
    "duplicate": changes.duplicate,
    "first": lambda d, key: changes.move(d, key, 1),
    "far": lambda d, key: changes.move(d, key, 99),
    "up": lambda d, key: changes.step(d, key, -1),
    "down": lambda d, key: changes.step(d, key, 1),
    "remove": changes.remove,
    "split": lambda d, key: changes.split(d, key, ["One.", "A b."], "each"),
    "turn": lambda d, key: changes.turn(d, key, {"kind": "state"}),
}


@given(TEXTS.filter(bool), st.lists(st.tuples(st.sampled_from([*ACTS]), st.integers(0, 9))))
def test_whatever_is_done_keys_are_unique_and_the_rest_of_the_task_stays(texts, acts):
    document = document_of(texts)
    for name, place in acts:
        keys = changes.keys_of(document)
        if not keys or len(keys) > 90:
            break
        before = deepcopy(document)
        changed = ACTS[name](document, keys[place % len(keys)])
        assert document == before  # functions copy
        assert apart(changed) == apart(before)
        DraftContent.model_validate(changed)
        there = changes.keys_of(changed)
        assert len({*there}) == len(there)
        kept = [key for key in keys if key in there]
        assert kept == keys or name in ("remove", "first", "far", "up", "down")
        others = {
            c["key"]: c for c in before["rubric"]["criteria"] if c["key"] != keys[place % len(keys)]
        }
        assert all(c == others.get(c["key"], c) for c in changed["rubric"]["criteria"])
        document = changed


@given(TEXTS.filter(bool), st.integers(0, 9), st.integers(-3, 12))
def test_a_move_leaves_the_others_in_their_order(texts, place, to):
    document = document_of(texts)
    key = changes.keys_of(document)[place % len(texts)]

    keys = changes.keys_of(changes.move(document, key, to))

    assert keys.index(key) == min(max(to, 1), len(texts)) - 1
    assert [k for k in keys if k != key] == [k for k in changes.keys_of(document) if k != key]


@given(TEXTS.filter(bool), st.integers(0, 9))
def test_what_was_removed_is_put_back_where_it_was(texts, place):
    document = document_of(texts)
    number = place % len(texts)
    criterion = document["rubric"]["criteria"][number]

    gone = changes.remove(document, criterion["key"])

    assert changes.put_back(gone, criterion, number + 1) == document
    with pytest.raises(Conflict):
        changes.put_back(document, criterion, 1)


@pytest.mark.parametrize(
    ("keeps", "checks"), [("first", [{"kind": "human"}, {}]), ("each", [{"kind": "human"}] * 2)]
)
def test_a_split_gives_the_check_to_the_first_or_to_each(keeps, checks):
    split = changes.split(document_of(["A and b.", "C"]), "a-and-b", ["A.", "B."], keeps)

    assert [c["text"] for c in split["rubric"]["criteria"]] == ["A.", "B.", "C"]
    assert changes.keys_of(split) == ["a-and-b", "b", "c"]
    assert [c["check"] for c in split["rubric"]["criteria"]][:2] == checks


@pytest.mark.parametrize("texts", [[], ["One"], ["One", " "], ["One", "x" * 1001]])
def test_a_split_takes_two_texts_at_least(texts):
    with pytest.raises(InvalidArgument, match="two criteria at least"):
        changes.split(document_of(["A"]), "a", texts, "first")


@pytest.mark.parametrize("name", [*ACTS])
def test_nothing_is_done_to_a_criterion_that_is_gone(name):
    with pytest.raises(Conflict, match="no criterion gone any more"):
        ACTS[name](document_of(["A"]), "gone")


def test_a_rubric_has_a_hundred_criteria_at_most():
    document = document_of(["x"] * 100)

    with pytest.raises(Conflict, match="at most 100"):
        changes.duplicate(document, "x")


def test_turning_a_judge_into_a_check_keeps_what_it_was_told():
    judged = {"text": "", "note": "Be fair.", "check": {"kind": "judge", "question": "Is it kind?"}}
    document = changes.add(deepcopy(BLANK), [judged])
    key = new_key(BLANK, "")

    turned = changes.turn(document, key, {"kind": "state"})["rubric"]["criteria"][0]

    assert turned["note"] == "Be fair.\nIs it kind?"
    assert turned["text"] == "Is it kind?"
    assert turned["check"] == {"kind": "state"}
