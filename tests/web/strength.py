"""A task with a report on its rubric's strength, made plainly."""

from typing import Any

from django.contrib.auth.models import User

from authoring.content import read_content
from authoring.loading import cut_revision
from authoring.models import Draft, MutationReport, Task
from authoring.strength.access import of_draft
from authoring.strength.reports import run_report, start_report
from simulation.models import World
from tests.authoring.folders import PROMPT, TASK


def make_task(owner: User, world: World, slug: str = "sell-lamps", **changes: Any) -> Task:
    """Make a task of the small store with a draft and a first revision that say the same."""
    data = {**TASK, "prompt": PROMPT, "world": str(world), **changes}
    criteria = [{**c, "points": {"important": 2}.get(c.get("points"), 1)} for c in data["rubric"]]
    data["system_prompt"] = next(iter(world.prompts))
    content = read_content({**data, "rubric": {"criteria": criteria}})
    task = Task.objects.create(slug=slug, owner=owner)
    Draft.objects.create(task=task, content=content.model_dump(mode="json"), updated_by=owner)
    cut_revision(task, content, author=owner)
    return task


def make_report(
    owner: User, world: World, *, is_run: bool = True, **changes: Any
) -> MutationReport:
    task = make_task(owner, world, **changes)
    report = start_report(task, of_draft(task), by=owner)
    if is_run:
        run_report(report.pk)
        report.refresh_from_db()
    return report
