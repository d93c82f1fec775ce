"""The one place where runs of wishes are launched."""

import secrets
from collections.abc import Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from authoring.holding import hold_tasks
from authoring.launching.agents import Agent
from authoring.launching.plans import Conditions, plans_of
from authoring.launching.resolving import Launch, check_launchable, check_may_launch, resolve
from authoring.launching.wish import LARGEST_SEED, Wish
from authoring.models import Revision, Task
from grading.models import Run
from grading.runs import launch_run, run_of_key
from simulation.errors import Conflict


@transaction.atomic
def launch(wish: Wish, *, by: User, key: str = "") -> Run:
    """Launch a run of what can be run of a wish, in one transaction.

    key: launching again with the same key gives the run that there is.
    Raises Forbidden, Problems for what is not there, Conflict where nothing is left to run.
    """
    check_may_launch(by)
    if known := run_of_key(by, key):
        return known
    return launch_found(resolve(wish, by), by=by, key=key)


@transaction.atomic
def launch_found(found: Launch, *, by: User, key: str = "") -> Run:
    """Launch a run of what was found to be launchable. Raises Conflict where that is nothing."""
    check_may_launch(by)
    check_launchable(found)
    wish = found.wish
    seed = secrets.randbelow(LARGEST_SEED) if wish.seed is None else wish.seed
    conditions = Conditions(
        repeats=wish.repeats,
        limits=wish.limits,
        faults=wish.faults,
        player=found.player,
        seed=seed,
    )
    return launch_run(
        title=found.title,
        kind=wish.kind,
        owner=by,
        plans=plans_of(_work(found), _held(found), conditions),
        source=found.source,
        key=key,
        judge=found.judge,
        max_running=wish.max_running,
        request=wish.kept(),
        seed=seed,
    )


def _held(found: Launch) -> Mapping[int, Task]:
    tasks = hold_tasks({subject.task_id for subject in found.subjects})
    if retired := sorted(task.slug for task in tasks.values() if task.is_retired):
        raise Conflict(f"{', '.join(retired)}: retired meanwhile; launch again without them")
    return tasks


def _work(found: Launch) -> list[tuple[Revision, Sequence[Agent]]]:
    """Give the revisions by slug, each with the agents that try it."""
    who: dict[int, list[Agent]] = {subject.revision_id: [] for subject in found.subjects}
    for agent, subjects in found.parts:
        for subject in subjects:
            who[subject.revision_id].append(agent)
    revisions = Revision.objects.filter(pk__in=who).select_related("task", "author")
    return [(revision, who[revision.pk]) for revision in revisions.order_by("task__slug")]
