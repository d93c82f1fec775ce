"""A task's state, for one task and as SQL for many: both say the same, and what is expected."""

import itertools

from django.db.models import Q

from authoring.drafts.saving import replace_draft
from authoring.models import Revision, Task
from authoring.states import MARKS, state_of, with_state
from tests.authoring.tasks import make_revision, make_task

State = Revision.State
# states of a task's revisions from the first to the newest, and whether the draft is changed since
CASES = {
    ((), False): "draft",
    (("saved",), False): "draft",
    (("withdrawn",), True): "draft",
    (("in_review",), False): "in_review",
    (("in_review",), True): "in_review",
    (("changes_requested",), False): "changes_requested",
    (("changes_requested", "saved"), True): "changes_requested",
    (("approved",), False): "approved",
    (("approved",), True): "ahead",
    (("approved", "saved"), False): "ahead",
    (("approved", "withdrawn"), False): "ahead",
    (("approved", "in_review"), False): "in_review",
    (("approved", "changes_requested"), False): "changes_requested",
    (("changes_requested", "approved"), False): "approved",
    (("superseded", "approved"), True): "ahead",
}


def make_in(states, is_changed, owner, world, slug):
    task = make_task(owner, world, slug)
    for number, state in enumerate(states):
        make_revision(task, state, notes=f"note {number}")
    if is_changed:
        replace_draft(task, {**task.draft.content, "notes": "changed"}, by=owner)
    task = Task.objects.select_related("draft").get(pk=task.pk)
    return task


def test_one_task_and_many_say_the_same(author, store_world):
    tasks = {case: make_in(*case, author, store_world, f"task-{n}") for n, case in enumerate(CASES)}

    one = {case: state_of(task, task.draft) for case, task in tasks.items()}
    many = dict(with_state(Task.objects.all()).values_list("slug", "state"))

    assert one == CASES
    assert {case: many[task.slug] for case, task in tasks.items()} == CASES


def test_a_retired_task_is_retired_whatever_it_was(author, store_world):
    task = make_in(("approved", "in_review"), False, author, store_world, "old")
    Task.objects.update(is_retired=True)
    task.refresh_from_db()

    assert state_of(task, task.draft) == "retired"
    assert with_state(Task.objects.all()).get().state == "retired"


def test_who_does_not_see_the_draft_learns_nothing_of_it(author, store_world):
    task = make_in(("approved", "in_review"), True, author, store_world, "sold")

    assert state_of(task, None) == "approved"
    assert with_state(Task.objects.all(), unseen=Q(owner=author)).get().state == "approved"
    assert with_state(Task.objects.all(), unseen=~Q(owner=author)).get().state == "in_review"


def test_every_state_is_met_here():
    assert {*CASES.values(), "retired"} == set(MARKS)
    assert len(set(itertools.chain.from_iterable(states for states, _ in CASES))) == len(State)
