"""What can be done to many tasks at once: who may, what stands against it, and how it is done.

A task that it cannot be done to is left out, with the reason.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.access import may_edit_task
from authoring.content import read_content
from authoring.drafts.document import Document
from authoring.drafts.saving import change
from authoring.listing.people import OWNERS, REVIEWERS
from authoring.models import InboxItem, Revision, Task
from authoring.retiring import set_retired
from authoring.reviewing.submission import submit
from authoring.splits import HELD_OUT
from simulation.errors import GymError
from simulation.roles import ADMIN, AUTHOR, REVIEWER, has_role, sees_held_out


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants done. person: None takes a reviewer away."""

    action: str
    by: User
    person: User | None = None
    tag: str = ""


@dataclass(frozen=True, kw_only=True)
class Action:
    """words: "Make bob the reviewer" of `{person}`. takes: what it is done with.

    obstacle: why it cannot be done to a task, "" when it can. together: changes all tasks at once;
    each: one of them, raising GymError where it turns out to be impossible.
    """

    label: str
    words: str
    obstacle: Callable[[Wish, Any], str]
    roles: Sequence[str] = (AUTHOR, ADMIN)
    takes: str = ""
    reads_content: bool = False
    together: Callable[[Wish, Sequence[Any]], None] | None = None
    each: Callable[[Wish, Any], object] | None = None


def offered(user: User) -> list[str]:
    """Name the actions that a person's roles allow on some task."""
    return [name for name, action in ACTIONS.items() if has_role(user, *action.roles)]


def _is_theirs(wish: Wish, task: Task) -> bool:
    return task.owner_id == wish.by.pk or has_role(wish.by, ADMIN)


def _not_theirs(task: Task) -> str:
    return f"belongs to {task.owner.get_username()}: only they and admins may"


def _cannot_edit(wish: Wish, task: Task) -> str:
    if task.is_retired:
        return "is retired"
    return "" if may_edit_task(wish.by, task) else _not_theirs(task)


def _cannot_review(wish: Wish, task: Any) -> str:
    if task.is_retired:
        return "is retired"
    if not (_is_theirs(wish, task) or has_role(wish.by, REVIEWER)):
        return _not_theirs(task)
    person = wish.person
    if task.reviewer_id == (person.pk if person else None):
        return f"{person} reviews it already" if person else "has no reviewer"
    if person and person.pk == task.owner_id:
        return "is their own: nobody reviews their own task"
    if person and task.split == HELD_OUT and not sees_held_out(person):
        return "is held out: only admins see it"
    return ""


def _set_reviewer(wish: Wish, tasks: Sequence[Any]) -> None:
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(reviewer=wish.person)
    if wish.person and wish.person != wish.by:
        InboxItem.objects.bulk_create(
            InboxItem(
                person=wish.person,
                event=InboxItem.Event.ASSIGNED,
                task=task,
                actor=wish.by,
                path=reverse("review:page", args=[task.slug]),
            )
            for task in tasks
        )


def _cannot_own(wish: Wish, task: Any) -> str:
    person = wish.person
    if person is None or task.owner_id == person.pk:
        return f"is {person}'s already"
    return (
        f"{person} reviews it: nobody reviews their own task"
        if (task.reviewer_id == person.pk)
        else ""
    )


def _set_owner(wish: Wish, tasks: Sequence[Any]) -> None:
    if wish.person:
        Task.objects.filter(pk__in=[task.pk for task in tasks]).update(owner=wish.person)


def _cannot_add_tag(wish: Wish, task: Any) -> str:
    has_it = wish.tag in (task.tags or ())
    return _cannot_edit(wish, task) or ("has the tag already" if has_it else "")


def _cannot_remove_tag(wish: Wish, task: Any) -> str:
    has_it = wish.tag in (task.tags or ())
    return _cannot_edit(wish, task) or ("" if has_it else "does not have the tag")


def _add_tag(wish: Wish, task: Task) -> None:
    def add(document: Document) -> Document:
        tags = [tag for tag in document["tags"] if tag != wish.tag]
        return {**document, "tags": [*tags, wish.tag]}

    change(task, add, by=wish.by)


def _remove_tag(wish: Wish, task: Task) -> None:
    def remove(document: Document) -> Document:
        return {**document, "tags": [tag for tag in document["tags"] if tag != wish.tag]}

    change(task, remove, by=wish.by)


def _cannot_submit(wish: Wish, task: Any) -> str:
    if reason := _cannot_edit(wish, task):
        return reason
    if task.state == "in_review":
        return "is in review already"
    waiting = (Revision.State.CHANGES_REQUESTED, Revision.State.APPROVED)
    if not task.draft.is_ahead and task.newest_state in waiting:
        word = "changes were requested" if task.newest_state == waiting[0] else "it was approved"
        return f"nothing was changed since {word}"
    if errors := task.draft.findings.get("errors", 0):
        return f"lint finds {errors} {'error' if errors == 1 else 'errors'}"
    return _unfinished(task.draft.content)


def _unfinished(content: Mapping[str, Any]) -> str:
    try:
        read_content(content)
    except GymError as error:
        first, *more = error.message.splitlines()
        return f"is not finished: {first}{f', and {len(more)} more' if more else ''}"
    return ""


def _cannot_retire(wish: Wish, task: Any) -> str:
    if not _is_theirs(wish, task):
        return _not_theirs(task)
    if task.is_retired:
        return "is retired already"
    return "is in review: withdraw it first" if task.state == "in_review" else ""


def _cannot_bring_back(wish: Wish, task: Any) -> str:
    if not _is_theirs(wish, task):
        return _not_theirs(task)
    return "" if task.is_retired else "is not retired"


ACTIONS: Mapping[str, Action] = {
    "reviewer": Action(
        label="Assign a reviewer",
        words="Make {person} the reviewer of",
        takes="person",
        roles=(AUTHOR, REVIEWER, ADMIN),
        obstacle=_cannot_review,
        together=_set_reviewer,
    ),
    "owner": Action(
        label="Assign an owner",
        words="Make {person} the owner of",
        takes="person",
        roles=(ADMIN,),
        obstacle=_cannot_own,
        together=_set_owner,
    ),
    "add_tag": Action(
        label="Add a tag",
        words="Add the tag “{tag}” to",
        takes="tag",
        obstacle=_cannot_add_tag,
        each=_add_tag,
    ),
    "remove_tag": Action(
        label="Remove a tag",
        words="Remove the tag “{tag}” from",
        takes="tag",
        obstacle=_cannot_remove_tag,
        each=_remove_tag,
    ),
    "submit": Action(
        label="Submit for review",
        words="Submit for review",
        obstacle=_cannot_submit,
        reads_content=True,
        each=lambda wish, task: submit(task, by=wish.by),
    ),
    "retire": Action(
        label="Retire",
        words="Retire",
        obstacle=_cannot_retire,
        together=lambda wish, tasks: set_retired([task.pk for task in tasks], is_retired=True),
    ),
    "bring_back": Action(
        label="Bring back",
        words="Bring back",
        obstacle=_cannot_bring_back,
        together=lambda wish, tasks: set_retired([task.pk for task in tasks], is_retired=False),
    ),
}
ROLES_OF_PEOPLE = {"reviewer": REVIEWERS, "owner": OWNERS}  # whom an action takes
