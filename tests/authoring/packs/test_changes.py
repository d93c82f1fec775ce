"""The changelog: in which parts a task differs, and whether rewards may be set side by side."""

from typing import Any

import pytest

from authoring.content import TaskContent
from authoring.models import PackEntry, Revision
from authoring.packs.changes import FIELDS, PARTS, changes_between, differing_parts
from tests.authoring.packs.versions import make_version
from tests.authoring.tasks import content_of, make_revision, make_task

pytestmark = pytest.mark.django_db
LAMP = {"op": "update", "entity_type": "item", "id": "lamp", "fields": {"price": 9.5}}
OTHERS: dict[str, tuple[str, Any]] = {
    "prompt": ("prompt", "Another prompt."),
    "asker": ("prompt", {"type": "customer", "id": "dee"}),
    "mode": ("prompt", "copilot"),
    "customer": ("prompt", {"kind": "script", "replies": ["Yes."]}),
    "system_prompt": ("prompt", "other"),
    "setup": ("setup", [LAMP]),
    "toolset": ("tools", "all"),
    "max_results": ("tools", 3),
    "budgets": ("tools", {"max_turns": 3}),
    "faults": ("tools", {"error_rate": 0.1}),
    "rubric": ("rubric", {"criteria": []}),
    "world": ("world", "store@2"),
    "reference": ("reference", [{"message": "Done."}]),
    "near_misses": ("reference", [{"name": "Nothing", "solution": []}]),
    "title": ("labels", "Another title"),
    "category": ("labels", "communication"),
    "difficulty": ("labels", "hard"),
    "target_level": ("labels", 3),
    "tags": ("labels", ["new"]),
    "notes": ("labels", "Why it is hard."),
}


def test_every_field_of_a_task_belongs_to_one_part():
    fields = [name for part in PARTS for name in FIELDS[part]]

    assert sorted(fields) == sorted(TaskContent.model_fields) == sorted(OTHERS)


@pytest.mark.parametrize("name", OTHERS)
def test_a_field_that_differs_names_its_part_alone(name, store_world):
    part, other = OTHERS[name]
    content = content_of(store_world)

    assert differing_parts(content, {**content, name: other}) == (part,)


@pytest.fixture
def entries(author, store_world):
    """Give versions of a pack in which the task has these revisions."""
    task = make_task(author, store_world)

    def make(number: int, *revisions: Revision):
        version = make_version(author, number=number)
        PackEntry.objects.bulk_create(
            PackEntry(version=version, task=r.task, revision=r, split="train") for r in revisions
        )
        return version

    return task, make


def test_other_labels_leave_rewards_comparable_and_another_setup_does_not(entries, author):
    task, version = entries
    first = make_revision(task)
    relabelled = make_revision(task, tags=["new"])
    harder = make_revision(task, setup=[LAMP], prompt="Sell dee two cheaper lamps.")
    one, two, three = version(1, first), version(2, relabelled), version(3, harder)

    (labels,) = changes_between(one, two, by=author)
    (both,) = changes_between(two, three, by=author)

    assert (labels.before, labels.after, labels.parts) == (1, 2, ("labels",))
    assert (labels.comparable, labels.why) == (True, "")
    assert (both.parts, both.comparable) == (("prompt", "setup"), False)
    assert both.why == (
        "Prompt and setup differ between revisions 2 and 3: their rewards do not measure the same."
    )


def test_what_only_one_version_has_is_added_or_removed(entries, author):
    task, version = entries
    empty, one = version(1), version(2, make_revision(task))

    added, removed = (
        changes_between(old, new, by=author)[0] for old, new in ((empty, one), (one, empty))
    )

    assert (added.kind, added.before, added.after, added.comparable) == ("added", None, 1, False)
    assert (removed.kind, removed.before, removed.after) == ("removed", 1, None)
    assert changes_between(None, one, by=author)[0].kind == "added"
    assert changes_between(one, one, by=author) == []
