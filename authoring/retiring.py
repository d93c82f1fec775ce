"""Retiring tasks and bringing them back: they are in no new pack or run."""

from collections.abc import Collection

from django.contrib.auth.models import User
from django.db import transaction

from authoring.models import Revision, Task
from simulation.errors import Conflict, Forbidden
from simulation.roles import ADMIN, has_role


@transaction.atomic
def retire(task: Task, *, by: User) -> None:
    """Raises Forbidden for others than its owner and admins, Conflict while it is in review."""
    held = _hold(task, by)
    if held.revisions.filter(state=Revision.State.IN_REVIEW).exists():
        raise Conflict(f"{task} is in review: withdraw it first")
    set_retired([held.pk], is_retired=True)


@transaction.atomic
def bring_back(task: Task, *, by: User) -> None:
    """Raises Forbidden for others than its owner and admins."""
    set_retired([_hold(task, by).pk], is_retired=False)


def set_retired(pks: Collection[int], *, is_retired: bool) -> None:
    """Write it; whoever calls has asked whether it may be."""
    Task.objects.filter(pk__in=pks).update(is_retired=is_retired)


def _hold(task: Task, by: User) -> Task:
    held = Task.objects.select_for_update().get(pk=task.pk)
    if held.owner_id != by.pk and not has_role(by, ADMIN):
        raise Forbidden(f"{task}: only its owner and admins retire it or bring it back")
    return held
