"""Values of several types that people type as one text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.forms.values import read_value, read_values, write_line, write_value


@pytest.mark.parametrize(
    ("text", "typed", "value"),
    [
        ("paid", "any", "paid"),
        ("  paid ", "any", "paid"),
        ("12", "any", 12),
        ("-1.50", "any", -1.5),
        ("007", "any", "007"),
        ("1e3", "any", "1e3"),
        ("true", "any", True),
        ("True", "any", "True"),
        ('"12"', "any", "12"),
        ('"', "any", '"'),
        ('5" screen', "any", '5" screen'),
        ('"a" and "b"', "any", '"a" and "b"'),
        ("a\nb\n\n", "any", ["a", "b"]),
        ("1\nx", "any", [1, "x"]),
        ('["a"]', "any", ["a"]),
        ('{"query": {}}', "any", {"query": {}}),
        ("12", "text", "12"),
        ("true", "text", "true"),
        ("a\nb", "text", "a\nb"),
        ("12", "number", 12),
        ("many", "number", "many"),
        ("2025-07-27", "date", "2025-07-27"),
    ],
)
def test_what_was_typed_is_read_as_it_is_meant(text, typed, value):
    read = read_value(text, typed)

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("text", ["{", "[draft] order", '{"a": }', "[" * 100_000])
@pytest.mark.parametrize("typed", ["any", "text"])
def test_what_begins_as_json_and_is_none_is_refused(text, typed):
    with pytest.raises(ValueError, match=r"is no JSON: .*; put a text that begins so in quotes"):
        read_value(text, typed)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a\n b \n\n", ["a", "b"]),
        ('{"query": 1}\na', [{"query": 1}, "a"]),
        ('{\n "query": 1\n}', [{"query": 1}]),
        ('["a", "b"]', ["a", "b"]),
    ],
)
def test_several_values_stand_one_a_line(text, values):
    assert read_values(text, "text") == values


scalars = st.text() | st.integers() | st.booleans()
scalars |= st.floats(allow_nan=False, allow_infinity=False)
plain = scalars | st.lists(scalars, max_size=4) | st.dictionaries(st.text(), scalars, max_size=2)


@given(plain.filter(lambda value: value != ""))
def test_every_value_is_written_so_that_it_reads_back(value):
    assert json.dumps(read_value(write_value(value, "any"), "any")) == json.dumps(value)


@given(scalars)
def test_a_value_on_a_line_has_one_line(value):
    line = write_line(value, "any")

    assert "\n" not in line
    assert json.dumps(read_values(f"x\n{line}", "any")) == json.dumps(["x", value])
