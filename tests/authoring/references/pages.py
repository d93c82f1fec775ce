"""What tests of these tabs ask again and again."""

from typing import Any

from django.urls import reverse

from authoring.models import Task


def url(task: Task, name: str = "page", *arguments: Any, miss: int | None = None) -> str:
    given = [task.slug, *([miss] if miss else []), *arguments]
    return reverse(f"reference:{name}", args=given)


def body_of(response: Any) -> str:
    return str(response.content.decode())


def steps_of(task: Task) -> list[dict[str, Any]]:
    task.draft.refresh_from_db()
    steps: list[dict[str, Any]] = task.draft.content["reference"]
    return steps
