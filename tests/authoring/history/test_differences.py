"""What differs between two states of a task."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authoring.content import DraftContent
from authoring.history.differences import compare, compare_values
from authoring.history.words import compare_texts

WORDS = st.lists(st.sampled_from(["refund", "the", "order", " ", "\n", ".", "ORD-7", "  "])).map(
    "".join
)
BASE: dict[str, Any] = {
    "title": "Refund",
    "category": "reasoning",
    "prompt": "Refund the order.",
    "world": "store@1",
    "setup": [{"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 10}}],
    "reference": [
        {"call": "sell", "arguments": {"buyer": "dee", "qty": 1}},
        {"call": "search", "arguments": {}},
        {"message": "Done."},
    ],
    "rubric": {
        "criteria": [
            {"key": key, "text": f"{key} holds.", "check": {"kind": "human", "instructions": key}}
            for key in ("a", "b", "c")
        ]
    },
}


def content(**changes: Any) -> DraftContent:
    return DraftContent.model_validate({**deepcopy(BASE), **changes})


def changed(change: Any) -> DraftContent:
    """Give the base after `change` was made to it."""
    data = deepcopy(BASE)
    change(data)
    return DraftContent.model_validate(data)


@given(WORDS, WORDS)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = compare_texts(before, after)

    assert "".join(p.text for p in pieces if p.kind != "in") == before
    assert "".join(p.text for p in pieces if p.kind != "out") == after


def test_only_the_words_that_differ_are_marked() -> None:
    pieces = compare_texts("Refund the whole order.", "Refund half the order.")

    assert [(p.kind, p.text) for p in pieces if p.kind != "same"] == [
        ("in", " half"),
        ("out", "whole "),
    ]


def test_changes_on_both_sides_of_a_space_are_one_passage() -> None:
    pieces = compare_texts("to Ana Lee now", "to Bob Ray now")

    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "to "),
        ("out", "Ana Lee"),
        ("in", "Bob Ray"),
        ("same", " now"),
    ]


def test_a_long_text_that_is_new_throughout_is_compared_at_once() -> None:
    pieces = compare_texts("old " * 10_000, "new " * 10_000)

    assert [p.kind for p in pieces] == ["out", "in"]


def test_equal_contents_differ_in_nothing() -> None:
    assert compare(content(), content()).parts == ()
    assert compare(content(), content()).summary == "nothing changed"


CHANGES = {
    "a word of the prompt": (lambda d: d.update(prompt="Refund the sale."), "prompt (changed)"),
    "the title": (lambda d: d.update(title="Refund it"), "about the task (changed)"),
    "who asks": (
        lambda d: d.update(asker={"type": "customer", "id": "ana"}),
        "who, where, with what (changed)",
    ),
    "a value of the setup": (
        lambda d: d["setup"][0]["fields"].update(price=11),
        "setup (1 changed)",
    ),
    "an operation more": (
        lambda d: d["setup"].append({"op": "delete", "entity_type": "item", "id": "chair"}),
        "setup (1 added)",
    ),
    "an argument": (
        lambda d: d["reference"][0]["arguments"].update(qty=2),
        "reference (1 changed)",
    ),
    "a step less": (lambda d: d["reference"].pop(1), "reference (1 removed)"),
    "a step more": (
        lambda d: d["reference"].insert(1, {"call": "pay", "arguments": {}}),
        "reference (1 added)",
    ),
    "the answer": (lambda d: d["reference"][-1].update(message="Paid."), "reference (1 changed)"),
    "a criterion less": (lambda d: d["rubric"]["criteria"].pop(0), "rubric (1 removed)"),
    "a weight": (lambda d: d["rubric"]["criteria"][0].update(points=3), "rubric (1 changed)"),
    "the order of criteria": (
        lambda d: d["rubric"]["criteria"].insert(0, d["rubric"]["criteria"].pop(2)),
        "rubric (1 moved)",
    ),
    "a near-miss": (
        lambda d: d.update(near_misses=[{"name": "wrong", "solution": [{"message": "No."}]}]),
        "near misses (1 added)",
    ),
}


@pytest.mark.parametrize(("change", "summary"), CHANGES.values(), ids=CHANGES)
def test_each_change_is_told(change: Any, summary: str) -> None:
    assert compare(content(), changed(change)).summary == summary


def test_a_changed_argument_is_told_with_both_values() -> None:
    after = changed(lambda d: d["reference"][0]["arguments"].update(qty=2))

    (part,) = compare(content(), after).parts
    (item,) = part.items

    assert (item.title, item.place) == ("Step 1 · sell", "reference/1")
    assert [(f.label, f.before, f.after) for f in item.fields] == [("arguments, qty", "1", "2")]


def test_a_changed_check_is_told_in_its_sentence_and_field_by_field() -> None:
    after = changed(
        lambda d: d["rubric"]["criteria"][1]["check"].update(instructions="Is it kind?")
    )

    (part,) = compare(content(), after).parts
    (item,) = part.items

    assert item.place == "criterion/b"
    assert [text.label for text in item.texts] == ["check"]
    assert [(f.label, f.before, f.after) for f in item.fields] == [
        ("check, instructions", "b", "Is it kind?")
    ]


def test_two_states_of_one_part_are_compared_for_the_screen_of_a_conflict() -> None:
    prompt = compare_values("prompt", "Refund it.", "Refund both.")
    criterion = compare_values("rubric/a", None, BASE["rubric"]["criteria"][0])

    assert [p.kind for p in prompt.texts[0].pieces] == ["same", "out", "in", "same"]
    assert criterion.operation == "added"
