"""Task reports: one table of moves, every move a row, and who may make it."""

import pytest

from grading.models import TaskReport, TaskReportEvent
from grading.people.reports import (
    MOVES,
    Complaint,
    assign_report,
    comment_on,
    lowest_fix,
    may_move,
    move_report,
    moves_for,
    report_task,
)
from simulation.errors import Conflict, Forbidden, Problems
from tests.beside import at_once
from tests.grading.people.makers import make_graded

pytestmark = pytest.mark.django_db
WRONG = Complaint(fault="rubric", text="Nobody asked for this.", criterion="lamp-sold")
STATES = ("open", "accepted", "rejected", "fixed")
TARGETS = {
    ("accept", "open"): "accepted",
    ("reject", "open"): "rejected",
    ("reject", "accepted"): "rejected",
    ("fix", "open"): "fixed",
    ("fix", "accepted"): "fixed",
    ("reopen", "rejected"): "open",
    ("reopen", "fixed"): "open",
}
OTHERS = {"charlie": set(), "analyst": set()}
MINE = {
    **OTHERS,
    "runner": {"reject", "reopen"},  # the reporter
    "author": set(MOVES),  # the owner
    "reviewer": set(MOVES),
    "admin_person": set(MOVES),
}


@pytest.fixture
def report(runner, author):
    rollout = make_graded(owner=runner).rollout
    complaint = Complaint(fault="rubric", text="Wrong.", criterion="lamp-sold", owner=author)
    return report_task(rollout.pk, complaint, reporter=runner)


def put(report, state):
    fixed_in = 2 if state == "fixed" else None
    TaskReport.objects.filter(pk=report.pk).update(state=state, fixed_in=fixed_in)
    report.refresh_from_db()
    return report


def made(report, action, actor):
    return move_report(
        report, action, actor=actor, comment="Because.", fixed_in=2 if action == "fix" else None
    )


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", MOVES)
def test_every_move_from_every_state_is_as_written(action, state, report, reviewer):
    put(report, state)
    target = TARGETS.get((action, state))

    if target:
        assert made(report, action, reviewer).state == target
        assert report.events.last().action == action
    else:
        with pytest.raises(Conflict, match=f"is {state}"):
            made(report, action, reviewer)
        assert report.events.count() == 1
    assert (action in moves_for(put(report, state), reviewer)) == bool(target)


@pytest.mark.parametrize("person", MINE)
@pytest.mark.parametrize("action", MOVES)
def test_every_move_is_whose_it_is(action, person, report, request):
    user = request.getfixturevalue(person)
    put(report, next(iter(sorted(MOVES[action].sources))))

    assert may_move(report, action, user) == (action in MINE[person])
    if action in MINE[person]:
        made(report, action, user)
    else:
        with pytest.raises(Forbidden, match=action):
            made(report, action, user)


def test_a_report_keeps_who_said_what_about_which_task(report, runner, author):
    assert (report.task, report.criterion_key, report.state) == ("sell-lamps", "lamp-sold", "open")
    assert (report.reporter, report.owner) == (runner, author)
    assert [event.action for event in report.events.all()] == ["report"]


def test_the_same_report_again_while_it_is_open_is_one(runner, reviewer):
    rollout = make_graded(owner=runner).rollout
    first = report_task(rollout.pk, WRONG, reporter=runner)

    assert report_task(rollout.pk, WRONG, reporter=runner) == first
    assert report_task(rollout.pk, WRONG, reporter=reviewer) != first
    made(first, "reject", runner)
    assert report_task(rollout.pk, WRONG, reporter=runner) != first


@pytest.mark.parametrize(
    ("person", "may"),
    [("charlie", False), ("author", False), ("runner", True), ("reviewer", True),
     ("analyst", True), ("admin_person", True)],
)  # fmt: skip
def test_who_reports_a_task(person, may, runner, request):
    rollout = make_graded(owner=runner).rollout
    user = request.getfixturevalue(person)

    if may:
        assert report_task(rollout.pk, WRONG, reporter=user)
    else:
        with pytest.raises(Forbidden):
            report_task(rollout.pk, WRONG, reporter=user)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"fault": "weather"}, "fault: choose"),
        ({"text": " "}, "text: say what is wrong"),
        ({"text": "x" * 4001}, "text: write at most"),
        ({"criterion": "nope"}, "criterion: no rubric"),
    ],
)
def test_what_is_wrong_with_a_report_is_named(fields, problem, runner):
    rollout = make_graded(owner=runner).rollout
    given = {"fault": "task", "text": "Wrong.", "criterion": ""}

    with pytest.raises(Problems) as caught:
        report_task(rollout.pk, Complaint(**{**given, **fields}), reporter=runner)

    assert caught.value.problems[0].startswith(problem)


def test_only_somebody_with_a_role_deals_with_a_report(runner, charlie, report, reviewer):
    with pytest.raises(Problems, match="has no role"):
        report_task(
            report.rollout_id, Complaint(fault="task", text="x", owner=charlie), reporter=runner
        )
    with pytest.raises(Problems, match="has no role"):
        assign_report(report, charlie, actor=reviewer)


@pytest.mark.parametrize(
    ("fault", "fixed_in", "may"),
    [
        ("task", None, False), ("task", 0, False), ("task", 1, False), ("task", 2, True),
        ("rubric", 1, False), ("rubric", 7, True), ("judge", 1, True), ("customer", 0, False),
        ("infrastructure", 1, True), ("task", -1, False), ("task", 10**9, False),
    ],
)  # fmt: skip
def test_a_fix_names_a_later_revision_where_the_task_is_at_fault(fault, fixed_in, may, reviewer):
    rollout = make_graded().rollout  # of revision 1
    report = report_task(rollout.pk, Complaint(fault=fault, text="x"), reporter=reviewer)

    if may:
        assert move_report(report, "fix", actor=reviewer, fixed_in=fixed_in).fixed_in == fixed_in
    else:
        with pytest.raises(Problems, match=f"fixed_in: .*{lowest_fix(report)} or later"):
            move_report(report, "fix", actor=reviewer, fixed_in=fixed_in)


@pytest.mark.parametrize("action", ["reject", "reopen"])
def test_a_refusal_says_why(action, report, reviewer):
    put(report, "open" if action == "reject" else "fixed")

    with pytest.raises(Problems, match="comment: say why"):
        move_report(report, action, actor=reviewer)


def test_comments_and_owners_are_in_the_trail_without_a_move(report, reviewer, analyst, author):
    comment_on(report, actor=analyst, comment="I saw it, too.")
    assign_report(report, None, actor=author)
    assign_report(report, None, actor=reviewer)  # it was nobody's already
    assign_report(report, reviewer, actor=reviewer)

    assert list(report.events.values_list("action", "comment")) == [
        ("report", ""),
        ("comment", "I saw it, too."),
        ("assign", "to nobody"),
        ("assign", "to bob"),
    ]
    report.refresh_from_db()
    assert (report.state, report.owner) == ("open", reviewer)
    with pytest.raises(Problems, match="comment: write something"):
        comment_on(report, actor=analyst, comment=" ")
    with pytest.raises(Forbidden):
        assign_report(report, author, actor=analyst)


@pytest.mark.parametrize(
    ("person", "sees"),
    [("charlie", False), ("author", True), ("runner", True), ("reviewer", True),
     ("analyst", True), ("admin_person", True)],
)  # fmt: skip
def test_who_sees_a_report(person, sees, report, request):
    user = request.getfixturevalue(person)

    assert TaskReport.objects.visible_to(user).exists() == sees


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_one_wins_and_one_row_is_written(report, reviewer, admin_person):
    def attempt(action, actor):
        try:
            return made(TaskReport.objects.get(pk=report.pk), action, actor).state
        except Conflict:
            return "lost"

    results = at_once(lambda: attempt("accept", reviewer), lambda: attempt("accept", admin_person))

    assert sorted(results) == ["accepted", "lost"]
    assert TaskReportEvent.objects.filter(report=report, action="accept").count() == 1
