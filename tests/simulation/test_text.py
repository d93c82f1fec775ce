"""The boundary that every text from outside passes."""

import json
import math

import pytest

from simulation.errors import InvalidArgument
from simulation.text import (
    MAX_ARGUMENTS,
    MAX_DEPTH,
    canonical,
    clean_json,
    clean_text,
    parse_object,
    without_nulls,
)


@pytest.mark.parametrize("text", ["", "plain", "ümläut 🛒 עברית", "tab\tand\nline", "\x01\x7f"])
def test_text_that_can_be_stored_passes_unchanged(text):
    assert clean_text(text) == (text, "")


@pytest.mark.parametrize("bad", ["\x00", chr(0xD800), chr(0xDFFF)])
def test_what_cannot_be_stored_becomes_the_replacement_character(bad):
    assert clean_text(f"a{bad}b{bad}") == (
        "a\ufffdb\ufffd",
        "2 characters that cannot be stored became U+FFFD",
    )


def test_long_text_is_cut_and_the_note_says_so():
    text, note = clean_text("x" * 11, limit=10)

    assert (text, note) == ("x" * 10, "cut from 11 to 10 characters")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "not valid JSON"),
        ("{", "not valid JSON"),
        ("[1]", "must be one JSON object"),
        ('"text"', "must be one JSON object"),
        ("null", "must be one JSON object"),
        ('{"a": NaN}', "NaN is not a number that JSON has"),
        ('{"a": Infinity}', "Infinity is not a number"),
        ('{"a": [-Infinity]}', "-Infinity is not a number"),
        ('{"a": 1e999}', "inf is not a number"),
        (f'{{"a": {2**63}}}', "beyond 64 bits"),
        (f'{{"a": {-(2**63) - 1}}}', "beyond 64 bits"),
        ('{"a": 1e19}', "beyond 64 bits"),
        ('{"a": ' + "9" * 5000 + "}", "not valid JSON"),
        ('{"a": ' + "[" * 40 + "]" * 40 + "}", f"deeper than {MAX_DEPTH} levels"),
        ('{"a": ' + "[" * 90_000 + "]" * 90_000 + "}", f"deeper than {MAX_DEPTH} levels"),
        ('{"a": "' + "x" * MAX_ARGUMENTS + '"}', f"{MAX_ARGUMENTS} are allowed"),
    ],
)
def test_arguments_that_cannot_be_taken_are_refused_with_the_reason(raw, reason):
    with pytest.raises(InvalidArgument) as refusal:
        parse_object(raw)

    assert reason in refusal.value.message


@pytest.mark.parametrize(
    "value", [{}, {"a": [1, -(2**63), 2**63 - 1, 0.1, True, None, "x"]}, {"": {"": []}}]
)
def test_a_json_object_of_storable_values_is_read_as_it_is(value):
    assert parse_object(json.dumps(value)) == (value, "")


def test_names_and_texts_inside_json_are_cleaned():
    cleaned, note = parse_object('{"a\\u0000": ["\\ud800x"]}')

    assert cleaned == {"a\ufffd": ["\ufffdx"]}
    assert "U+FFFD" in note


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {1, 2}}, {"a": b"x"}, [object()]])
def test_what_json_does_not_have_is_refused(value):
    with pytest.raises(InvalidArgument):
        clean_json(value)


@pytest.mark.parametrize("number", [-0.0, 1e16, 123456789012345680.0, -1e18])
def test_numbers_are_written_as_the_database_will_give_them_back(number):
    cleaned = clean_json({"n": number})

    assert cleaned == {"n": number}
    assert canonical(cleaned) == canonical(json.loads(f'{{"n": {plainly(number)}}}'))


def plainly(number):
    """Write a number as PostgreSQL's jsonb does: without exponent, without a signed zero."""
    return f"{number + 0.0:.0f}" if abs(number) >= 1e16 else repr(number + 0.0)


def test_canonical_bytes_are_sorted_and_without_spaces():
    assert canonical({"b": [1, 2.5], "a": "ü"}) == '{"a":"ü","b":[1,2.5]}'.encode()


def test_nulls_are_left_out_of_objects_but_not_of_lists():
    assert without_nulls({"a": None, "b": [None, {"c": None}], "d": 0}) == {"b": [None, {}], "d": 0}


def test_cleaning_keeps_what_is_clean():
    value = {"a": [{"b": "text"}, 1.5, math.pi], "c": None}

    assert clean_json(value) == value
