"""Dry runs made plainly: of a task that people decide a criterion of, played to their end."""

from typing import Any

from django.contrib.auth.models import User

from authoring.dry_runs.starting import start_dry_run
from authoring.models import DryRun, Task
from grading.models import Assessment, Rollout
from simulation.models import World
from tests.authoring.folders import CRITERIA
from tests.authoring.tasks import make_task
from tests.web.conftest import finish

PAID, SHELF = ({**criterion, "points": 1} for criterion in CRITERIA)
KIND = {
    "key": "kind-words",
    "text": "The answer is kind.",
    "check": {"kind": "human", "instructions": "Is it kind?"},
}
SELLS_ONE = {
    "name": "sells one lamp",
    "solution": [
        {"call": "sell", "arguments": {"buyer": "dee", "item_id": "lamp", "qty": 1}},
        {"call": "updateSale", "arguments": {"sale_id": {"$ref": "1.id"}, "status": "paid"}},
        {"message": "Sold one."},
    ],
}


def make_tried_task(owner: User, world: World, *criteria: dict[str, Any], **changes: Any) -> Task:
    """A task with two criteria that rules decide, others as given, and a near-miss."""
    rubric = {"criteria": [PAID, SHELF, *criteria]}
    return make_task(owner, world, **{"rubric": rubric, "near_misses": [SELLS_ONE], **changes})


def make_dry_run(task: Task, *, by: User | None = None, **options: Any) -> DryRun:
    dry_run = start_dry_run(task, by=by or task.owner, **options)
    finish(dry_run.run)
    return dry_run


def rollout_of(dry_run: DryRun, agent: str = "reference") -> Rollout:
    return dry_run.run.rollouts.get(agent=agent)


def reference_of(dry_run: DryRun) -> Assessment:
    return rollout_of(dry_run).assessments.get()
