"""Tasks come from folders: read whole, checked whole, stored once."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from authoring.loading import load_tasks
from authoring.models import Draft, Revision, Task
from simulation.errors import InvalidArgument, Problems
from simulation.models import World
from tests.authoring.folders import CRITERIA, PROMPT, make_task_folder

pytestmark = pytest.mark.usefixtures("store_world")


def test_a_folder_becomes_task_draft_and_first_revision(tmp_path: Path, author: User):
    make_task_folder(tmp_path)

    (loaded,) = load_tasks(tmp_path, owner=author)

    assert loaded.is_new
    assert str(loaded.revision) == "sell-lamps@1"
    assert loaded.revision.value.prompt == PROMPT
    assert loaded.revision.value.rubric.criteria[0].points == 2
    assert loaded.revision.task.draft.content == loaded.revision.content


def test_loading_twice_changes_nothing(tmp_path: Path, author: User):
    make_task_folder(tmp_path)
    load_tasks(tmp_path, owner=author)
    version = Draft.objects.get().version

    (again,) = load_tasks(tmp_path, owner=author)

    assert not again.is_new
    assert (Task.objects.count(), Revision.objects.count()) == (1, 1)
    assert Draft.objects.get().version == version


def test_changed_content_cuts_the_next_revision_and_moves_the_draft(tmp_path: Path, author: User):
    folder = make_task_folder(tmp_path)
    load_tasks(tmp_path, owner=author)
    (folder / "prompt.md").write_text("Sell dee two lamps. Mark it as paid, please.")

    (again,) = load_tasks(tmp_path, owner=author)

    assert again.revision.number == 2
    assert Draft.objects.get().version == 2


def test_every_problem_of_every_file_is_named_at_once_and_nothing_is_loaded(
    tmp_path: Path, author: User
):
    make_task_folder(tmp_path, "good-one")
    make_task_folder(tmp_path, "bad-one", category="cooking", difficulty=None, colour="red")
    make_task_folder(tmp_path, "worse-one", world="moon@1")

    with pytest.raises(Problems) as raised:
        load_tasks(tmp_path, owner=author)

    said = "\n".join(raised.value.problems)
    assert "bad-one/task.yaml: category:" in said
    assert "multi_step_workflow" in said
    assert "bad-one/task.yaml: difficulty:" in said
    assert "bad-one/task.yaml: colour:" in said
    assert "worse-one/task.yaml: there is no published world 'moon@1'" in said
    assert not Task.objects.exists()


MISFITS = {
    "a prompt the world lacks": ({"system_prompt": "poet"}, "system_prompt 'poet'"),
    "an unknown tool": (
        {"reference": [{"call": "fly", "arguments": {}}, {"message": "x"}]},
        "toolset default has no 'fly'",
    ),
    "an unknown toolset": ({"toolset": "magic"}, "toolset 'magic'"),
    "somebody who is not there": (
        {"asker": {"type": "employee", "id": "nobody"}},
        "has no employee 'nobody'",
    ),
    "a setup that does not apply": (
        {"setup": [{"op": "update", "entity_type": "item", "id": "sofa", "fields": {}}]},
        "setup 1: there is no item 'sofa'",
    ),
    "a reference without a last message": (
        {"reference": [{"call": "sell", "arguments": {}}]},
        "exactly one message",
    ),
    "no criteria": ({"rubric": []}, "rubric.criteria"),
    "two criteria with one key": ({"rubric": [CRITERIA[0], CRITERIA[0]]}, "sale-is-paid"),
    "points of nothing": ({"rubric": [{**CRITERIA[0], "points": 0}]}, "never 0"),
    "a check of no known kind": (
        {"rubric": [{**CRITERIA[0], "check": {"kind": "vibes"}}]},
        "check.kind 'vibes'",
    ),
    "a check on a field that is not there": (
        {
            "rubric": [
                {
                    **CRITERIA[1],
                    "check": {**CRITERIA[1]["check"], "expect": [{"path": "mass", "value": 1}]},
                }
            ]
        },
        "mass",
    ),
}


@pytest.mark.parametrize(("changes", "said"), MISFITS.values(), ids=MISFITS)
def test_what_does_not_fit_is_refused_with_its_place(changes, said, tmp_path: Path, author: User):
    make_task_folder(tmp_path, **changes)

    with pytest.raises(Problems) as raised:
        load_tasks(tmp_path, owner=author)

    assert said in raised.value.message
    assert raised.value.message.startswith("sell-lamps/task.yaml: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [unclosed", "not valid YAML"),
        ("- a list", "no mapping"),
        ("", "no mapping"),
        ("prompt: here\nrubric: []", "write it in prompt.md"),
        ("!!python/object/apply:os.system ['true']", "not valid YAML"),
        ("&a [*a, *a]", "no mapping"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(text, said, tmp_path: Path, author: User):
    folder = make_task_folder(tmp_path)
    (folder / "task.yaml").write_text(text)

    with pytest.raises(Problems, match="sell-lamps") as raised:
        load_tasks(tmp_path, owner=author)

    assert said in raised.value.message


def test_dates_and_words_stay_text(tmp_path: Path, author: User):
    make_task_folder(tmp_path, title="no", tags=["2025-09-01", "yes", "on"])

    (loaded,) = load_tasks(tmp_path, owner=author)

    assert loaded.revision.value.title == "no"
    assert loaded.revision.value.tags == ("2025-09-01", "yes", "on")


def test_an_empty_folder_is_an_error_that_names_what_is_expected(tmp_path: Path, author: User):
    with pytest.raises(InvalidArgument, match=r"no task\.yaml"):
        load_tasks(tmp_path, owner=author)


def test_the_result_of_a_query_is_frozen_into_the_revision(
    tmp_path: Path, author: User, store_world: World
):
    query = {"entity_type": "item", "measure": {"sum": "inStock"}}
    check = {
        "kind": "state",
        "entity_type": "item",
        "id": "lamp",
        "expect": [{"path": "inStock", "op": "lte", "value": {"query": query}}],
    }
    make_task_folder(tmp_path, rubric=[{**CRITERIA[0], "check": check}])

    (loaded,) = load_tasks(tmp_path, owner=author)

    frozen = loaded.revision.content["rubric"]["criteria"][0]["check"]["expect"][0]["value"]
    assert frozen["value"] == 12
