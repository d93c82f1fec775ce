"""The difference between two worlds: exact, whole, and none between equals."""

import pytest

from simulation.differences import compare, operation
from simulation.errors import InvalidArgument
from simulation.snapshots import from_document
from tests.factories import HIDDEN, LAMP, make_document, make_snapshot, sale


def changed(**parts):
    document = make_document()
    for name, value in parts.items():
        document[name] = value
    return from_document(document)


def test_equal_worlds_do_not_differ():
    assert compare(make_snapshot(), make_snapshot()).is_empty


def test_rows_are_added_changed_and_removed():
    rows = make_document()["entities"]
    rows["item"]["table"] = LAMP
    rows["item"]["lamp"] = {**LAMP, "price": 13.0}
    del rows["sale"]["sale-250901-002"]

    found = compare(make_snapshot(), changed(entities=rows))

    assert [(change.entity_type, change.id, operation(change)) for change in found.changes] == [
        ("item", "lamp", "changed"),
        ("item", "table", "added"),
        ("sale", "sale-250901-002", "removed"),
    ]
    assert found.changes[0].fields == [("price", 12.5, 13.0)]
    assert found.counts["item"] == {"added": 1, "changed": 1}


def test_rows_after_the_clock_are_compared_too():
    rows = make_document()["entities"]
    rows["sale"][HIDDEN] = sale("somebody else", at="2025-09-15T19:00:00.5Z")

    (change,) = compare(make_snapshot(), changed(entities=rows)).changes

    assert change.id == HIDDEN


def test_another_clock_agent_and_prompt_are_differences():
    after = changed(
        now="2025-09-16T19:00:00Z", agentEmployeeId="ada", systemPrompts={"clerk": "Be kind."}
    )

    found = compare(make_snapshot(), after)

    assert [fact.name for fact in found.facts] == ["agent", "clock"]
    assert [(prompt.name, prompt.before, prompt.after) for prompt in found.prompts] == [
        ("clerk", "", "Be kind.")
    ]
    # the row that was hidden is seen now, but it is the same row
    assert found.changes == ()


def test_worlds_of_two_companies_cannot_be_compared():
    other = from_document(
        {"environment": "corecraft", "now": "2025-09-15T19:00:00Z", "entities": {}}
    )

    with pytest.raises(InvalidArgument, match="two of one company"):
        compare(make_snapshot(), other)
