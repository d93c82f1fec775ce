"""What people say of a task: threads of comments, answered, resolved and opened again.

A comment never changes; only whether its thread is resolved does.
"""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from authoring.access import TaskLook
from authoring.inbox.telling import tell
from authoring.models import Comment, InboxItem
from authoring.reviewing.addresses import editor_thread, review_thread
from authoring.reviewing.places import is_secret, read_place
from simulation.errors import Conflict, Forbidden, Problems
from simulation.text import clean_text

LONGEST = 10_000  # characters


@transaction.atomic
def add_comment(look: TaskLook, place: str, body: str) -> Comment:
    """Begin a thread at a place. Raises Problems, Forbidden."""
    _check_speaks(look, place)
    contents = [look.content]
    if look.in_review:
        contents.append(look.in_review.draft_value)
    comment = Comment.objects.create(
        task=look.task,
        revision=look.in_review or look.task.revisions.first(),
        place=read_place(place, *contents),
        body=read_body(body),
        author=look.user,
    )
    _tell(look, comment, comment, ())
    return comment


@transaction.atomic
def reply(look: TaskLook, thread: Comment, body: str) -> Comment:
    """Answer a thread. Raises Problems, Forbidden."""
    _check_speaks(look, thread.place)
    comment = Comment.objects.create(
        task=look.task,
        revision=look.in_review or look.task.revisions.first(),
        parent=thread,
        place=thread.place,
        body=read_body(body),
        author=look.user,
    )
    _tell(look, comment, thread, _speakers(thread))
    return comment


def resolve(look: TaskLook, thread: Comment) -> None:
    """Close a thread. Raises Conflict when somebody did already, Forbidden."""
    _check_speaks(look, thread.place)
    told = Comment.objects.filter(pk=thread.pk, resolved_at__isnull=True)
    if not told.update(resolved_by=look.user, resolved_at=timezone.now()):
        raise Conflict("This thread was resolved already.")


def reopen(look: TaskLook, thread: Comment) -> None:
    """Open a thread again. Raises Conflict when it is open, Forbidden."""
    _check_speaks(look, thread.place)
    told = Comment.objects.filter(pk=thread.pk, resolved_at__isnull=False)
    if not told.update(resolved_by=None, resolved_at=None):
        raise Conflict("This thread is open.")


def read_body(text: str) -> str:
    """Clean a comment's text. Raises Problems for none and for too much."""
    body = clean_text(text.replace("\r\n", "\n").strip(), limit=LONGEST + 1)[0]
    if not body:
        raise Problems(["body: write what you want to say"])
    if len(body) > LONGEST:
        raise Problems([f"body: write at most {LONGEST:,} characters"])
    return body


def _check_speaks(look: TaskLook, place: str) -> None:
    if not look.sees_draft:
        raise Forbidden("only the author, reviewers and admins speak of a task")
    if look.hides_reference and is_secret(place):
        raise Forbidden("the reference is shown to you after you reveal it")


def _speakers(thread: Comment) -> Iterable[User]:
    said = Comment.objects.filter(parent=thread).select_related("author")
    return [thread.author, *(comment.author for comment in said)]


def _tell(look: TaskLook, comment: Comment, thread: Comment, speakers: Iterable[User]) -> None:
    """Tell the author in the editor, and reviewers who spoke or are asked where they review."""
    task, event = look.task, InboxItem.Event.COMMENTED
    tell(
        [task.owner],
        event,
        task,
        by=look.user,
        path=editor_thread(task.slug, thread),
        text=comment.body,
    )
    others = [person for person in (task.reviewer, *speakers) if person != task.owner]
    path = review_thread(task.slug, thread, is_live=look.in_review is not None)
    text = "" if is_secret(thread.place) else comment.body
    tell(others, event, task, by=look.user, path=path, text=text)
