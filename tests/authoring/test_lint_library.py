"""Lint in the full company: the shipped tasks are free of errors, and what is spoilt is found."""

from collections.abc import Callable
from typing import Any

import pytest

from authoring.content import DraftContent
from authoring.drafts.cutting import complete_content
from authoring.drafts.scene import scene_of
from authoring.lint import Severity, lint
from authoring.lint.data.reach import types_in_reach
from authoring.loading import LIBRARY, read_task
from simulation.environments import environment
from simulation.models import World

OURS = {"C14", "C15", "C16", "R08", "R09"}
Data = dict[str, Any]


@pytest.fixture
def tasks(corecraft: World) -> dict[str, Data]:
    """The shipped tasks as documents, bound to their world."""
    folders = sorted(file.parent for file in LIBRARY.glob("corecraft/*/task.yaml"))
    contents = {folder.name: read_task(folder).model_dump(mode="json") for folder in folders}
    drafts = {slug: DraftContent.model_validate(data) for slug, data in contents.items()}
    return {slug: complete_content(d).model_dump(mode="json") for slug, d in drafts.items()}


def errors(data: Data) -> set[str]:
    findings = lint(scene_of(DraftContent.model_validate(data)))
    return {f.rule for f in findings if f.severity == Severity.ERROR} & OURS


def criterion(data: Data, key: str) -> Data:
    found: Data = next(c for c in data["rubric"]["criteria"] if c["key"] == key)
    return found


def put(data: Data, key: str, **members: Any) -> Data:
    criterion(data, key).update(members)
    return data


def stock_is_asked(data: Data) -> Data:
    query = {"entity_type": "inventory_level", "measure": {"sum": "onHand"}}
    return put(
        data, "list-price", check={"kind": "response", "number": {"value": {"query": query}}}
    )


def with_all_tools(data: Data) -> Data:
    return {**stock_is_asked(data), "toolset": "all"}


SPOILT: list[tuple[str, str, Callable[[Data], Data]]] = [
    ("misfiled-return", "C14", lambda d: put(d, "order-reported", text="@order:ord-250824-099.")),
    ("misfiled-return", "C15", lambda d: put(d, "amount-told", text="The message gives $59.95.")),
    ("misfiled-return", "R08", lambda d: {**d, "reference": d["reference"][-1:]}),
    ("misfiled-return", "C14", lambda d: {**d, "asker": {"type": "employee", "id": "nobody"}}),
    ("misfiled-return", "C14", lambda d: {**d, "setup": d["setup"][1:]}),
    (
        "recall-customers",
        "C15",
        lambda d: put(d, "number-of-customers", text="It gives 17 as the number."),
    ),
    ("recall-customers", "C15", lambda d: _frozen(d, "number-of-customers", 17)),
    (
        "deny-late-return",
        "C15",
        lambda d: put(d, "last-day", text="The message gives September 15, 2025."),
    ),
    (
        "deny-late-return",
        "C16",
        lambda d: put(d, "rule-named", text="It says what the author's notes say."),
    ),
    ("cheapest-upgrade-in-stock", "C16", stock_is_asked),
    (
        "cheapest-upgrade-in-stock",
        "R09",
        lambda d: {**d, "rubric": {"criteria": [criterion(d, "nothing-changed")]}},
    ),
    (
        "cheapest-upgrade-in-stock",
        "C15",
        lambda d: put(d, "list-price", text="The answer gives the list price, $439.00."),
    ),
]


def _frozen(data: Data, key: str, value: Any) -> Data:
    criterion(data, key)["check"]["number"]["value"]["value"] = value
    return data


def test_shipped_tasks_have_no_errors_and_spoilt_ones_have(tasks):
    found = {slug: errors(data) for slug, data in tasks.items()}
    assert found == {slug: set() for slug in tasks}

    missed = [
        (slug, rule, number)
        for number, (slug, rule, spoil) in enumerate(SPOILT)
        if rule not in errors(spoil(_copy(tasks[slug])))
    ]
    assert missed == []
    assert "C16" not in errors(with_all_tools(_copy(tasks["cheapest-upgrade-in-stock"])))


def _copy(data: Data) -> Data:
    return DraftContent.model_validate(data).model_dump(mode="json")


def test_what_tools_reach_is_found_in_the_tools():
    company = environment("corecraft")
    kinds = set(company.entity_types)

    assert kinds - types_in_reach(company, "default") == {
        "compatibility_rule",
        "inventory_level",
        "warranty_claim",
    }
    assert kinds - types_in_reach(company, "all") == {"compatibility_rule"}
    assert types_in_reach(company, "nothing") == frozenset()
