"""Who sees what of a task: its draft, its approved revision, its rubric, or its prompt alone."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from authoring.content import DraftContent
from authoring.drafts.scene import Scene, scene_of
from authoring.models import Draft, Reveal, Revision, Task, TaskQuerySet
from simulation.roles import ADMIN, REVIEWER, TASK_READERS, has_role


@dataclass(frozen=True)
class TaskLook:
    """One person's look at one task.

    draft: None where the approved revision is looked at instead. sees_rubric: and reference, setup
    and whatever else gives the task away.
    """

    user: User
    task: Task
    content: DraftContent
    draft: Draft | None
    revision: Revision | None
    may_edit: bool
    sees_rubric: bool

    @property
    def sees_draft(self) -> bool:
        return self.draft is not None

    @property
    def is_owner(self) -> bool:
        return self.task.owner_id == self.user.pk

    @cached_property
    def scene(self) -> Scene:
        return scene_of(self.content)

    @cached_property
    def in_review(self) -> Revision | None:
        """The revision of the task that waits for a reviewer."""
        return self.task.revisions.filter(state=Revision.State.IN_REVIEW).first()

    @cached_property
    def hides_reference(self) -> bool:
        """Tell whether this person reviews the task and has not asked for its reference yet."""
        if self.may_edit or not self.sees_draft or self.in_review is None:
            return False
        seen = Reveal.objects.filter(revision=self.in_review, reviewer=self.user)
        return not seen.exists()


def visible_tasks(user: User | AnonymousUser) -> TaskQuerySet:
    """Give the tasks that a person may know of."""
    return Task.objects.visible_to(user)


def visible_task(user: User | AnonymousUser, slug: str) -> Task:
    """Give a task that a person may know of; everything else is not found."""
    return get_object_or_404(visible_tasks(user).select_related("owner", "reviewer"), slug=slug)


def unseen_drafts(user: User) -> Q | None:
    """Give the tasks whose draft is not for this person; None when they see all."""
    return None if has_role(user, REVIEWER, ADMIN) else ~Q(owner=user)


def look_at_task(user: User, slug: str) -> TaskLook:
    """Give what a person sees of a task: the draft for its author, reviewers and admins, else the
    approved revision. Raises Http404."""
    task = visible_task(user, slug)
    may_edit = may_edit_task(user, task)
    if task.owner_id == user.pk or has_role(user, REVIEWER, ADMIN):
        draft = Draft.objects.select_related("updated_by").filter(task=task).first()
        if draft is None:
            raise Http404
        draft.task = task
        return TaskLook(user, task, draft.value, draft, None, may_edit, sees_rubric=True)
    revision = task.approved
    if revision is None:
        raise Http404
    sees_rubric = has_role(user, *TASK_READERS)
    return TaskLook(user, task, revision.draft_value, None, revision, False, sees_rubric)


def edit_task(user: User, slug: str) -> TaskLook:
    """Give a task that a person may change. Raises Http404."""
    look = look_at_task(user, slug)
    if not look.may_edit:
        raise Http404
    return look


def look_at_rubric(user: User, slug: str) -> TaskLook:
    """Give a task whose rubric a person may read. Raises Http404."""
    look = look_at_task(user, slug)
    if not look.sees_rubric:
        raise Http404
    return look


def may_edit_task(user: User, task: Task) -> bool:
    """Tell whether somebody may change a task: its author and admins, unless it is retired."""
    is_theirs = task.owner_id == user.pk or has_role(user, ADMIN)
    return is_theirs and not task.is_retired
