"""Ticks: a reviewer has looked at a criterion. A tick falls when the criterion changes."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User

from authoring.content import DraftCriterion
from authoring.models import Revision, Task, Tick
from authoring.reviewing.people import may_judge
from simulation.errors import Conflict, NotFound


def ticks_of(task: Task, reviewer: User) -> dict[str, str]:
    """Give the hash under which each criterion was ticked, by key."""
    ticks = Tick.objects.filter(task=task, reviewer=reviewer)
    return dict(ticks.values_list("criterion", "hash"))


def count_ticked(ticks: Mapping[str, str], criteria: Iterable[DraftCriterion]) -> int:
    """Count the ticks that hold."""
    return sum(ticks.get(criterion.key) == criterion.hash for criterion in criteria)


def tick(revision: Revision, key: str, *, by: User, is_on: bool) -> None:
    """Tick a criterion as it is in a revision, or take the tick back.

    Raises Conflict when the revision does not wait for this person, NotFound for a key it lacks.
    """
    if not may_judge(by, revision):
        raise Conflict(f"{revision} does not wait for your review any more.")
    criteria = {each.key: each for each in revision.draft_value.rubric.criteria}
    if key not in criteria:
        raise NotFound(f"{revision} has no criterion {key[:80]!r}")
    if is_on:
        Tick.objects.update_or_create(
            task=revision.task,
            reviewer=by,
            criterion=key,
            defaults={"hash": criteria[key].hash},
        )
    else:
        Tick.objects.filter(task=revision.task, reviewer=by, criterion=key).delete()
