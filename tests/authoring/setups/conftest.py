from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from authoring.drafts.document import fingerprint
from authoring.drafts.saving import replace_draft
from authoring.drafts.scene import scene_of
from authoring.models import Draft, Task
from simulation.models import World
from simulation.state import WorldState
from tests.authoring.tasks import make_task

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Desk:
    """A task as its author has it open: pages, forms, and what the draft says after them."""

    def __init__(self, task: Task, person: User) -> None:
        self.task, self.client = task, Client()
        self.client.force_login(person)

    def get(self, path: str = "", **asked: Any) -> HttpResponse:
        return self.client.get(f"/tasks/{self.task.slug}/setup/{path}", asked)

    def post(self, path: str, headers: Any = None, **sent: Any) -> HttpResponse:
        given = {name.replace("__", "."): value for name, value in sent.items()}
        return self.client.post(f"/tasks/{self.task.slug}/setup/{path}", given, headers=headers)

    def text(self, path: str = "", **asked: Any) -> str:
        answer = self.get(path, **asked)
        assert answer.status_code == 200
        return answer.content.decode()

    def ready(self) -> WorldState:
        """Give the clone that an agent begins with."""
        state = scene_of(Draft.objects.get(task=self.task).value).ready
        assert state is not None
        return state

    @property
    def setup(self) -> list[dict[str, Any]]:
        return list(Draft.objects.get(task=self.task).content["setup"])

    def base(self, number: int = 0) -> str:
        """Give the fingerprint of an operation, or of the whole setup."""
        return fingerprint(self.setup[number - 1] if number else self.setup)


@pytest.fixture
def open_task(author: User, store_world: World) -> Callable[..., Desk]:
    """Make a task over the small store, and open it as its author."""

    def open_(*setup: dict[str, Any], **changes: Any) -> Desk:
        world = changes.pop("world", None)
        task = make_task(author, store_world, setup=setup, **changes)
        if world is not None:
            replace_draft(task, {**task.draft.content, "world": world}, by=author)
        return Desk(task, author)

    return open_
