"""Rules about data and runs: what they find, and what they leave alone."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from authoring.content import DraftContent
from authoring.drafts.scene import Scene, scene_of
from authoring.lint import Finding, Severity, lint
from authoring.lint.data import trials
from simulation.models import World
from simulation.text import canonical
from tests.authoring.lint_cases import (
    CASES,
    LEFT,
    PAID,
    PAY,
    SALE_1,
    SELL,
    TABLES,
    answer,
    create,
    row,
    rubric,
    says,
    state,
    untouched,
)
from tests.authoring.tasks import content_of
from tests.factories import CHAIR, LAMP, STORE, make_world

PROMPTS = {"clerk": "You are a clerk. The return window is 30 days."}
ITEMS = {
    "lamp": LAMP,
    "chair": CHAIR,
    "desk-lamp": {"name": "Desk Lamp", "price": 30.0, "inStock": 4},
    "desk-lamp-2": {"name": "Desk Lamp", "price": 31.0, "inStock": 4, "note": "brass"},
    "floor-lamp": {"name": "Floor Lamp", "price": 40.0, "inStock": 4},
}


@pytest.fixture
def world(author):
    entities = {**STORE, "item": ITEMS}
    return make_world(entities, owner=author, slug="store", version=1, prompts=PROMPTS)


def scene(world: World, **changes: Any) -> Scene:
    return scene_of(DraftContent.model_validate(content_of(world, **changes)))


def found(world: World, rule: str, **changes: Any) -> list[Finding]:
    return [finding for finding in lint(scene(world, **changes)) if finding.rule == rule]


@pytest.mark.parametrize("rule", TABLES)
def test_errors_are_found_where_they_are_and_nowhere_else(rule, world):
    wrong = [
        (name, [finding.why for finding in errors])
        for of, is_error, name, changes in CASES
        if of == rule
        if bool(errors := _errors(world, rule, changes)) != is_error
    ]

    assert wrong == []


def _errors(world: World, rule: str, changes: dict[str, Any]) -> list[Finding]:
    return [f for f in found(world, rule, **changes) if f.severity == Severity.ERROR]


def test_each_rule_has_eight_cases_of_each_kind():
    counts = Counter((rule, is_error) for rule, is_error, _, _ in CASES)

    assert min(counts[rule, is_error] for rule in TABLES for is_error in (True, False)) >= 8


def test_the_example_itself_is_free_of_errors(world):
    assert not [f for f in lint(scene(world)) if f.severity == Severity.ERROR]


NAMES = [
    ("Sell dee a Desk Lamp.", {}, ["2 items are called Desk Lamp: desk-lamp and desk-lamp-2."]),
    ("Sell dee a Desk Lamp, the brass one.", {}, []),
    ("Sell dee the Desk Lamp desk-lamp-2.", {}, []),
    ("Sell dee a desk lamp.", {}, []),
    ("Sell dee a Floor Lamp.", {}, []),
    (
        "Sell dee a lamp.",
        row("The Desk Lamp is left.", "item", "lamp", "inStock", 8),
        ["2 items are called Desk Lamp: desk-lamp and desk-lamp-2."],
    ),
    (
        "Sell dee a lamp.",
        row("The Floor Lamp stays.", "item", "lamp", "inStock", 8),
        ["Floor Lamp is item floor-lamp: with its id"],
    ),
    ("Sell dee a lamp.", row("The Floor Lamp stays.", "item", "floor-lamp", "inStock", 4), []),
    ("Sell dee a lamp.", row("The Desk Lamp stays.", "item", "desk-lamp", "inStock", 4), []),
]


@pytest.mark.parametrize(("prompt", "changes", "whys"), NAMES)
def test_a_name_means_one_row(prompt, changes, whys, world):
    named = found(world, "C14", prompt=prompt, **changes)

    assert len(named) == len(whys)
    assert all(f.why.startswith(why) for f, why in zip(named, whys, strict=True))
    assert all(f.severity != Severity.ERROR for f in named)


LEAKS = [
    ("Sell two lamps for $25.00.", says("The total.", money={"value": 25}), True),
    ("Sell two lamps.", says("The total.", money={"value": 25}), False),
    (f"Sell it like {SALE_1}.", says("It.", entity={"entity_type": "sale", "id": SALE_1}), True),
    ("Sell two lamps.", says("It.", text={"all_of": ["lamps"]}), False),
    ("Say “All is well at the shop”.", says("It.", text={"all_of": ["all is well at"]}), True),
    ("There were 3 sales.", says("It.", number={"value": 3, "near": ["sales"]}), True),
    ("Take 8 of them.", says("It.", number={"value": 8}), False),
    ("Sell two lamps for $25.00.", says("Harm.", -2, money={"value": 25}), False),
    ("Sell two lamps.", says("The window.", text={"all_of": ["30 days"]}), False),
]


@pytest.mark.parametrize(("prompt", "criterion", "is_leaked"), LEAKS)
def test_what_is_to_be_found_out_does_not_stand_in_the_prompt(prompt, criterion, is_leaked, world):
    leaks = found(world, "C17", prompt=prompt, **rubric(PAID, criterion))

    assert bool(leaks) == is_leaked


DEMANDS = [
    ("Sell dee two lamps and mark the sale as paid.", []),
    ("Sell dee two lamps. Send a letter to the mayor.", ["Send a letter to the mayor."]),
    ("Sell dee two lamps.\n\n1. Mark the sale\n2. Water every plant", ["Water every plant"]),
    ("Could you please describe the weather? Sell dee two lamps.", []),  # a question is no demand
    ("Sell dee two lamps. The mayor was here.", []),
    ("Please send the mayor a poem.", ["Please send the mayor a poem."]),
    ("Sell dee @item:chair and two lamps.", ["@item:chair"]),
    ("Sell dee @item:lamp.", []),
]


@pytest.mark.parametrize(("prompt", "words"), DEMANDS)
def test_what_the_prompt_asks_for_is_looked_at(prompt, words, world):
    assert [f.words for f in found(world, "R04", prompt=prompt)] == words


def test_a_demand_becomes_a_criterion(world):
    (finding,) = found(world, "R04", prompt="Sell two lamps. Send a letter to the mayor.")

    assert finding.rewrite
    assert finding.rewrite.path == "rubric/send-a-letter-to-the-mayor"


CHANGED = [
    ([PAID], ["The reference changes the inStock of item lamp"]),
    ([PAID, row("Left.", "item", "lamp", "inStock", 8)["rubric"]["criteria"][0]], []),
    (
        [row("Left.", "item", "lamp", "inStock", 8)["rubric"]["criteria"][0]],
        ["The reference makes a new sale"],
    ),
    (
        [says("It.", source={"entity_type": "sale", "field": "buyer"}, text={"all_of": ["dee"]})],
        ["The reference changes the inStock of item lamp"],
    ),
    ([{"key": "kind", "text": "It is right.", "check": {"kind": "judge"}}], []),
    (
        [
            PAID,
            state(
                "Chairs.", entity_type="item", id="chair", expect=[{"path": "inStock", "value": 2}]
            ),
        ],
        ["The reference changes the inStock of item lamp", "This holds before anything is done"],
    ),
]


@pytest.mark.parametrize(("criteria", "whys"), CHANGED)
def test_what_the_reference_changes_is_looked_at(criteria, whys, world):
    told = [
        f.why.replace("in stock", "inStock")
        for f in found(world, "R05", rubric={"criteria": criteria})
    ]

    assert len(told) == len(whys)
    assert all(t.startswith(why) for t, why in zip(told, whys, strict=True))


def test_a_task_that_writes_asks_that_nothing_else_is_changed(world):
    (finding,) = found(world, "R06")
    allow = [{"entity_type": "item"}, {"entity_type": "sale", "created": True}]

    assert finding.rewrite
    assert not found(world, "R06", **rubric(PAID, untouched(*allow)))
    assert not found(world, "R06", reference=[{"message": "There are 3."}])


def test_near_misses_are_there_and_fail(world):
    miss = {"name": "forgets to pay", "solution": [SELL, {"message": "Sold."}]}
    right = {"name": "pays", "solution": [SELL, PAY, {"message": "Sold."}]}

    (missing,) = found(world, "R10")
    assert missing.why.startswith("There is no near-miss")
    assert not found(world, "R10", near_misses=[miss])
    (passing,) = found(world, "R10", near_misses=[miss, right])
    assert "“pays” passes" in passing.why


GUARDS = [
    (says("No refund.", text={"none_of": ["refunded"]}), True),
    (
        state(
            "No void sale.",
            entity_type="sale",
            created=True,
            exists=False,
            expect=[{"path": "status", "value": "void"}],
        ),
        True,
    ),
    (untouched({"entity_type": "item"}, {"entity_type": "sale", "created": True}), False),
    (says("Refused.", -2, text={"all_of": ["refused"]}), False),
    (PAID, False),
]


@pytest.mark.parametrize(("criterion", "is_told"), GUARDS)
def test_a_criterion_does_not_pay_for_doing_nothing(criterion, is_told, world):
    others = [each for each in (PAID,) if each["key"] != criterion["key"]]
    told = found(world, "R09", **rubric(criterion, *others))

    assert [f.severity for f in told] == [Severity.WARNING] * is_told


def test_a_keystroke_in_a_criterion_plays_nothing_again(world):
    first = scene(world)
    lint(first)
    plays = _plays()

    lint(scene(world, rubric={"criteria": [{**PAID, "text": "It is paid."}, LEFT]}))

    assert _plays() == plays


def _plays() -> int:
    """Count the plays there were: whatever is played anew is missed in what is kept."""
    return trials._played.cache_info().misses


def test_what_is_found_twice_is_told_once(world):
    prompt = "Sell @item:x, then @item:x. Water a plant. Water a plant."
    changes = rubric({**PAID, "text": "@item:y is sold.", "note": "See @item:y."})
    findings = lint(scene(world, prompt=prompt, **changes))

    assert len({f.fingerprint for f in findings}) == len(findings)


def test_findings_come_in_the_same_order_each_time(world):
    changes = {
        "prompt": "Sell dee @item:x and a Desk Lamp.",
        "setup": [create("s", replacesId="y")],
    }

    assert lint(scene(world, **changes)) == lint(scene(world, **changes))


def test_rewrites_mend_what_they_are_about(world):
    for changes, rule in (
        (answer("The answer gives $26.00 as the total.", money={"value": 25}), "C15"),
        (row("It is left.", "item", "lampp", "inStock", 8), "C14"),
        (row(f"Sale {SALE_1} has status paid.", "sale", SALE_1, "status", "void"), "C15"),
    ):
        (finding,) = found(world, rule, **changes)
        assert finding.rewrite
        mended = rubric(finding.rewrite.value)
        assert not found(world, rule, **mended)


def test_whatever_is_left_out_of_a_check_lint_goes_on(world):
    checks = [
        criterion["check"]
        for _, _, _, changes in CASES
        for criterion in changes.get("rubric", {}).get("criteria", ())
    ]
    known = {canonical(half): half for check in checks for half in _without_parts(check)}
    halves = list(known.values())

    for start in range(0, len(halves), 80):
        criteria = [
            {**PAID, "key": f"c-{number}", "check": half}
            for number, half in enumerate(halves[start : start + 80])
        ]
        lint(scene(world, **rubric(*criteria)))


def _without_parts(data: Any) -> Iterator[Any]:
    """Copy data with each of its members left out, empty, or of another type in turn."""
    members = data.items() if isinstance(data, dict) else enumerate(data)
    for name, item in list(members):
        rest = [each for each in data if each != name] if isinstance(data, dict) else []
        if isinstance(data, dict):
            yield {each: data[each] for each in rest}
            yield {**data, name: None}
            yield {**data, name: [1]}
        if isinstance(item, dict | list):
            for part in _without_parts(item):
                if isinstance(data, dict):
                    yield {**data, name: part}
                else:
                    yield [*data[:name], part, *data[name + 1 :]]


def test_lint_of_an_unfinished_task_finds_no_errors_of_data(world):
    empty = DraftContent.model_validate({"category": "reasoning", "world": str(world)})
    nowhere = DraftContent.model_validate({"category": "reasoning"})

    for content in (empty, nowhere):
        rules = {f.rule for f in lint(scene_of(content)) if f.severity == Severity.ERROR}
        assert rules.isdisjoint(TABLES)
