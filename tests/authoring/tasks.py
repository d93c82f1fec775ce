"""Tasks made plainly: of content, or of the small store's example with changes."""

from typing import Any

from django.contrib.auth.models import User

from authoring.content import DraftContent, TaskContent
from authoring.drafts.cutting import cut_revision
from authoring.drafts.saving import replace_draft
from authoring.models import Revision, Task
from simulation.models import World
from tests.authoring.folders import PROMPT, TASK

POINTS = {"important": 2}


def content_of(world: World, **changes: Any) -> dict[str, Any]:
    """Give the content of the small store's task as JSON; a change replaces a field."""
    data = {**TASK, "prompt": PROMPT, "world": str(world), **changes}
    data.setdefault("system_prompt", next(iter(world.prompts)))
    if isinstance(data["rubric"], list):
        points = [{**c, "points": POINTS.get(c.get("points"), 1)} for c in data["rubric"]]
        data["rubric"] = {"criteria": points}
    return DraftContent.model_validate(data).model_dump(mode="json")


def make_task(owner: User, world: World, slug: str = "sell-lamps", **changes: Any) -> Task:
    """Make a task with a draft that is ahead of every revision: there is none."""
    task = Task.objects.create(slug=slug, owner=owner)
    replace_draft(task, content_of(world, **changes), by=owner)
    return task


def make_revision(task: Task, state: str = "saved", **changes: Any) -> Revision:
    """Cut a revision of a task's draft, with changes, and put it into a state."""
    if changes:
        replace_draft(task, {**task.draft.content, **changes}, by=task.owner)
    revision = cut_revision(task, by=task.owner, cause=Revision.Cause.SUBMIT)
    Revision.objects.filter(pk=revision.pk).update(state=state)
    revision.refresh_from_db()
    task.refresh_from_db()
    return revision


def cut(task: Task, content: TaskContent, *, by: User) -> Revision:
    """Make content the draft of a task, and its next revision."""
    replace_draft(task, content.model_dump(mode="json"), by=by)
    return cut_revision(task, by=by, cause=Revision.Cause.LOADED)
