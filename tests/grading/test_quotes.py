"""Quotes: whether they stand in a text, and where a page marks them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.quotes import LONGEST, marked_html, marked_text, occurs
from simulation import markdown

TEXTS = ['{"status":"paid","note":"a\\nb"}', "I could not **find** it,\nsorry."]


@pytest.mark.parametrize(
    ("quote", "is_there"),
    [
        ('"status": "paid"', True),
        ("could not find it, sorry", True),
        ("could   not\nfind", True),
        ("status is paid", False),
        ("", False),
        ("  \n", False),
        ("**", False),
        ("Could", False),
    ],
)
def test_spacing_and_signs_of_markdown_make_no_difference(quote, is_there):
    assert occurs(quote, TEXTS) is is_there


@pytest.mark.parametrize(
    ("text", "quotes", "html"),
    [
        ("a b c", ["b"], "a <mark>b</mark> c"),
        ("a b b", ["b"], "a <mark>b</mark> <mark>b</mark>"),
        ("a  b", ["a b"], "<mark>a  b</mark>"),
        ("abcd", ["abc", "bcd"], "<mark>abcd</mark>"),
        ("a &amp; b", ["amp"], "a &amp;<mark>amp</mark>; b"),
        ("a < b", ["lt"], ""),
        ("a < b & c", ["< b &"], "a <mark>&lt; b &amp;</mark> c"),
        ('say "x"', ['"x"'], "say <mark>&quot;x&quot;</mark>"),
        ("<mark>", ["mark"], "&lt;<mark>mark</mark>&gt;"),
        ("a b", ["z"], ""),
        ("a b", [], ""),
        ("a b", [" "], ""),
    ],
)
def test_a_text_is_escaped_and_its_quotes_are_marked(text, quotes, html):
    assert marked_text(text, quotes) == html


def test_marks_stay_between_tags():
    html = markdown.render("I could not **find** it, [see](https://a.example/x>find) now.")

    marked = marked_html(html, ["not find it, see", "find"])

    assert "not </mark><strong><mark>find</mark></strong><mark> it, </mark>" in marked
    assert "><mark>see</mark></a>" in marked
    assert re.sub("</?mark>", "", marked) == html


def test_nothing_is_marked_in_a_text_that_is_too_long():
    assert marked_text("a" * (LONGEST + 1), ["a"]) == ""
    assert marked_html("b" * (LONGEST + 1), ["b"]) == "b" * (LONGEST + 1)


@given(st.text(max_size=60), st.text(max_size=6))
def test_marking_adds_marks_and_nothing_else(text, quote):
    html = markdown.render(text)

    marked = marked_html(html, [quote])

    assert re.sub("</?mark>", "", marked) == html
    assert marked.count("<mark>") == marked.count("</mark>")
