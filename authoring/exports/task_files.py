"""One task of a bundle as a file."""

from typing import Any

from authoring.exports.contents import PackedTask
from authoring.exports.json_files import json_file


def task_path(slug: str) -> str:
    return f"tasks/{slug}.json"


def task_json(task: PackedTask, canary: str) -> bytes:
    """Give the file: who the task is, then all that it says, its rubric as a list of criteria.

    Fields that are not filled are left out. Nulls inside rows, arguments and checks stay: an
    update by null takes a value away.
    """
    content = content_members(task)
    rubric = content.pop("rubric")["criteria"]
    identity = {
        "id": task.slug,
        "revision": task.revision,
        "hash": task.hash,
        "split": task.split,
        "family": task.family,
        "canary": canary,
    }
    return json_file({**content, "rubric": rubric, **identity})


def content_members(task: PackedTask) -> dict[str, Any]:
    return task.content.model_dump(mode="json", exclude_none=True)
