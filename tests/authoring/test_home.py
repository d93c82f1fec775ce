"""Home: what each person's turn is, their tasks, the team, and the first start."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.drafts.saving import replace_draft
from authoring.home import home_page
from authoring.models import Comment, Draft, ReviewEvent, Task
from grading.models import TaskReport
from tests.authoring.listed import make_many
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_rollout, make_user, signed_in


def turn(person):
    """Give what waits, as title, detail and address."""
    return {item.title: item for item in home_page(person).turn}


@pytest.fixture
def make(author, store_world):
    """Make a task of Alice's with a newest revision in a state, "" for none."""

    def make_(slug, state="", **fields):
        task = make_task(author, store_world, slug, title=slug.replace("-", " "))
        if state:
            make_revision(task, state)
        Task.objects.filter(pk=task.pk).update(**fields)
        Draft.objects.filter(task=task).update(findings={})  # lint is another matter
        return task

    return make_


def test_an_author_changes_what_came_back_first(author, charlie, make, reviewer):
    task = make("came-back", "changes_requested")
    thread = Comment.objects.create(task=task, place="prompt", body="Who?", author=reviewer)
    Comment.objects.create(task=task, place="prompt", body="Me.", author=author, parent=thread)
    Comment.objects.create(task=task, place="rubric", body="Why?", author=reviewer)

    first = home_page(author).turn[0]

    assert (first.title, first.detail) == ("came back", "2 open comments of the review")
    assert first.url == "/tasks/came-back/?side=comments"
    assert turn(charlie) == turn(reviewer) == {}


def test_of_many_that_came_back_the_rest_is_behind_a_link(author, make):
    for n in range(6):
        make(f"task-{n}", "changes_requested")

    items = home_page(author).turn

    assert [item.title for item in items[:4]] == ["task 0", "task 1", "task 2", "task 3"]
    assert items[4].url == "/tasks/?owner=alice&state=changes_requested"
    assert len(items) == 5


def test_an_author_mends_lint_errors_and_submits_what_is_ahead(author, make):
    make("wrong")
    Draft.objects.update(findings={"errors": 3})
    ahead = make("ahead", "approved")
    replace_draft(ahead, {**ahead.draft.content, "notes": "new"}, by=author)
    make("retired", is_retired=True)
    Draft.objects.filter(task__slug="retired").update(findings={"errors": 3})

    found = turn(author)

    assert found["1 task of yours with lint errors"].url == "/tasks/?owner=alice&lint=errors"
    assert found["1 draft ahead of what is approved"].url == "/tasks/?owner=alice&state=ahead"


def test_a_reviewer_sees_what_they_are_asked_for_and_what_nobody_has(reviewer, make):
    make("asked", "in_review", reviewer=reviewer)
    make("free", "in_review")
    make("taken", "in_review", reviewer=make_user("rita", "reviewer"))

    titles = [item.title for item in home_page(reviewer).turn]

    assert titles == ["asked", "1 task in review without a reviewer"]
    assert turn(reviewer)["asked"].url == "/tasks/asked/review/"


def test_nobody_is_asked_to_review_their_own_task(author, reviewer, make):
    author.groups.add(*reviewer.groups.all())
    make("mine", "in_review")

    assert turn(author) == {}
    assert "1 task in review without a reviewer" in turn(reviewer)


def test_reports_reach_their_author_and_an_admin(author, admin_person, reviewer, runner, make):
    make("sell-lamps", "approved")
    rollout = make_rollout(owner=runner)
    TaskReport.objects.create(
        rollout=rollout, task="sell-lamps", fault="task", text="No.", reporter=runner
    )

    assert "1 report on tasks of yours" in turn(author)
    assert "1 task report that nobody deals with" in turn(admin_person)
    assert turn(reviewer) == {}


def test_the_last_changed_tasks_of_mine_with_their_lint(author, reviewer, make):
    for n in range(8):
        make(f"task-{n}")
    Draft.objects.filter(task__slug="task-7").update(findings={"warnings": 2})

    rows = home_page(author).drafts

    assert [row.slug for row in rows] == [f"task-{n}" for n in (7, 6, 5, 4, 3, 2)]
    assert rows[0].lint.warnings == 2
    assert home_page(reviewer).drafts is None


def test_the_team_is_counted_for_reviewers(author, reviewer, charlie, make):
    make("draft")
    make("back", "changes_requested")
    make("waits", "in_review")
    done = make("done", "approved")
    for _ in range(2):  # a task that was approved twice is one
        ReviewEvent.objects.create(revision=done.revisions.get(), actor=reviewer, action="approve")
    old = ReviewEvent.objects.create(
        revision=make("old", "approved").revisions.get(), actor=reviewer, action="submit"
    )

    (line,) = home_page(reviewer).team

    assert (line.name, line.drafts, line.in_review, line.approved) == ("alice", 2, 1, 1)
    assert old.action == "submit"
    assert home_page(author).team == home_page(charlie).team == ()


def test_the_second_step_of_the_start_is_done_in_the_browser(author, charlie):
    steps = home_page(author).start

    assert [step.title for step in steps][1] == "Write your first task"
    assert steps[1].url == reverse("tasks:new")
    assert home_page(charlie).start[1].url == ""


def test_home_costs_the_same_with_many_tasks(author, admin_person, store_world, make):
    make("one", "changes_requested")
    make("two", "in_review")

    def cost(person):
        client = signed_in(person)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return len(queries)

    few = {person: cost(person) for person in (author, admin_person)}
    make_many(author, store_world, 60)
    for n in range(2):
        make(f"back-{n}", "changes_requested")
        make(f"waits-{n}", "in_review")

    assert {person: cost(person) for person in (author, admin_person)} == few
    assert max(few.values()) <= 32
