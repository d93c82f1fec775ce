"""Handing a task in for review, and taking it back."""

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from authoring import review
from authoring.drafts.cutting import complete_content, cut_revision
from authoring.gates import submission_problems
from authoring.inbox.telling import tell
from authoring.models import Draft, InboxItem, Revision, Task
from authoring.reviewing.people import asked_of, judges_of
from simulation.errors import Conflict, Problems
from simulation.text import clean_text

State = Revision.State
LONGEST_NOTE = 4000  # characters


@transaction.atomic
def submit(task: Task, *, by: User, note: str = "", reviewer: User | None = None) -> Revision:
    """Cut a revision of a task's draft and hand it in; one that waits already is withdrawn first.

    note: for the reviewer. reviewer: who is asked from now on; None leaves it as it is. Raises
    Problems that name everything in the way, Conflict when nothing changed, Forbidden.
    """
    Task.objects.select_for_update().get(pk=task.pk)
    if task.is_retired:
        raise Conflict(f"{task} is retired: nobody reviews it any more")
    draft = Draft.objects.get(task=task).value
    if problems := submission_problems(draft):
        raise Problems(problems)
    content = complete_content(draft)
    if why := same_as(task, content.hash):
        raise Conflict(why)
    revision = cut_revision(task, by=by, cause=Revision.Cause.SUBMIT)
    _take_back_other(revision, by)
    review.move(revision, "submit", actor=by, comment=read_note(note))
    is_new = reviewer is not None and assign(task, reviewer, by=by, note=note)
    if not is_new:
        _ask(task, revision, by, note)
    return revision


@transaction.atomic
def withdraw(task: Task, *, by: User, note: str = "") -> Revision:
    """Take back what waits for review or was sent back. Raises Conflict when nothing does."""
    waiting = (State.IN_REVIEW, State.CHANGES_REQUESTED)
    revision = task.revisions.filter(state__in=waiting).select_related("task").first()
    if revision is None:
        raise Conflict(f"Nothing of {task} is in review.")
    was_waiting = revision.state == State.IN_REVIEW
    review.move(revision, "withdraw", actor=by, comment=read_note(note))
    if was_waiting:
        path = _page(task)
        tell(asked_of(task), InboxItem.Event.WITHDRAWN, task, by=by, path=path, text=note)
    return revision


@transaction.atomic
def assign(task: Task, reviewer: User, *, by: User, note: str = "") -> bool:
    """Ask one person to review a task; False when they are asked already.

    Raises Problems for somebody who may not judge it.
    """
    if not judges_of(task).filter(pk=reviewer.pk).exists():
        raise Problems([f"reviewer: {reviewer} cannot review {task}: choose a reviewer"])
    if task.reviewer_id == reviewer.pk:
        return False
    task.reviewer = reviewer
    task.save(update_fields=["reviewer"])
    tell([reviewer], InboxItem.Event.ASSIGNED, task, by=by, path=_page(task), text=note)
    return True


def read_note(text: str) -> str:
    """Clean what is said with a move. Raises Problems for too much."""
    note = clean_text(text.replace("\r\n", "\n").strip(), limit=LONGEST_NOTE + 1)[0]
    if len(note) > LONGEST_NOTE:
        raise Problems([f"note: write at most {LONGEST_NOTE:,} characters"])
    return note


def same_as(task: Task, content_hash: str) -> str:
    """Say why there is nothing new to review; "" when there is."""
    live = task.revisions.filter(hash=content_hash).exclude(state=State.SAVED)
    states = dict(live.order_by("number").values_list("state", "number"))
    if number := states.get(State.APPROVED):
        return f"Nothing changed since revision {number} was approved."
    if number := states.get(State.IN_REVIEW):
        return f"Nothing changed since revision {number} was submitted: it is in review."
    newest = task.revisions.only("number", "state").first()
    if newest and states.get(State.CHANGES_REQUESTED) == newest.number:
        return f"Nothing changed since changes were requested in revision {newest.number}."
    return ""


def _take_back_other(revision: Revision, by: User) -> None:
    waiting = revision.task.revisions.filter(state=State.IN_REVIEW).exclude(pk=revision.pk)
    if old := waiting.select_related("task").first():
        said = f"revision {revision.number} takes its place"
        review.move(old, "withdraw", actor=by, comment=said)


def _ask(task: Task, revision: Revision, by: User, note: str) -> None:
    event = InboxItem.Event.REVIEW_REQUESTED
    text = note or f"Revision {revision.number} waits for review."
    tell(asked_of(task), event, task, by=by, path=_page(task), text=text)


def _page(task: Task) -> str:
    return reverse("review:page", args=[task.slug])
