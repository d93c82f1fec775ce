"""Patterns of authors: what cannot be compiled without harm is refused before it is compiled."""

import pytest

from simulation.operators import operand_problem
from simulation.patterns import MAX_PATTERN, pattern_problem, repeats_in


@pytest.mark.parametrize(
    ("pattern", "repeats"),
    [
        ("abc", 0),
        ("a{3}b{2}", 5),
        ("(a{3}b){2}", 6),
        ("(?:(a{2}){3}b{4}){5}", 50),
        ("(ab){7}", 7),
        ("a{2,}b{,3}c{1}", 5),
        ("a{3}{4}", 12),
        ("(a{3})?{4}", 12),
        (r"\(a{3}\){4}", 7),
        ("[(]a{3}[)]{4}", 7),
        ("[[:alpha:])]a{3}", 3),
        ("(?#[)(a{3}){4}(?#])", 12),
        ("(?x)#[\n(a{3}){4}#]", 12),
        ("(?V1)([[a])]a{3}[[a](]){4}", 12),
        (r"\{3}", 0),
    ],
)
def test_counted_repeats_add_up_and_those_inside_others_multiply(pattern, repeats):
    assert repeats_in(pattern) == repeats


@pytest.mark.parametrize(
    "pattern",
    [
        "(a{9999}){9999}",
        "(?:(a{100}){100}){100}",
        "a{9999}b{9999}",
        "(?x)#[\n(a{9999}){9999}#]",
        "(?#[)(a{9999}){9999}(?#])",
        "(?V1)([[a])]a{4999}[[a](]){4999}",
        "(([)]a{999}[(])){999}",
    ],
)
def test_what_would_fill_the_memory_is_refused(pattern):
    assert "counted repeats" in pattern_problem(pattern)
    assert "counted repeats" in operand_problem("matches", pattern)


@pytest.mark.parametrize("pattern", [r"\b\w{1,60}[^.]{0,60}.{0,60}x{0,60}", "(a{100}){100}", "x+"])
def test_what_can_be_compiled_may_be_used(pattern):
    assert operand_problem("matches", pattern) == ""


def test_what_is_no_pattern_is_said():
    assert "is no regular expression" in pattern_problem("(")
    assert f"at most {MAX_PATTERN}" in pattern_problem("a" * (MAX_PATTERN + 1))
    assert f"at most {MAX_PATTERN}" in pattern_problem(3)
