"""Saving a draft part by part: what two people do, what is kept, what is told."""

import datetime as dt

import pytest
from django.utils import timezone

from authoring.content import DraftContent, read_content
from authoring.drafts.cutting import cut_revision, end_sessions
from authoring.drafts.document import fingerprint, new_key, read_part, with_part
from authoring.drafts.saving import SESSION, DraftConflict, Edit, change, save
from authoring.models import Draft, Revision
from simulation.errors import Conflict, InvalidArgument, Problems
from tests.authoring.tasks import content_of, make_revision, make_task


@pytest.fixture
def task(author, store_world):
    return make_task(author, store_world)


def edit(task, path, value, base=None):
    """An edit by somebody who saw the part as it is now, or as `base`."""
    seen = read_part(Draft.objects.get(task=task).content, path) if base is None else base
    return Edit(path=path, value=value, base=fingerprint(seen))


def draft_of(task):
    return Draft.objects.get(task=task)


def test_a_part_is_saved_and_the_version_counts_up(task, author):
    save(task, [edit(task, "prompt", "Sell three.")], by=author)

    assert draft_of(task).content["prompt"] == "Sell three."
    assert draft_of(task).version == 2


def test_the_same_again_changes_nothing(task, author):
    version = draft_of(task).version

    save(task, [edit(task, "prompt", draft_of(task).content["prompt"])], by=author)

    assert draft_of(task).version == version


def test_two_people_on_different_parts_do_not_meet(task, author, admin_person):
    mine, theirs = edit(task, "prompt", "Mine."), edit(task, "title", "Theirs")

    save(task, [theirs], by=admin_person)
    save(task, [mine], by=author)

    assert draft_of(task).content["prompt"] == "Mine."
    assert draft_of(task).content["title"] == "Theirs"


def test_two_people_on_one_part_are_a_conflict_that_holds_both_and_writes_nothing(
    task, author, admin_person
):
    mine = [edit(task, "prompt", "Mine."), edit(task, "title", "My title")]
    save(task, [edit(task, "prompt", "Theirs.")], by=admin_person)

    with pytest.raises(DraftConflict) as caught:
        save(task, mine, by=author)

    (clash,) = caught.value.clashes
    assert (clash.path, clash.mine, clash.theirs) == ("prompt", "Mine.", "Theirs.")
    assert "adam" in caught.value.message
    assert draft_of(task).content["title"] == "Sell two lamps"


def test_who_writes_what_is_there_already_is_in_no_conflict(task, author, admin_person):
    mine = edit(task, "prompt", "The same.")
    save(task, [edit(task, "prompt", "The same.")], by=admin_person)

    save(task, [mine], by=author)

    assert draft_of(task).content["prompt"] == "The same."


def test_a_criterion_that_somebody_else_removed_is_a_conflict(task, author, admin_person):
    criterion = read_part(draft_of(task).content, "rubric/sale-is-paid")
    mine = edit(task, "rubric/sale-is-paid", {**criterion, "text": "It is paid."})
    save(task, [edit(task, "rubric/sale-is-paid", None)], by=admin_person)

    with pytest.raises(DraftConflict) as caught:
        save(task, [mine], by=author)

    assert caught.value.clashes[0].theirs is None


def test_values_of_a_wrong_type_are_named_and_nothing_is_saved(task, author):
    edits = [edit(task, "title", "x" * 201), edit(task, "prompt", "New.")]

    with pytest.raises(Problems, match="title: write at most 200 characters"):
        save(task, edits, by=author)

    assert draft_of(task).content["prompt"] != "New."


@pytest.mark.parametrize("path", ["", "slug", "prompt/1", "setup/0", "setup/x", "rubric/", "a/b/c"])
def test_a_path_of_no_part_is_refused(task, author, path):
    with pytest.raises(InvalidArgument, match="is no part of a task"):
        save(task, [Edit(path=path, value="x", base="")], by=author)


def test_a_retired_task_is_not_changed(task, author):
    task.is_retired = True

    with pytest.raises(Conflict, match="retired"):
        save(task, [edit(task, "prompt", "New.")], by=author)


def test_unfinished_content_is_saved_and_not_submitted(task, author):
    save(task, [edit(task, "prompt", ""), edit(task, "reference", [])], by=author)

    with pytest.raises(Problems) as caught:
        cut_revision(task, by=author, cause=Revision.Cause.SUBMIT)

    assert {line.partition(":")[0] for line in caught.value.problems} >= {"prompt", "reference"}


def test_an_unfinished_draft_has_the_hash_of_the_task_that_says_the_same(store_world):
    data = content_of(store_world)

    assert DraftContent.model_validate(data).hash == read_content(data).hash


def test_queries_of_the_rubric_get_their_results_with_every_save(task, author):
    bound = {"query": {"entity_type": "sale", "measure": "count"}}
    criterion = {
        "key": "sales",
        "text": "The answer says how many sales there are.",
        "check": {"kind": "response", "number": {"value": bound}},
    }
    save(task, [edit(task, "rubric/sales", criterion)], by=author)
    before = read_part(draft_of(task).content, "rubric/sales")["check"]["number"]["value"]
    setup = [
        {"op": "delete", "entity_type": "sale", "id": "sale-250915-004"},
    ]

    save(task, [edit(task, "setup", setup)], by=author)

    after = read_part(draft_of(task).content, "rubric/sales")["check"]["number"]["value"]
    assert (before["value"], after["value"]) == (3, 2)


# sessions and revisions


def later(task, by=SESSION):
    then = timezone.now() - by - dt.timedelta(seconds=1)
    Draft.objects.filter(task=task).update(updated_at=then)


def causes(task):
    return [(r.number, r.cause, r.author.username) for r in task.revisions.order_by("number")]


def test_saves_of_one_session_are_one_revision(task, author):
    for word in ("one", "two", "three"):
        save(task, [edit(task, "prompt", word)], by=author)
    assert end_sessions(SESSION) == 0

    later(task)

    assert end_sessions(SESSION) == 1
    assert end_sessions(SESSION) == 0
    assert causes(task) == [(1, "session", "alice")]
    assert task.revisions.get().content["prompt"] == "three"


def test_another_person_who_writes_on_ends_the_session(task, author, admin_person):
    save(task, [edit(task, "prompt", "Alice's.")], by=author)

    save(task, [edit(task, "prompt", "Adam's.")], by=admin_person)

    assert causes(task) == [(1, "session", "alice")]
    assert task.revisions.get().content["prompt"] == "Alice's."
    assert draft_of(task).content["prompt"] == "Adam's."


def test_one_who_comes_back_much_later_begins_a_new_session(task, author):
    save(task, [edit(task, "prompt", "Monday.")], by=author)
    later(task)

    save(task, [edit(task, "prompt", "Tuesday.")], by=author)

    assert [r.content["prompt"] for r in task.revisions.all()] == ["Monday."]


def test_a_draft_knows_whether_a_revision_says_the_same(task, author):
    assert draft_of(task).is_ahead
    make_revision(task)
    assert not draft_of(task).is_ahead

    save(task, [edit(task, "prompt", "New.")], by=author)
    assert draft_of(task).is_ahead

    save(task, [edit(task, "prompt", task.revisions.get().content["prompt"])], by=author)
    assert not draft_of(task).is_ahead


def test_structural_changes_see_the_draft_as_it_is(task, author):
    def without_first(document):
        return with_part(document, "rubric/sale-is-paid", None)

    change(task, without_first, by=author)

    keys = [c["key"] for c in draft_of(task).content["rubric"]["criteria"]]
    assert keys == ["lamps-left-the-shelf"]


def test_keys_of_new_criteria_are_made_of_their_words_and_taken_once(task):
    content = draft_of(task).content

    assert new_key(content, "Order ORD-7 is refunded in full, at last.") == (
        "order-ord-7-is-refunded-in"
    )
    assert new_key(content, "Sale is paid") == "sale-is-paid-2"
    assert new_key(content, "…") == "criterion"
