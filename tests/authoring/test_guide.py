"""The guide: every page is there, and what it shows comes from the parts themselves."""

import re

import pytest
from django.urls import reverse

from authoring.content import DraftContent
from authoring.drafts.scene import scene_of
from authoring.guide.pages import PARTS, TEXTS, _rule, read_rewritings
from authoring.lint import RULES, Severity, lint
from grading.graders import GRADERS, read_check
from tests.authoring.tasks import content_of
from tests.factories import signed_in


@pytest.fixture
def read(charlie):
    client = signed_in(charlie)

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
    client = signed_in(charlie)

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


def told(world, text, points):
    """Give what lint says of a criterion that a judge decides, by rule."""
    check = {"kind": "judge", "question": text}
    criterion = {"key": "it", "text": text, "points": points, "check": check}
    prompt = "Look after what Keziah Laurent and Adrian Traore wrote, and report."
    rubric = {"criteria": [criterion]}
    content = DraftContent.model_validate(content_of(world, prompt=prompt, rubric=rubric))
    found = lint(scene_of(content))
    return {each.rule: each.severity for each in found if each.place == "criterion/it"}


@pytest.mark.parametrize("row", read_rewritings(), ids=lambda row: row.before)
def test_lint_tells_off_each_criterion_before_and_blocks_none_after(row, store_world):
    is_harm = "other than" in row.after

    before = told(store_world, row.before, 1)
    after = told(store_world, row.after, -2 if is_harm else 1)

    assert before.keys() & set(row.rules)
    errors = {rule for rule, severity in after.items() if severity == Severity.ERROR}
    assert not errors - {"C14"}  # the rows that it names are of the other company
