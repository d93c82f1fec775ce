"""Checks of a pack: each finds what it is there for, and names nothing that is not to be seen."""

import pytest

from authoring.models import PackTask, Revision, Task
from authoring.packs.checking import Level, check_pack
from authoring.packs.composing import add_tasks, change_pack
from authoring.packs.rules import CHECKS
from tests.authoring.folders import CRITERIA, TASK

pytestmark = pytest.mark.django_db
CHAIR = {"op": "update", "entity_type": "item", "id": "chair", "fields": {"price": 70.0}}
PERSON = {"key": "is-kind", "text": "It is kind.", "check": {"kind": "human"}}
JUDGED = {"key": "is-short", "text": "It is short.", "check": {"kind": "judge"}}
ANYTHING = {
    "key": "clock-ran",
    "text": "The lamp is still there.",
    "points": "important",
    "check": {"kind": "state", "entity_type": "item", "id": "lamp", "exists": True},
}
ONE_LAMP = [*TASK["reference"]]
ONE_LAMP[0] = {"call": "sell", "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 1}}


@pytest.fixture
def found(pack, author, approved):
    """Give what a check says of a pack of these tasks."""

    def look(name: str, by=author):
        problems = check_pack(pack, by=by).problems
        return [(p.text, p.tasks) for p in problems if p.check == name]

    return look


@pytest.fixture
def put(pack, admin_person, approved):
    def make(slug: str, **changes) -> Task:
        task = approved(slug, **changes)
        add_tasks(pack, [slug], by=admin_person)
        return task

    return make


def test_an_empty_pack_cannot_be_frozen(pack, author):
    report = check_pack(pack, by=author)

    assert [p.check for p in report.problems if p.level == Level.ERROR] == ["empty"]
    assert not report.can_freeze


def test_a_good_pack_can_be_frozen(filled, author):
    report = check_pack(filled, by=author)

    assert report.can_freeze
    assert {p.level for p in report.problems} == {Level.WARNING}
    assert {p.check for p in report.problems} <= {"coverage", "split_coverage"}


def test_references_are_played_now(put, found):
    put("lamps", reference=ONE_LAMP)
    put("again")

    ((text, tasks),) = found("reference")

    assert tasks == ("lamps",)
    assert "reference: lamps-left-the-shelf is not_met" in text


def test_retired_tasks_are_refused(put, found):
    put("lamps")
    Task.objects.update(is_retired=True)

    assert found("retired")[0][1] == ("lamps",)


@pytest.mark.parametrize(
    ("state", "check"),
    [("superseded", "newer"), ("withdrawn", "approval"), ("in_review", "approval")],
)
def test_the_chosen_revision_has_to_be_approved(state, check, put, found):
    put("lamps").revisions.update(state=state)

    assert found(check)[0][1] == ("lamps",)
    others = {"newer", "approval"} - {check}
    assert [found(other) for other in others] == [[]]


def test_a_world_that_is_not_there_is_named(put, found, author):
    task = put("lamps")
    task.revisions.update(state="superseded")
    content = {**task.draft.content, "world": "gone@3"}
    there_is_none = Revision.objects.create(
        task=task, number=2, content=content, hash="x", author=author, state="approved"
    )
    PackTask.objects.update(revision=there_is_none)

    assert found("world") == [("There is no published world gone@3.", ("lamps",))]


def test_equal_tasks_are_an_error_and_like_prompts_a_warning(put, found):
    put("lamps")
    put("twin", prompt="Sell dee two lamps and mark the sale as paid.")
    put("like", prompt="Sell dee two lamps and mark that sale as paid.")
    put("again")

    assert found("duplicates")[0][1] == ("lamps", "twin")
    assert found("near_duplicates")[0][1] == ("lamps", "like", "twin")


def test_families_may_be_alike(put, found):
    put("lamps", family="selling")
    put("like", prompt="Sell dee two lamps and mark that sale as paid.", family="selling")

    assert found("near_duplicates") == []


def test_held_out_prompts_are_unlike_those_of_train(put, found, pack, author, admin_person):
    put("lamps", split="train")
    put("like", prompt="Sell dee two lamps and mark that sale as paid.", split="heldout")
    put("again", split="test")

    assert found("held_out_alike", by=admin_person)[0][1] == ("like", "lamps")
    assert found("held_out_alike") == [
        (
            "Among what you may not see: 1 held-out task whose prompt is nearly that of a train"
            " task.",
            (),
        )
    ]
    assert not check_pack(pack, by=author).can_freeze


def test_rows_that_train_tasks_use_too_are_a_warning(put, found, admin_person):
    put("lamps", split="train", setup=[CHAIR])
    put("again", split="heldout", setup=[CHAIR])

    ((text, tasks),) = found("held_out_rows", by=admin_person)

    assert tasks == ("again", "lamps")
    assert "item chair and item lamp" in text
    assert "chair" not in str(found("held_out_rows"))


def test_people_decide_nothing_in_training(put, found, pack, author):
    put("lamps", rubric=[*CRITERIA, PERSON])

    assert found("human_criteria") == []
    change_pack(pack, {"is_for_training": True}, by=author)
    pack.refresh_from_db()
    assert found("human_criteria")[0][1] == ("lamps",)


def test_judge_criteria_without_a_judge_are_noted(put, found, pack, author):
    put("lamps", rubric=[*CRITERIA, JUDGED])

    assert found("judge_criteria")[0][1] == ("lamps",)
    assert check_pack(pack, by=author).can_freeze


def test_rewards_for_nothing_are_a_warning(put, found):
    put("lamps", rubric=[*CRITERIA, ANYTHING])

    ((text, tasks),) = found("trivial_reward")
    assert tasks == ("lamps",)
    assert "gets a reward of 0.40 for nothing" in text


def test_empty_cells_and_splits_are_warnings(put, found):
    put("lamps", difficulty="hard", split="train")
    put("again", split="test")

    texts = [text for text, _ in found("coverage")]
    assert "No task of multi step workflow is medium." in texts
    assert "No task of communication is easy, medium or hard." in texts
    assert [text for text, _ in found("split_coverage")] == [
        "The split train lacks 1 kind of tasks that the pack has: multi step workflow (easy).",
        "The split test lacks 1 kind of tasks that the pack has: multi step workflow (hard).",
        "The split heldout has no tasks.",
    ]


def test_sizes_that_cannot_be_met_are_an_error(filled, author):
    change_pack(filled, {"sizes": {"heldout": 9}}, by=author)
    filled.refresh_from_db()

    report = check_pack(filled, by=author)

    assert [p.check for p in report.problems if p.level == Level.ERROR] == ["sizes"]
    assert report.splits == {"train": 0, "test": 0, "heldout": 0}


def test_the_report_counts_cells_splits_and_what_is_newly_held_out(filled, author):
    Task.objects.filter(slug="lamps").update(split="heldout")
    change_pack(filled, {"sizes": {"heldout": 3, "test": 0}}, by=author)
    filled.refresh_from_db()

    report = check_pack(filled, by=author)

    assert report.splits == {"train": 1, "test": 0, "heldout": 3}
    assert (report.new_held_out, report.unseen) == (2, 1)
    cells = {(c.category, c.difficulty, c.split): c.tasks for c in report.cells}
    assert len(cells) == 36
    assert cells["multi_step_workflow", "easy", "heldout"] == 3
    assert sum(cells.values()) == 4


def test_a_family_that_has_a_split_elsewhere_gives_it_to_new_members(put, pack, approved, author):
    approved("elsewhere", family="selling", split="test")
    put("lamps", family="selling")

    assert check_pack(pack, by=author).splits == {"train": 0, "test": 1, "heldout": 0}


def test_a_family_that_is_torn_apart_elsewhere_is_named(put, found, approved):
    approved("one", family="selling", split="test")
    approved("two", family="selling", split="train")
    put("lamps", family="selling")

    assert "Lamps: its family selling is in test and train already" in found("sizes")[0][0]


def test_checking_costs_as_many_queries_for_many_as_for_few(
    put, author, pack, django_assert_num_queries
):
    for slug in ("lamps", "again", "third"):
        put(slug)
    with django_assert_num_queries(5):
        check_pack(pack, by=author)
    with django_assert_num_queries(4):  # played and known: contents are not read again
        check_pack(pack, by=author)


def test_every_check_has_a_name_and_says_what_it_is_about():
    assert all(check.about and name.isidentifier() for name, check in CHECKS.items())
