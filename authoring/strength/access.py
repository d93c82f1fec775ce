"""Who sees how strong a task's rubric is: whoever may read the rubric, and of the same content."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q, QuerySet
from django.http import Http404

from authoring.access import visible_task
from authoring.content import TaskContent, bind_content, read_content
from authoring.models import Draft, MutationReport, Revision, Task
from simulation.errors import NotFound
from simulation.roles import ADMIN, REVIEWER, TASK_READERS, has_role
from simulation.state import WorldState
from simulation.worlds import find_world, load_snapshot

SHOWN_STATES = (Revision.State.APPROVED, Revision.State.SUPERSEDED)


@dataclass(frozen=True)
class Measured:
    """The content whose rubric is measured, and the revision that says the same, if one does."""

    content: TaskContent
    revision: Revision | None

    @property
    def name(self) -> str:
        return f"revision {self.revision.number}" if self.revision else "the draft"


def task_for(user: User | AnonymousUser, slug: str) -> Task:
    """Give a task whose rubric a person may read; everything else is not found."""
    task = visible_task(user, slug)
    if task.owner_id != user.pk and not has_role(user, *TASK_READERS):
        raise Http404
    return task


def sees_draft(user: User | AnonymousUser, task: Task) -> bool:
    """Tell whether a person sees a task before it is approved, and may speak about its mutants."""
    return task.owner_id == user.pk or has_role(user, REVIEWER, ADMIN)


def reports_for(user: User | AnonymousUser, task: Task) -> QuerySet[MutationReport]:
    reports = task.mutation_reports.select_related("revision__task", "task", "created_by", "judge")
    if not sees_draft(user, task):
        reports = reports.filter(Q(revision__state__in=SHOWN_STATES))
    return reports


def measured_for(user: User | AnonymousUser, task: Task) -> Measured:
    """Give what a person's measuring is about: the draft for those who see it, else the approved
    revision.

    Raises NotFound when there is neither, and Problems for a draft that is not ready.
    """
    return of_draft(task) if sees_draft(user, task) else of_approved(task)


def of_approved(task: Task) -> Measured:
    revision = task.approved
    if revision is None:
        raise NotFound(f"{task} has no approved revision")
    return Measured(revision.value, revision)


def of_draft(task: Task) -> Measured:
    """Give the draft of a task, or its newest revision where there is none.

    Raises NotFound and Problems.
    """
    draft = Draft.objects.filter(task=task).first()
    if draft is None:
        newest = task.revisions.first()
        if newest is None:
            raise NotFound(f"{task} has neither a draft nor a revision")
        return Measured(newest.value, newest)
    content = read_content(draft.content)
    world = find_world(content.world)
    bound = bind_content(content, WorldState(load_snapshot(world)), world.prompts)
    revision = task.revisions.filter(hash=bound.hash).first()
    return Measured(revision.value if revision else bound, revision)
