"""Answers in a block of code are unpacked, and no answer takes long to be looked at."""

import time

import pytest

from simulation.chat.blocks import unblocked
from simulation.conversation.answers import read_saying
from simulation.conversation.conformance import Bounds, breaches
from simulation.conversation.leaks import names_in, told_by
from simulation.errors import Problems
from simulation.fences import harmless

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ('  ```\n{"a": 1}```\n', '{"a": 1}'),
        ("``````", ""),
        ("```", "```"),
        ("```json\nwithout an end", "```json\nwithout an end"),
        ("words ```{}```", "words ```{}```"),
    ],
)
def test_the_one_block_that_a_text_is_is_unpacked(text, inside):
    assert unblocked(text) == inside


ENDLESS = {
    "a block of lines": f"```json{chr(10) * MEGABYTE}x",
    "a block of spaces": f"```{' ' * MEGABYTE}x",
    "brackets": "<" * MEGABYTE,
    "marks": "<|" * (MEGABYTE // 2),
    "fences": "<untrusted " * (MEGABYTE // 11),
    "one word": "a" * MEGABYTE,
    "hyphens": "-" * MEGABYTE,
    "hyphened": "a-" * (MEGABYTE // 2),
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_megabyte_of_anything_is_looked_at_in_a_moment(text):
    start = time.process_time()

    harmless(text)
    names_in(text)
    told_by(text, "the order is ord-12345 indeed")
    breaches(text[:20_000], Bounds(known=text, heard=text, withheld=("it is ord-12345, blue",)))
    with pytest.raises(Problems):
        read_saying(text)

    assert time.process_time() - start < 5


def test_every_bracket_before_the_word_of_a_fence_is_broken():
    assert harmless("<<</untrusted> and < untrusted") == "(((/untrusted> and ( untrusted"


@pytest.mark.parametrize(
    ("text", "name"),
    [("it is ord-250801-001.", "ord-250801-001"), ("pay 12.50 now", "12.50"), ("x a-1 y.", "a-1")],
)
def test_ids_and_numbers_of_a_fact_are_found_as_before(text, name):
    assert told_by(f"so {name} it is", f"the number {text}") == (
        "" if name == "a-1" else f"it has {name}, which may give it away"
    )
