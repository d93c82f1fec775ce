"""A reviewer's word: what stands against approval, ticks that fall, changes with a list to do."""

import pytest

from authoring.models import ChecklistAnswer, Comment, InboxItem, Revision, Tick
from authoring.reviewing.checklist import KEYS, Answer, answer_checklist
from authoring.reviewing.comments import add_comment, resolve
from authoring.reviewing.judging import Standing, approve, request_changes, reveal
from authoring.reviewing.submission import submit
from authoring.reviewing.ticks import tick
from simulation.errors import Conflict, Forbidden, NotFound, Problems
from tests.authoring.reviewing.conftest import change, examine, look
from tests.authoring.tasks import make_revision

State = Revision.State
Event = InboxItem.Event


def events(person):
    return [item.event for item in InboxItem.objects.filter(person=person)]


def test_who_looked_at_everything_approves(task, revision, author, reviewer):
    examine(revision, reviewer)

    approve(revision, by=reviewer, note="A good one.")

    assert revision.state == State.APPROVED
    assert revision.events.last().comment == "A good one."
    assert events(author) == [Event.APPROVED]


def reasons(revision, reviewer):
    return [reason.text for reason in Standing(revision, reviewer).reasons]


def test_what_was_not_looked_at_stands_against_approval(task, revision, author, reviewer):
    examine(revision, reviewer)
    assert reasons(revision, reviewer) == []

    tick(revision, "sale-is-paid", by=reviewer, is_on=False)
    ChecklistAnswer.objects.filter(question=KEYS[0]).delete()
    ChecklistAnswer.objects.filter(question__in=KEYS[1:3]).update(is_fine=False)
    thread = add_comment(look(task, author), "prompt", "Why?")

    said = [
        "1 criterion is not ticked",
        "1 question of the checklist open",
        "2 questions of the checklist answered with “not fine”",
        "1 thread is not resolved",
    ]
    assert reasons(revision, reviewer) == said
    with pytest.raises(Problems) as raised:
        approve(revision, by=reviewer)
    assert raised.value.problems == tuple(said)
    revision.refresh_from_db()
    assert revision.state == State.IN_REVIEW
    resolve(look(task, author), thread)
    assert reasons(revision, reviewer) == said[:-1]


def test_who_never_saw_the_reference_does_not_approve(revision, reviewer):
    examine(revision, reviewer, is_revealed=False)

    (reason,) = Standing(revision, reviewer).reasons
    assert (reason.text, reason.target) == ("you have not seen the reference yet", "reference")


def test_a_gate_that_stands_against_approval_is_a_reason(store_world, author, reviewer, task):
    wrong = {**task.draft.content["rubric"]["criteria"][1]}
    wrong["check"] = {**wrong["check"], "id": "chair"}
    revision = make_revision(task, State.IN_REVIEW, rubric={"criteria": [wrong]})
    revision.task = task
    examine(revision, reviewer)

    reasons = [reason.text for reason in Standing(revision, reviewer).reasons]
    assert any("lamps-left-the-shelf is not_met" in reason for reason in reasons)
    with pytest.raises(Problems, match="not_met"):
        approve(revision, by=reviewer)


def test_what_one_reviewer_saw_counts_for_no_other(revision, reviewer, admin_person):
    examine(revision, reviewer)

    with pytest.raises(Problems) as raised:
        approve(revision, by=admin_person)
    assert len(raised.value.problems) == 3


def test_nobody_else_gives_a_verdict(revision, author, runner, analyst, charlie):
    for somebody in (author, runner, analyst, charlie):
        for act in (approve, request_changes):
            with pytest.raises(Forbidden):
                act(revision, by=somebody)


def test_a_tick_falls_when_its_criterion_changes_and_only_then(task, revision, author, reviewer):
    examine(revision, reviewer)
    criteria = task.draft.content["rubric"]["criteria"]
    changed = [{**criteria[0], "text": "The new sale to dee is paid in full."}, criteria[1]]
    change(task, rubric={"criteria": changed})
    second = submit(task, by=author)

    standing = Standing(second, reviewer)

    assert (standing.ticked, standing.unticked) == (1, 1)
    tick(second, "sale-is-paid", by=reviewer, is_on=True)
    assert Standing(second, reviewer).unticked == 0
    assert Tick.objects.count() == 2


def test_only_what_waits_is_ticked_answered_and_revealed(revision, reviewer):
    Revision.objects.update(state=State.WITHDRAWN)
    revision.refresh_from_db()

    for act in (
        lambda: tick(revision, "sale-is-paid", by=reviewer, is_on=True),
        lambda: answer_checklist(revision, {KEYS[0]: Answer(is_fine=True)}, by=reviewer),
        lambda: reveal(revision, by=reviewer),
    ):
        with pytest.raises(Conflict, match="does not wait"):
            act()


def test_there_is_no_tick_for_a_criterion_that_is_not_there(revision, reviewer):
    with pytest.raises(NotFound, match="no criterion 'nonsense'"):
        tick(revision, "nonsense", by=reviewer, is_on=True)


def test_answers_are_kept_a_reviewer_and_can_be_changed(revision, reviewer):
    answer_checklist(revision, {KEYS[0]: Answer(is_fine=False, note=" odd ")}, by=reviewer)
    answer_checklist(revision, {KEYS[0]: Answer(is_fine=True)}, by=reviewer)

    answer = ChecklistAnswer.objects.get()
    assert (answer.is_fine, answer.note, answer.reviewer) == (True, "", reviewer)
    with pytest.raises(Problems, match="at most 2,000"):
        answer_checklist(revision, {KEYS[0]: Answer(is_fine=True, note="x" * 2001)}, by=reviewer)


def test_asking_for_changes_needs_something_to_change(task, revision, author, reviewer):
    with pytest.raises(Problems, match="say what to change"):
        request_changes(revision, by=reviewer)

    comment = add_comment(look(task, reviewer), "prompt", "Too short.")
    resolve(look(task, author), comment)
    with pytest.raises(Problems, match="say what to change"):
        request_changes(revision, by=reviewer)

    add_comment(look(task, reviewer), "setup", "On a Sunday?")
    assert request_changes(revision, by=reviewer).state == State.CHANGES_REQUESTED
    assert events(author)[0] == Event.CHANGES_REQUESTED


def test_what_is_asked_for_becomes_an_open_thread(task, revision, reviewer):
    request_changes(revision, by=reviewer, text="Say which lamp.")

    thread = Comment.objects.get()
    assert (thread.place, thread.body, thread.resolved_at) == ("task", "Say which lamp.", None)
    assert revision.events.last().comment == "Say which lamp."


def test_the_whole_way_with_a_second_round(task, revision, author, reviewer):
    examine(revision, reviewer)
    request_changes(revision, by=reviewer, text="Say which lamp.")
    change(task, prompt="Sell dee two desk lamps and mark the sale as paid.")
    second = submit(task, by=author)
    resolve(look(task, author), Comment.objects.get())
    examine(second, reviewer)

    approve(second, by=reviewer)

    assert task.approved == second
    states = dict(task.revisions.values_list("number", "state"))
    assert states == {1: State.CHANGES_REQUESTED, 2: State.APPROVED}
