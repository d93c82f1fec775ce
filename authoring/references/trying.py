"""The playground on a task's setup: who writes the task builds its solutions there, who reviews it
solves it there before its reference is shown."""

from django.contrib.auth.models import User
from django.db.models import Sum
from django.urls import NoReverseMatch, reverse

from authoring.access import TaskLook
from authoring.models import Task
from authoring.references import changes
from authoring.references.changes import Step
from authoring.splits import HELD_OUT
from grading.held_out import scene_of
from simulation import markdown
from simulation.errors import Conflict
from simulation.models import Episode, World
from simulation.pages import Choice
from simulation.playground.reference import TakenCalls
from simulation.playground.scenes import Scene
from simulation.playground.scratch import Scratch, read_scratch
from simulation.playground.stage import Stage


def calls_made(user: User, task: Task) -> int:
    """Count the calls that somebody made in their clones of a task, refused ones too."""
    mine = Episode.objects.scratches().filter(owner=user, scene=scene_of(task.slug))
    return mine.aggregate(calls=Sum("step_count"))["calls"] or 0


def scratch_scene(look: TaskLook) -> Scene:
    """Lay out what a task's clones begin with. Raises Conflict where the task is not ready."""
    content = look.content
    world = task_world(look)
    if look.scene.setup_problems:
        raise Conflict("the setup cannot be applied yet: mend it first, then try the tools")
    if content.toolset not in world.company.toolsets:
        raise Conflict(f"{world} has no toolset {content.toolset!r}: choose another one first")
    return Scene(
        name=scene_of(look.task.slug),
        prompt=content.prompt,
        setup=content.setup,
        toolset=content.toolset,
        max_results=content.page_size,
        is_held_out=look.task.split == HELD_OUT,
    )


def task_world(look: TaskLook) -> World:
    """Raises Conflict for a task without a world."""
    if look.scene.world is None:
        raise Conflict(look.scene.world_problem)
    return look.scene.world


def stage_of(look: TaskLook) -> Stage:
    """Set the stage of a task for one person. Raises Conflict where the task is not ready."""
    task, world = look.task, task_world(look)
    base = reverse("reference:try", args=[task.slug])
    return Stage(
        world=world,
        base=base,
        title="Try it in the playground",
        lead="The tools that the agent has, in a clone of the world with this task's setup. The"
        " clone is yours alone, and nothing here touches the world.",
        crumbs=(
            Choice(value="", label="Tasks", url=reverse("tasks:list")),
            Choice(
                value="",
                label=look.content.title or task.slug,
                url=reverse("editor:prompt", args=[task.slug]),
            ),
        ),
        toolsets=(look.content.toolset,),
        scene=scratch_scene(look),
        take_url=f"{base}-/take/" if look.may_edit else "",
        take_label="Take these calls",
        prompt=markdown.render(look.content.prompt),
        back=_back(look),
    )


def review_url(task: Task) -> str:
    """Give the page on which a task is reviewed, "" where there is none."""
    try:
        return reverse("review:page", args=[task.slug])
    except NoReverseMatch:
        return ""


def _back(look: TaskLook) -> Choice:
    """Lead an author back to the steps, a reviewer to the review."""
    review = "" if look.may_edit else review_url(look.task)
    if review:
        return Choice(value="", label="Back to the review", url=review)
    page = reverse("reference:page", args=[look.task.slug])
    return Choice(value="", label="Back to the reference", url=page)


def clone_of(look: TaskLook) -> Scratch | None:
    """Give somebody's clone of a task, None while they have called nothing. Raises Conflict."""
    return read_scratch(task_world(look), look.user, scene=scratch_scene(look))


def as_steps(taken: TakenCalls) -> list[Step]:
    return [{"call": step["call"], "arguments": step.get("arguments", {})} for step in taken.steps]


def appended(steps: list[Step], taken: list[Step]) -> list[Step]:
    """Put calls behind those that are there; their references count on from them."""
    place = changes.end_of(steps)
    before = changes.calls_before(steps, place)
    return changes.insert(steps, place, changes.shifted(taken, before))


def replaced(steps: list[Step], taken: list[Step]) -> list[Step]:
    """Put calls in the place of those that are there; the last message stays."""
    return [*taken, *steps[changes.end_of(steps) :]]
