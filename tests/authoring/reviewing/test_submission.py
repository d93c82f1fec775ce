"""Handing a task in: what is in the way, who is told, and what becomes of an earlier round."""

import pytest

from authoring.models import InboxItem, ReviewEvent, Revision, Task
from authoring.review import move
from authoring.reviewing.submission import assign, submit, withdraw
from authoring.reviewing.submitting import submit_panel
from simulation.errors import Conflict, Forbidden, Problems
from simulation.roles import ADMIN, REVIEWER
from tests.authoring.reviewing.conftest import change, look
from tests.factories import make_user

State = Revision.State
Event = InboxItem.Event


def told(person):
    return [(item.event, item.text, item.path) for item in InboxItem.objects.filter(person=person)]


def test_handing_in_cuts_a_revision_and_asks_all_reviewers(task, author, reviewer, admin_person):
    revision = submit(task, by=author, note="Mind the stock.")

    assert (revision.number, revision.state, revision.cause) == (1, State.IN_REVIEW, "submit")
    assert ReviewEvent.objects.get(revision=revision).comment == "Mind the stock."
    path = f"/tasks/{task.slug}/review/"
    assert told(reviewer) == [(Event.REVIEW_REQUESTED, "Mind the stock.", path)]
    assert told(author) == told(admin_person) == []


def test_the_chosen_reviewer_alone_is_asked(task, author, reviewer):
    other = make_user("rita", REVIEWER)

    submit(task, by=author, note="For you.", reviewer=other)

    task.refresh_from_db()
    assert task.reviewer == other
    assert [event for event, *_ in told(other)] == [Event.ASSIGNED]
    assert told(reviewer) == []


def test_only_people_who_may_judge_are_chosen(task, author, runner):
    for person in (author, runner):
        with pytest.raises(Problems, match="cannot review"):
            submit(task, by=author, reviewer=person)
    assert not task.revisions.exists()


IN_THE_WAY = {
    "what is missing": ({"prompt": "", "reference": []}, "prompt: "),
    "what does not fit the world": ({"system_prompt": "pilot"}, "system_prompt 'pilot'"),
    "an error of lint": ({"prompt": "FORBIDDEN"}, "Says what it must not."),
}


def test_what_is_in_the_way_is_named_and_nothing_is_cut(task, author, reviewer, strict_rule):
    clean = task.draft.content
    for changes, said in IN_THE_WAY.values():
        change(task, **{**clean, **changes})

        with pytest.raises(Problems) as raised:
            submit(task, by=author)

        assert said in raised.value.message
        panel = submit_panel(look(task, author), [*strict_rule(look(task, author).scene)])
        assert panel.reasons
    assert not task.revisions.exists()
    assert told(reviewer) == []


def test_a_clean_task_has_nothing_in_its_way(task, author):
    panel = submit_panel(look(task, author), [])

    assert (panel.reasons, panel.may_submit, panel.may_withdraw) == ((), True, False)
    assert panel.label == "Submit for review"


def test_the_earlier_round_is_taken_back_in_the_same_move(task, revision, author):
    change(task, title="Sell two lamps, today")

    second = submit(task, by=author)

    revision.refresh_from_db()
    assert (revision.state, second.state) == (State.WITHDRAWN, State.IN_REVIEW)
    event = revision.events.last()
    assert (event.action, event.comment) == ("withdraw", "revision 2 takes its place")


def test_nothing_is_taken_back_when_the_new_round_is_refused(task, revision, author):
    change(task, system_prompt="pilot")

    with pytest.raises(Problems):
        submit(task, by=author)

    revision.refresh_from_db()
    assert revision.state == State.IN_REVIEW


SAME = {
    State.IN_REVIEW: "since revision 1 was submitted",
    State.CHANGES_REQUESTED: "since changes were requested in revision 1",
    State.APPROVED: "since revision 1 was approved",
}


def test_the_same_is_not_handed_in_twice(task, revision, author):
    for state, said in SAME.items():
        Revision.objects.update(state=state)

        with pytest.raises(Conflict, match=said):
            submit(task, by=author)
        (reason,) = submit_panel(look(task, author), []).reasons
        assert said in reason.text


def test_what_was_taken_back_is_handed_in_again_as_it_is(task, revision, author):
    withdraw(task, by=author)

    assert submit(task, by=author) == revision
    assert revision.events.count() == 3


def test_going_back_to_what_is_approved_is_no_change(task, revision, author):
    Revision.objects.update(state=State.APPROVED)
    title = task.draft.content["title"]
    change(task, title="Another")
    submit(task, by=author)
    change(task, title=title)

    with pytest.raises(Conflict, match="since revision 1 was approved"):
        submit(task, by=author)


def test_taking_back_is_told_and_recorded(task, revision, author, reviewer):
    InboxItem.objects.all().delete()
    withdraw(task, by=author, note="There is an error.")

    assert told(reviewer)[0][:2] == (Event.WITHDRAWN, "There is an error.")
    with pytest.raises(Conflict, match="Nothing of sell-lamps is in review"):
        withdraw(task, by=author)


def test_what_was_sent_back_can_be_taken_back(task, revision, author, reviewer):
    move(revision, "request_changes", actor=reviewer)

    assert withdraw(task, by=author).state == State.WITHDRAWN


def test_others_neither_hand_in_nor_take_back(task, author, reviewer, runner, analyst, charlie):
    others = (reviewer, runner, analyst, charlie)
    for somebody in others:
        with pytest.raises(Forbidden):
            submit(task, by=somebody)
    submit(task, by=author)
    for somebody in others:
        with pytest.raises(Forbidden):
            withdraw(task, by=somebody)


def test_a_retired_task_is_not_handed_in(task, author):
    Task.objects.update(is_retired=True)
    task.refresh_from_db()

    with pytest.raises(Conflict, match="retired"):
        submit(task, by=author)


def test_asking_somebody_twice_tells_them_once(task, author, reviewer):
    assert assign(task, reviewer, by=author)
    assert not assign(task, reviewer, by=author)
    assert [event for event, *_ in told(reviewer)] == [Event.ASSIGNED]


def test_held_out_tasks_are_for_admins(task, author, reviewer):
    Task.objects.update(split="heldout")
    task.refresh_from_db()
    admin = make_user("ada", ADMIN)

    submit(task, by=author)

    assert (len(told(admin)), told(reviewer)) == (1, [])
