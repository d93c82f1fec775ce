"""A task of the small store, handed in, and shorthands for what people do with it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from authoring.access import TaskLook, look_at_task
from authoring.drafts.saving import replace_draft
from authoring.lint import RULES, Finding, Severity
from authoring.models import Revision, Task
from authoring.reviewing.checklist import KEYS, Answer, answer_checklist
from authoring.reviewing.judging import reveal
from authoring.reviewing.submission import submit
from authoring.reviewing.ticks import tick
from simulation.models import World
from tests.authoring.tasks import make_task


@pytest.fixture
def task(author: User, store_world: World) -> Task:
    return make_task(author, store_world)


@pytest.fixture
def revision(task: Task, author: User) -> Revision:
    """The task's first revision, in review."""
    return submit(task, by=author)


def change(task: Task, **changes: Any) -> Task:
    replace_draft(task, {**task.draft.content, **changes}, by=task.owner)
    task.refresh_from_db()
    return task


def look(task: Task, person: User) -> TaskLook:
    """A fresh look, as every request has."""
    return look_at_task(User.objects.get(pk=person.pk), task.slug)


def examine(revision: Revision, reviewer: User, *, is_revealed: bool = True) -> None:
    """Do all that a reviewer does before they approve."""
    for criterion in revision.value.rubric.criteria:
        tick(revision, criterion.key, by=reviewer, is_on=True)
    answer_checklist(revision, {key: Answer(is_fine=True) for key in KEYS}, by=reviewer)
    if is_revealed:
        reveal(revision, by=reviewer)


@pytest.fixture
def strict_rule() -> Iterator[Callable[[str], None]]:
    """A rule of lint that finds an error in tasks with a certain word in their prompt."""
    list(RULES)  # the others are loaded first

    def strict(scene: Any) -> Iterator[Finding]:
        if "FORBIDDEN" in scene.content.prompt:
            yield Finding(
                rule="T99", severity=Severity.ERROR, place="prompt", why="Says what it must not."
            )

    RULES.add("T99")(strict)
    yield strict
    RULES._parts.pop("T99")
