"""One thing done to many tasks: whose it is, what is left out and why, and taking it back."""

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authoring.drafts.saving import replace_draft
from authoring.listing import bulk
from authoring.listing.actions import ACTIONS, Wish, offered
from authoring.listing.bulk import carry_out, plan, read_wish, selected
from authoring.listing.reading import listed
from authoring.models import Draft, InboxItem, Revision, Task
from simulation.errors import Forbidden, InvalidArgument, NotFound
from simulation.roles import AUTHOR, REVIEWER
from tests.authoring.listed import make_many
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_user, signed_in

LIST, BULK, UNDO = (reverse(f"tasks:{name}") for name in ("list", "bulk", "undo"))


@pytest.fixture
def other(db):
    return make_user("olga", AUTHOR)


@pytest.fixture
def tasks(author, other, store_world):
    """Alice has a draft and an approved task, Olga has a draft that only she and reviewers see."""
    draft = make_task(author, store_world, "draft", tags=["old"])
    sold = make_task(author, store_world, "sold")
    make_revision(sold, "approved")
    return draft, sold, make_task(other, store_world, "hers")


def done_of(by, action, *slugs, **values):
    """Give what is done, and why the rest is left out."""
    wish = Wish(action=action, by=by, **values)
    result = carry_out(wish, listed(by).filter(slug__in=slugs))
    return {each.slug for each in result.done}, {each.slug: each.reason for each in result.left}


ALL = ("draft", "sold", "hers")
OWN = "is their own: nobody reviews their own task"
THEIRS = "belongs to {}: only they and admins may"
# whom each action is done to, of the three, by person; None: the action is not theirs at all
DONE = {
    "reviewer": {
        "author": {"draft", "sold"},
        "reviewer": {"draft", "sold", "hers"},
        "admin_person": {"draft", "sold", "hers"},
        "analyst": None,
        "runner": None,
        "charlie": None,
    },
    "owner": {"author": None, "reviewer": None, "admin_person": {"draft", "sold"}, "charlie": None},
    "add_tag": {
        "author": {"draft", "sold"},
        "reviewer": None,
        "admin_person": {"draft", "sold", "hers"},
        "analyst": None,
    },
    "remove_tag": {"author": {"draft"}, "reviewer": None, "admin_person": {"draft"}},
    "submit": {
        "author": {"draft"},
        "reviewer": None,
        "admin_person": {"draft", "hers"},
        "runner": None,
    },
    "retire": {
        "author": {"draft", "sold"},
        "reviewer": None,
        "admin_person": {"draft", "sold", "hers"},
    },
    "bring_back": {"author": set(), "reviewer": None, "admin_person": set(), "charlie": None},
}
VALUES = {
    "reviewer": lambda request: {"person": request.getfixturevalue("reviewer")},
    "owner": lambda request: {"person": request.getfixturevalue("other")},
    "add_tag": lambda request: {"tag": "new"},
    "remove_tag": lambda request: {"tag": "old"},
}


def test_every_action_is_in_the_table():
    assert set(DONE) == set(ACTIONS)


@pytest.mark.parametrize("action", DONE)
def test_each_action_is_done_to_those_tasks_that_are_this_persons(action, tasks, request):
    values = VALUES.get(action, lambda request: {})(request)
    people = {name: request.getfixturevalue(name) for name in DONE[action]}

    done = {name: planned_and_done(user, action, values) for name, user in people.items()}

    assert done == DONE[action]


def planned_and_done(user, action, values):
    """Give what is done to all three and take it back; None where it is not this person's."""
    wish, tasks = Wish(action=action, by=user, **values), listed(user).filter(slug__in=ALL)
    if action not in offered(user):
        with pytest.raises(Forbidden):
            carry_out(wish, tasks)
        data = {"action": action, "tasks": " ".join(ALL)}
        assert signed_in(user).post(BULK, data).status_code == 404
        return None
    before = {each.slug for each in plan(wish, tasks).done}
    with transaction.atomic():
        done, left = done_of(user, action, *ALL, **values)
        transaction.set_rollback(True)
    assert done == before
    assert done | set(left) == set(listed(user).values_list("slug", flat=True))
    return done


def test_a_task_that_one_may_not_know_of_is_not_even_left_out(author, tasks):
    assert done_of(author, "add_tag", "hers", tag="x") == (set(), {})


def test_of_a_strangers_approved_task_one_learns_whose_it_is(other, tasks, reviewer):
    Task.objects.filter(slug="sold").update(reviewer=reviewer)

    done, left = done_of(other, "reviewer", "sold", person=reviewer)

    assert (done, left) == (set(), {"sold": THEIRS.format("alice")})


def test_reviewers_are_told_and_nobody_reviews_their_own_task(author, reviewer, tasks):
    author.groups.add(reviewer.groups.get())
    Task.objects.filter(slug="sold").update(reviewer=reviewer)

    assert done_of(author, "reviewer", "draft", "sold", person=reviewer) == (
        {"draft"},
        {"sold": "bob reviews it already"},
    )
    told = InboxItem.objects.get()
    assert (told.person, told.event, told.task.slug) == (reviewer, "assigned", "draft")
    assert done_of(author, "reviewer", "draft", person=author) == (set(), {"draft": OWN})


def test_held_out_tasks_are_reviewed_by_admins_alone(admin_person, reviewer, tasks):
    Task.objects.filter(slug="sold").update(split="heldout")

    _, left = done_of(admin_person, "reviewer", "sold", person=reviewer)

    assert left == {"sold": "is held out: only admins see it"}
    assert done_of(admin_person, "reviewer", "sold", person=admin_person)[0] == {"sold"}


def test_nobody_owns_what_they_review(admin_person, other, tasks):
    other.groups.add(*make_user("", REVIEWER).groups.all())
    Task.objects.filter(slug="draft").update(reviewer=other)

    done, left = done_of(admin_person, "owner", "draft", "sold", "hers", person=other)

    assert done == {"sold"}
    assert left["draft"].endswith("nobody reviews their own task")
    assert left["hers"] == "is olga's already"


def test_tags_are_changed_in_the_draft_as_the_editor_does(author, tasks):
    done_of(author, "add_tag", "draft", "sold", tag="new")

    draft, sold = (Draft.objects.get(task__slug=slug) for slug in ("draft", "sold"))
    assert (draft.value.tags, sold.value.tags) == (("old", "new"), ("new",))
    assert (sold.version, sold.is_ahead) == (2, True)
    assert Revision.objects.get(task__slug="sold").value.tags == ()
    _, left = done_of(author, "add_tag", "draft", tag="new")
    assert left == {"draft": "has the tag already"}


def test_what_cannot_be_submitted_says_why(author, store_world):
    def make(slug, **changes):
        return make_task(author, store_world, slug, **changes)

    make("good")
    make("no-prompt", prompt="")
    make("told-off")
    Draft.objects.filter(task__slug="told-off").update(findings={"errors": 2})
    for state in ("in_review", "changes_requested", "approved"):
        make_revision(make(state.replace("_", "-")), state)
    changed = make("changed")
    make_revision(changed, "changes_requested")
    replace_draft(changed, {**changed.draft.content, "notes": "better"}, by=author)
    Task.objects.filter(pk=make("gone").pk).update(is_retired=True)
    slugs = Task.objects.values_list("slug", flat=True)

    done, left = done_of(author, "submit", *slugs)

    assert done == {"good", "changed"}
    assert left.pop("no-prompt").startswith("is not finished: prompt: ")
    assert left == {
        "told-off": "lint finds 2 errors",
        "in-review": "is in review already",
        "changes-requested": "nothing was changed since changes were requested",
        "approved": "nothing was changed since it was approved",
        "gone": "is retired",
    }
    in_review = Revision.objects.filter(state="in_review").values_list("task__slug", flat=True)
    assert set(in_review) == {"good", "changed", "in-review"}


def test_what_only_submitting_shows_is_left_out_and_the_rest_is_done(author, store_world):
    make_task(author, store_world, "fits")
    make_task(author, store_world, "misfit", system_prompt="nobody")
    wish = Wish(action="submit", by=author)

    assert len(plan(wish, listed(author)).done) == 2
    done, left = done_of(author, "submit", "fits", "misfit")

    assert done == {"fits"}
    assert "system_prompt 'nobody'" in left["misfit"]


def test_retired_and_brought_back(author, tasks):
    make_revision(tasks[0], "in_review")

    done, left = done_of(author, "retire", "draft", "sold")
    assert (done, left) == ({"sold"}, {"draft": "is in review: withdraw it first"})
    assert done_of(author, "add_tag", "sold", tag="x")[1] == {"sold": "is retired"}
    assert done_of(author, "bring_back", "draft", "sold")[0] == {"sold"}


def test_more_than_fit_into_one_request_are_left_out(author, store_world, monkeypatch):
    monkeypatch.setattr(bulk, "MOST_EACH", 2)
    for n in range(3):
        make_task(author, store_world, f"task-{n}")

    done, left = done_of(author, "add_tag", "task-0", "task-1", "task-2", tag="x")

    assert done == {"task-0", "task-1"}
    assert left == {"task-2": "is one too many: at most 2 at once"}


def test_a_plan_costs_the_same_for_many(author, store_world, reviewer):
    def cost():
        client = signed_in(author)
        with CaptureQueriesContext(connection) as queries:
            url = f"{BULK}?action=reviewer&person=bob&all=1"
            html = client.get(url).content.decode()
        return len(queries), html

    make_many(author, store_world, 3)
    few, _ = cost()
    make_many(author, store_world, 57)
    many, html = cost()

    assert many == few <= 8
    assert "Make bob the reviewer of 60 tasks?" in html
    assert "and 40 more" in html
    with CaptureQueriesContext(connection) as queries:
        done, _ = done_of(author, "reviewer", *(f"many-{n}" for n in range(60)), person=reviewer)
    assert len(done) == InboxItem.objects.filter(person=reviewer).count() == 60
    assert len(queries) < 12


# pages


def test_all_that_match_are_confirmed_and_then_those_alone_are_done(author, tasks, store_world):
    asked = {"action": "add_tag", "tag": "new", "all": "1", "filter": "state=draft"}
    client = signed_in(author)

    html = client.get(BULK, asked).content.decode()

    assert "Add the tag “new” to 1 task?" in html
    assert 'name="tasks" value="draft"' in html
    make_task(author, store_world, "later")  # matches too, but nobody was shown it
    data = {"action": "add_tag", "tag": "new", "tasks": "draft", "filter": "state=draft"}
    answer = client.post(BULK, data)
    assert (answer.status_code, answer.url) == (303, f"{LIST}?state=draft")
    tagged = Draft.objects.filter(content__tags__contains=["new"])
    assert [draft.task.slug for draft in tagged] == ["draft"]
    assert "Add the tag “new” to 1 task: done." in client.get(answer.url).content.decode()


def test_a_message_names_what_was_left_out(author, tasks):
    client = signed_in(author)

    client.post(BULK, {"action": "remove_tag", "tag": "old", "tasks": "draft sold"})

    html = client.get(LIST).content.decode()
    assert "Remove the tag “old” from 1 task: done. Left out 1: Sell two lamps does not" in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"action": "reviewer"}, "Choose a person."),
        ({"action": "reviewer", "person": "alice"}, "Alice has not the role"),
        ({"action": "reviewer", "person": "\x00"}, "has not the role"),
        ({"action": "add_tag", "tag": " "}, "Write one tag"),
        ({"action": "add_tag", "tag": "a,b"}, "Write one tag"),
        ({"action": "add_tag", "tag": "x" * 41}, "Write one tag"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_done(data, said, author, tasks):
    for answer in (signed_in(author).get(BULK, data), signed_in(author).post(BULK, data)):
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_with_nothing_ticked_there_is_nothing_to_do(author, tasks):
    html = signed_in(author).get(BULK, {"action": "retire"}).content.decode()

    assert "No task is ticked" in html


@pytest.mark.parametrize("data", [{}, {"action": "owner", "person": "olga"}, {"action": "x"}])
def test_an_action_that_is_not_this_persons_is_not_found(data, author, tasks):
    assert signed_in(author).get(BULK, data).status_code == 404
    with pytest.raises((NotFound, InvalidArgument)):
        read_wish(author, QueryDict(mutable=True) | data)


def test_ticked_tasks_are_found_among_those_that_one_may_know_of(author, tasks):
    asked = QueryDict("task=draft&task=hers&task=nothing")

    assert [task.slug for task in selected(author, asked)] == ["draft"]


# taking back


def test_tags_are_taken_back_once(author, tasks):
    client = signed_in(author)
    client.post(BULK, {"action": "add_tag", "tag": "old", "tasks": "draft sold"})
    assert "Undo" in client.get(LIST).content.decode()

    answer = client.post(UNDO)

    assert answer.status_code == 303
    draft, sold = (Draft.objects.get(task__slug=slug) for slug in ("draft", "sold"))
    assert (draft.value.tags, sold.value.tags) == (("old",), ())  # the draft had it before
    assert "Undo" not in client.get(LIST).content.decode()
    assert client.post(UNDO).status_code == 404


def test_assignments_are_taken_back_where_nobody_changed_them(author, reviewer, tasks):
    second = make_user("rita", REVIEWER)
    Task.objects.filter(slug="sold").update(reviewer=second)
    client = signed_in(author)
    client.post(BULK, {"action": "reviewer", "person": "bob", "tasks": "draft sold"})
    assert set(Task.objects.exclude(slug="hers").values_list("reviewer", flat=True)) == {
        reviewer.pk
    }
    Task.objects.filter(slug="draft").update(reviewer=second)

    client.post(UNDO)

    assert Task.objects.get(slug="sold").reviewer == second  # as before
    assert Task.objects.get(slug="draft").reviewer == second  # changed meanwhile
    html = client.get(LIST).content.decode()
    assert "Taken back for 1 task. 1 task changed meanwhile" in html


def test_taking_back_asks_again_whose_it_is(admin_person, author, other, tasks):
    client = signed_in(author)
    client.post(BULK, {"action": "add_tag", "tag": "new", "tasks": "sold"})
    Task.objects.filter(slug="sold").update(owner=other)

    client.post(UNDO)

    assert Draft.objects.get(task__slug="sold").value.tags == ("new",)


def test_what_cannot_be_taken_back_is_not_offered(author, tasks):
    client = signed_in(author)
    client.post(BULK, {"action": "retire", "tasks": "draft"})

    assert "Undo" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("name", ["retire", "bring_back"])
def test_one_task_is_retired_by_its_owner_and_admins(name, tasks, request):
    before = name == "bring_back"
    url = reverse(f"tasks:{name}", args=["sold"])

    for person in ("author", "other", "reviewer", "admin_person", "charlie"):
        Task.objects.filter(slug="sold").update(is_retired=before)
        answer = signed_in(request.getfixturevalue(person)).post(url)

        is_allowed = person in ("author", "admin_person")
        assert answer.status_code == (303 if is_allowed else 404)
        assert Task.objects.get(slug="sold").is_retired == (before != is_allowed)
