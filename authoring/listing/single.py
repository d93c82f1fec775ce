"""What can be done to one task as a whole, from the head of its pages."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from authoring.access import TaskLook
from authoring.listing.beginning import BEGINNERS
from simulation.roles import ADMIN, has_role


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAction:
    """A button: `url` is posted to."""

    label: str
    icon: str
    url: str


def task_actions(look: TaskLook) -> tuple[TaskAction, ...]:
    return tuple(_actions(look))


def _actions(look: TaskLook) -> Iterator[TaskAction]:
    task = look.task
    if has_role(look.user, *BEGINNERS) and look.sees_rubric and not look.hides_reference:
        url = reverse("tasks:duplicate", args=[task.slug])
        yield TaskAction(label="Duplicate", icon="copy", url=url)
    if not (look.is_owner or has_role(look.user, ADMIN)):
        return
    if task.is_retired:
        url = reverse("tasks:bring_back", args=[task.slug])
        yield TaskAction(label="Bring back", icon="rotate-ccw", url=url)
    else:
        url = reverse("tasks:retire", args=[task.slug])
        yield TaskAction(label="Retire", icon="ban", url=url)
