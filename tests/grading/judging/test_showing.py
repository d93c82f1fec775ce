"""What is shown is cut the same way every time, visibly, and its hash covers all of it."""

import re

import pytest

from grading.judging.cutting import SHORTEST, cut_all
from grading.judging.prompts import PROMPTS
from grading.judging.showing import show
from simulation.fences import cut
from tests.factories import make_snapshot, sale
from tests.grading.evidence import make_evidence

ALL = ("answer", "transcript", "changes")
PINNED = {1: "70d7660487ac3a1bf730575ef47382ff3bd56ec902a3e761ac390d0d35cb3054"}


def shown(evidence, limit=100_000, looks=ALL):
    return show(evidence, looks, limit=limit)


def long_world(rows=40):
    keys = {f"sale-250901-{n:03d}": sale("b" * 300) for n in range(10, 10 + rows)}
    return make_snapshot(sale=keys)


def test_a_version_of_the_words_that_was_used_never_changes():
    """Better words are a new version: add it, and its hash here."""
    assert {number: prompt.hash for number, prompt in PROMPTS.items()} == PINNED


def test_what_is_short_is_shown_whole():
    assert cut("x" * 400, 400) == "x" * 400


def test_the_middle_is_left_out_and_that_is_told():
    text = cut("a" * 500 + "b" * 500, 600)

    assert text == "a" * 300 + "\n\0… 400 characters left out here …\n" + "b" * 300


def test_results_are_cut_before_arguments_and_arguments_before_words():
    steps = [["R" * 5000, "A" * 5000, "W" * 5000]]

    def lengths(limit):
        return [
            text.count(letter) for text, letter in zip(cut_all(steps, limit)[0], "RAW", strict=True)
        ]

    assert lengths(12_000) == [2000, 5000, 5000]
    assert lengths(9_000) == [SHORTEST, 3600, 5000]
    assert lengths(3_000) == [SHORTEST, SHORTEST, 2200]


def test_the_longest_results_are_cut_to_one_length():
    results = [["x" * 100, "", ""], ["x" * 5000, "", ""], ["x" * 3000, "", ""]]

    cut_texts = [texts[0].count("x") for texts in cut_all(results, 2100)]

    assert cut_texts == [100, 1000, 1000]


def test_whole_steps_are_left_out_from_the_middle_at_last():
    steps = [["", "", "x" * 300] for _ in range(10)]

    kept = cut_all(steps, 900)

    assert [texts is None for texts in kept] == [False] + [True] * 7 + [False] * 2


@pytest.mark.parametrize("limit", [2000, 5000, 20_000])
def test_a_long_transcript_is_cut_to_the_limit_and_says_so(limit):
    calls = [("searchSales", {"limit": 200})] * 6
    evidence = make_evidence(*calls, answer="Done.", snapshot=long_world())

    text = shown(evidence, limit, ("transcript",)).text("n")

    assert len(text) < limit + 2500
    assert "characters left out here …" in text
    assert "| Done." in text
    assert "| … " not in text, "what is left out is told by us, outside of the margin"


def test_what_was_left_out_cannot_be_cited():
    evidence = make_evidence(("searchSales", {"limit": 200}), answer="x", snapshot=long_world())
    step = next(s.index for s in evidence.steps if s.kind == "tool_call")

    cited = "".join(shown(evidence, 2000).citable[step])

    assert "sale-250915-004" in cited
    assert "sale-250901-020" not in cited


def test_equal_evidence_has_an_equal_hash_and_each_character_counts():
    one, same, other = (shown(make_evidence(answer=a)) for a in ("Hello", "Hello", "Hello "))

    assert one.hash == same.hash != other.hash


@pytest.mark.parametrize("looks", [("answer",), ("changes",), ("answer", "changes")])
def test_the_hash_is_of_what_is_shown_and_of_nothing_else(looks):
    quiet = make_evidence(answer="Done.")
    curious = make_evidence(("searchSales", {"status": "gone"}), answer="Done.")

    hashes = [shown(evidence, looks=looks).hash for evidence in (quiet, curious)]

    is_same = "answer" not in looks  # the step of the answer is another one, and it is shown
    assert (hashes[0] == hashes[1]) == is_same
    assert shown(quiet).hash != shown(curious).hash


def test_the_limit_is_part_of_what_is_shown_where_it_cuts():
    evidence = make_evidence(answer="x" * 5000)

    assert (
        shown(evidence, 10_000).hash == shown(evidence, 20_000).hash != shown(evidence, 3000).hash
    )


def test_changes_are_shown_with_the_steps_that_wrote_them():
    selling = ("sell", {"buyer": "dee", "itemId": "lamp", "qty": 2})
    evidence = make_evidence(selling, selling, answer="Sold.")
    steps = [step.index for step in evidence.steps if step.changes]

    text = shown(evidence, looks=("changes",)).text("n")

    assert f"[step {steps[0]}, {steps[1]}] item changed\n| lamp\n| inStock: 10 -> 6" in text
    assert f"[step {steps[0]}] sale created" in text


def test_an_episode_without_anything_says_so():
    text = shown(make_evidence(answer="")).text("n")

    for words in ("No row differs.", "There is no final answer."):
        assert f"\n{words}\n" in text


def test_steps_that_are_left_out_are_told_in_one_line():
    evidence = make_evidence(*[("searchSales", {"buyer": "x" * 900})] * 20, answer="Done.")

    text = shown(evidence, 2000, ("transcript",)).text("n")

    assert re.search(r"^\[step \d+ to \d+\] left out: too long$", text, re.MULTILINE)
    assert text.count("left out: too long") == 1
