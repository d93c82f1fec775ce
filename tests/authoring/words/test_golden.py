"""The rules of words against sentences that were labelled by hand."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from authoring.content import read_draft
from authoring.lint import RULES, Finding, Severity
from authoring.lint.golden import (
    BLANK,
    Case,
    GoldenScene,
    Tally,
    known_rules,
    load_cases,
    tallies,
)
from authoring.management.commands.lint_report import (
    LEAST,
    precision,
    recall,
    weak_rules,
)

CASES = load_cases()
ERROR_RULES = ("C01", "C06", "C07", "C08", "C09", "R01", "R03", "R14")
# What an expert would be told wrongly, or not be told, must stay as rare as it is.
LEAST_RECALL = 0.85


@pytest.fixture(scope="module")
def tallied() -> dict[str, Tally]:
    return tallies(CASES, known_rules())


@pytest.fixture(scope="module")
def held_out() -> dict[str, Tally]:
    return tallies([case for case in CASES if case.held_out], known_rules())


def test_there_are_enough_sentences_and_a_part_of_them_is_held_out() -> None:
    assert len(CASES) >= 600
    assert sum(case.held_out for case in CASES) >= 150


def test_no_sentence_is_labelled_twice() -> None:
    names = Counter((case.name, case.scene.content.hash, case.scene.snapshot) for case in CASES)
    assert [name for name, number in names.items() if number > 1] == []


@pytest.mark.parametrize("rule", ERROR_RULES)
def test_a_rule_that_blocks_is_right_nine_times_in_ten(
    rule: str, tallied: dict[str, Tally]
) -> None:
    for name in (rule, f"{rule}!"):
        share = precision(tallied[name])
        assert share
        assert share.value >= LEAST, tallied[name].false


@pytest.mark.parametrize("rule", ERROR_RULES)
def test_a_rule_that_blocks_finds_what_it_is_for(rule: str, tallied: dict[str, Tally]) -> None:
    share = recall(tallied[rule])
    assert share
    assert share.value >= LEAST_RECALL, tallied[rule].missed


@pytest.mark.parametrize("rule", known_rules())
def test_every_rule_has_cases_for_it_and_against_it(rule: str) -> None:
    judged = [case for case in CASES if rule.startswith(case.judged)]
    positive = sum(rule in case.expected for case in judged)
    assert positive >= (10 if rule in ERROR_RULES else 4)
    assert len(judged) - positive >= 10


def test_the_rules_do_on_held_out_sentences_what_they_do_on_the_others(
    held_out: dict[str, Tally],
) -> None:
    right = sum(tally.right for tally in held_out.values())
    false = sum(len(tally.false) for tally in held_out.values())
    missed = sum(len(tally.missed) for tally in held_out.values())
    assert right / (right + false) >= LEAST
    assert right / (right + missed) >= LEAST


def test_every_rule_says_why_it_is_there() -> None:
    assert [rule for rule in known_rules() if not (RULES[rule].__doc__ or "").strip()] == []


def test_findings_quote_the_text_as_it_stands() -> None:
    for case in CASES:
        texts = {f"criterion/{c.key}": c.text for c in case.scene.content.rubric.criteria}
        texts["prompt"] = case.scene.content.prompt
        for finding in _word_findings(case):
            if finding.rule != "C22":
                assert finding.words in texts.get(finding.place, ""), finding


def test_every_offer_is_a_criterion_that_can_be_kept_and_differs() -> None:
    for case in CASES:
        for finding in _word_findings(case):
            rewrite = finding.rewrite
            assert rewrite
            assert rewrite.label
            assert rewrite.value or rewrite.values or rewrite.url
            offered = rewrite.values or ((rewrite.value,) if rewrite.value else ())
            assert not offered or _is_rubric(offered), finding
            was = {c.key: c.model_dump(mode="json") for c in case.scene.content.rubric.criteria}
            assert [*offered] != [was.get(rewrite.path.removeprefix("rubric/"))], finding


def test_a_rule_that_says_nothing_right_is_reported_as_weak() -> None:
    wrong = Case("clean", GoldenScene(read_draft(BLANK), None, ""), frozenset(), ("C",))
    weak = Tally(right=8, false=["one"] * 2)
    fine = Tally(right=9, false=["one"])
    assert weak_rules({"C07": weak, "C07!": fine, "C02": weak}) == ["C07"]
    assert tallies([wrong], ["C07"]) == {}


def test_the_report_lists_rules_misses_and_the_part_that_is_held_out() -> None:
    out = StringIO()
    call_command("lint_report", "--verbose", stdout=out)
    assert f"{len(CASES)} cases" in out.getvalue()
    assert "held out" in out.getvalue()
    assert "false: " in out.getvalue() or "missed: " in out.getvalue()


def test_the_report_can_be_read_by_machines() -> None:
    out = StringIO()
    call_command("lint_report", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["cases"] == len(CASES)
    assert report["rules"]["all"]["C07!"]["precision"]["low"] > 0.5


def test_the_report_fails_when_a_blocking_rule_is_wrong_too_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "C07" in RULES  # all rules are there before one is exchanged
    monkeypatch.setitem(RULES._parts, "C07", _always_wrong)
    with pytest.raises(CommandError, match="C07"):
        call_command("lint_report", stdout=StringIO())


def _always_wrong(scene: GoldenScene) -> list[Finding]:
    return [
        Finding(rule="C07", severity=Severity.ERROR, place=f"criterion/{each.key}", why="Wrong.")
        for each in scene.content.rubric.criteria
    ]


def _word_findings(case: Case) -> list[Finding]:
    rules = [rule for rule in known_rules() if rule.startswith(case.judged)]
    return [finding for rule in rules for finding in RULES[rule](case.scene)]


def _is_rubric(offered: tuple[object, ...]) -> bool:
    content = read_draft({**BLANK, "rubric": {"criteria": list(offered)}})
    return len(content.rubric.criteria) == len(offered)
