"""Many tasks quickly: copies of one row each, written together."""

from typing import Any

from django.contrib.auth.models import User

from authoring.models import Draft, Revision, Task
from grading.models import Run
from grading.verdicts import grade_episode
from simulation.models import World
from simulation.runner import run_episode
from tests.authoring.tasks import content_of
from tests.factories import make_plan, make_run, reference, scripted


def make_many(owner: User, world: World, count: int, **changes: Any) -> list[Task]:
    """Make so many approved tasks, many-0 and so on, by three statements."""
    content = content_of(world, **changes)
    first = Task.objects.filter(slug__startswith="many-").count()
    tasks = Task.objects.bulk_create(
        Task(slug=f"many-{first + n}", owner=owner) for n in range(count)
    )
    Draft.objects.bulk_create(
        Draft(task=task, content=content, hash="x", findings={"errors": 1}, updated_by=owner)
        for task in tasks
    )
    Revision.objects.bulk_create(
        Revision(task=task, number=1, content=content, hash="x", author=owner, state="approved")
        for task in tasks
    )
    return tasks


def run_agents(world: World, subject: str, *, owner: User, **fields: Any) -> Run:
    """Run an agent that passes and one that does not on a subject, and grade them."""
    agents = (reference(), scripted({"text": "No."}))
    plans = [make_plan(world, subject=subject, agent=agent) for agent in agents]
    run = make_run(*plans, owner=owner, **fields)
    for rollout in run.rollouts.all():
        run_episode(rollout.episode_id)
        grade_episode(rollout.episode_id)
    return run
