"""Revisions: a draft frozen at a moment that somebody may want to come back to.

They are cut when an editing session ends, before a dry run, on submit, when one is given a name, on
load from files; and only if the content changed.
"""

import datetime as dt

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from authoring.content import DraftContent, TaskContent, bind_content, read_content
from authoring.models import Draft, Revision, Task
from simulation.state import WorldState
from simulation.worlds import find_world, load_snapshot

MOST = 500  # sessions that one round ends


@transaction.atomic
def cut_revision(
    task: Task, *, by: User, cause: Revision.Cause, name: str = "", complete: bool = True
) -> Revision:
    """Freeze a task's draft; gives the newest revision when that says the same already.

    complete: whether unfinished content is refused, with Problems that name everything missing.
    """
    Task.objects.select_for_update().get(pk=task.pk)
    draft = Draft.objects.select_for_update().get(task=task)
    content = complete_content(draft.value) if complete else draft.value
    return freeze(draft, content, by=by, cause=cause, name=name)


def complete_content(content: DraftContent) -> TaskContent:
    """Read a draft as a whole task, bound to its world. Raises Problems."""
    whole = read_content(content.model_dump(mode="json"))
    world = find_world(whole.world)
    return bind_content(whole, WorldState(load_snapshot(world)), world.prompts)


def freeze(
    draft: Draft,
    content: DraftContent | TaskContent,
    *,
    by: User,
    cause: Revision.Cause,
    name: str = "",
) -> Revision:
    """Cut the next revision of a draft that is locked, unless the newest says the same."""
    newest = draft.task.revisions.first()
    data = content.model_dump(mode="json")
    if newest is None or newest.hash != content.hash:
        newest = Revision.objects.create(
            task=draft.task,
            number=newest.number + 1 if newest else 1,
            name=name,
            cause=cause,
            content=data,
            hash=content.hash,
            author=by,
        )
    elif name and newest.name != name:
        Revision.objects.filter(pk=newest.pk).update(name=name)
        newest.name = name
    Draft.objects.filter(pk=draft.pk).update(content=data, hash=content.hash, is_ahead=False)
    return newest


def end_sessions(older_than: dt.timedelta) -> int:
    """Cut a revision of every draft that nobody has saved for so long. Gives how many."""
    before = timezone.now() - older_than
    quiet = Draft.objects.filter(is_ahead=True, updated_at__lt=before).order_by("updated_at")
    ended = 0
    for pk in list(quiet.values_list("pk", flat=True)[:MOST]):
        ended += _end_session(pk, before)
    return ended


@transaction.atomic
def _end_session(pk: int, before: dt.datetime) -> bool:
    held = Draft.objects.select_for_update(of=("self",)).select_related("task", "updated_by")
    draft = held.filter(pk=pk, is_ahead=True, updated_at__lt=before).first()
    if draft is None:
        return False
    Task.objects.select_for_update().get(pk=draft.task_id)
    freeze(draft, draft.value, by=draft.updated_by, cause=Revision.Cause.SESSION)
    return True
