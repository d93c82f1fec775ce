"""Revisions as people look for them: which one may see, by name, and bringing one back."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404

from authoring.access import TaskLook
from authoring.content import DraftContent
from authoring.drafts.cutting import cut_revision
from authoring.drafts.saving import replace_draft
from authoring.models import Draft, Revision, Task
from simulation.errors import InvalidArgument

DRAFT = "draft"
REVIEWED = (Revision.State.APPROVED, Revision.State.SUPERSEDED)
LONGEST_NAME = 200


@dataclass(frozen=True)
class Version:
    """A state of a task that is looked at: a revision, or the draft as it is now."""

    word: str
    content: DraftContent
    revision: Revision | None


def revisions_for(look: TaskLook) -> QuerySet[Revision]:
    """Give the revisions that a person may see, newest first: all to those who see the draft."""
    revisions = look.task.revisions.select_related("author")
    if not look.sees_draft:
        revisions = revisions.filter(state__in=REVIEWED)
    return revisions


def find_version(look: TaskLook, asked: str) -> Version:
    """Give the draft, or the revision of a number. Raises Http404 for what one may not see."""
    if asked == DRAFT:
        if look.draft is None:
            raise Http404
        return Version("the draft", look.content, None)
    is_number = asked.isdecimal() and asked.isascii() and len(asked) < 9
    found = revisions_for(look).filter(number=int(asked)).first() if is_number else None
    if found is None:
        raise Http404
    return Version(f"revision {found.number}", found.draft_value, found)


@transaction.atomic
def name_draft(task: Task, name: str, *, by: User) -> Revision:
    """Keep the draft as it is now under a name. Raises InvalidArgument for a name of no use."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidArgument(f"write a name of 1 to {LONGEST_NAME} characters", field="name")
    return cut_revision(task, by=by, cause=Revision.Cause.NAMED, name=name, complete=False)


@transaction.atomic
def restore(task: Task, revision: Revision, *, by: User) -> Draft:
    """Make the draft what a revision says. What the draft said before is kept as a revision."""
    cut_revision(task, by=by, cause=Revision.Cause.RESTORED, complete=False)
    return replace_draft(task, revision.content, by=by)
