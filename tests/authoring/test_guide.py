"""The guide: every page is there, and what it shows comes from the parts themselves."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from authoring.guide.pages import PARTS, TEXTS, _rule, read_rewritings
from authoring.lint import RULES
from grading.graders import GRADERS, read_check


@pytest.fixture
def read(charlie):
    client = Client()
    client.force_login(charlie)

    def get(name, *args):
        answer = client.get(reverse(f"guide:{name}", args=args))
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_every_part_is_reached_from_every_other(read):
    pages = {name: read(name) for name, _ in PARTS}

    for html in pages.values():
        for name, _ in PARTS:
            assert f'href="{reverse(f"guide:{name}")}"' in html
    assert {f.stem for f in TEXTS.glob("*.md")} == {
        "good-task", "criteria", "checks", "lint", "review", "keys",
    }  # fmt: skip


def test_the_first_page_shows_a_good_task(read):
    html = read("index")

    assert "<h1>A good task</h1>" in html
    assert "recall" in html
    assert "<blockquote>" in html


def test_ten_criteria_stand_before_and_after(read):
    html = read("criteria")

    rows = read_rewritings()
    assert len(rows) == 10
    assert len({row.before for row in rows} | {row.after for row in rows}) == 20
    assert all(row.why and row.rules for row in rows)
    assert html.count("rewriting-before") == html.count("rewriting-after") == 10
    assert f"{reverse('guide:lint')}#C06" in html


@pytest.mark.parametrize("kind", GRADERS)
def test_each_kind_of_check_has_a_page_of_its_own_words(kind, read):
    html = read("check", kind)

    example = read_check(dict(GRADERS[kind].EXAMPLE))
    assert re.sub(r"\s+", " ", example.sentence())[:20].split("“")[0] in html
    assert 'aria-current="page"' in html


def test_a_kind_that_there_is_not_is_not_found(charlie):
    client = Client()
    client.force_login(charlie)

    assert client.get("/guide/checks/magic/").status_code == 404


def test_every_rule_of_lint_has_an_anchor(read):
    html = read("lint")

    for name in RULES:
        assert f'id="{name}"' in html


def test_a_rule_is_shown_in_the_words_of_its_docstring(monkeypatch):
    def rule(scene):
        """X01: one requirement
        only.

        **Two** demands cannot be decided as one.
        """

    monkeypatch.setitem(RULES._parts, "X01", rule)

    card = _rule("X01")

    assert (card.name, card.title) == ("X01", "one requirement only.")
    assert "<strong>Two</strong> demands" in card.about
