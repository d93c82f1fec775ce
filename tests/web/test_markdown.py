"""Markdown of agents is shown, never executed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.markdown import LONGEST, render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and `code`", "<strong>bold</strong> and <code>code</code>"),
        ("# Title", "<strong>Title</strong>"),
        ("- one\n- two", "<li>one</li>"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("~~old~~", "<s>old</s>"),
        ("[a](https://example.com)", 'rel="noopener nofollow noreferrer"'),
    ],
)
def test_what_people_write_is_rendered(text, html):
    assert html in render(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://tracker.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://a" onclick="alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "<style>body{display:none}</style>",
        "x" * (LONGEST + 1) + "<script>",
    ],
)
def test_nothing_that_acts_survives(text):
    html = render(text)

    for forbidden in ("<script", "<img", "<svg", "<style", '<a href="java', '<a href="data'):
        assert forbidden not in html


@given(st.text(max_size=300))
def test_any_text_gives_only_known_elements(text):
    import re

    from simulation.markdown import TAGS

    assert set(re.findall(r"</?([a-z0-9]+)", render(text))) <= TAGS
