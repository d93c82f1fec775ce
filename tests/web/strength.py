"""A task with a report on its rubric's strength, made plainly."""

from typing import Any

from django.contrib.auth.models import User

from authoring.drafts.cutting import cut_revision
from authoring.models import MutationReport, Revision, Task
from authoring.strength.access import of_draft
from authoring.strength.reports import run_report, start_report
from simulation.models import World
from tests.authoring import tasks


def make_task(owner: User, world: World, slug: str = "sell-lamps", **changes: Any) -> Task:
    """Make a task of the small store with a draft and a first revision that say the same."""
    named = {"system_prompt": next(iter(world.prompts)), **changes}
    task = tasks.make_task(owner, world, slug, **named)
    cut_revision(task, by=owner, cause=Revision.Cause.LOADED)
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
