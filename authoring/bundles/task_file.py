"""tasks/<slug>.json: the content of a task and what the pack says of it."""

from collections.abc import Mapping
from typing import Any

from authoring.bundles.limits import MAX_TASK_FILE, MAX_TASKS
from authoring.bundles.members import PackFile, TaskHead, read_members
from authoring.content import TaskContent, read_content, read_draft
from authoring.exports.contents import PackedTask
from authoring.exports.task_files import task_path
from simulation.errors import Problems
from simulation.portability.problems import Findings
from simulation.portability.shelf import Shelf

TASKS = "tasks"


def read_tasks(shelf: Shelf, pack: PackFile | None) -> list[PackedTask]:
    """Read all tasks in order of their slugs; what is wrong becomes findings."""
    paths = shelf.paths(f"{TASKS}/", ".json")
    if len(paths) > MAX_TASKS:
        shelf.findings.add(TASKS, f"there are more than {MAX_TASKS:,} tasks")
        return []
    read = (_read_task(shelf, path, pack) for path in sorted(paths))
    return sorted((task for task in read if task), key=lambda task: task.slug)


def _read_task(shelf: Shelf, path: str, pack: PackFile | None) -> PackedTask | None:
    findings = shelf.findings
    if len(shelf.take(path)) > MAX_TASK_FILE:
        findings.add(path, f"is larger than {MAX_TASK_FILE // 1_000_000} MB")
        return None
    value = shelf.members(path, [*TaskHead.model_fields, *TaskContent.model_fields])
    if value is None:
        return None
    head = read_members(TaskHead, value, path, findings)
    content = _read_content(value, path, findings)
    if head is None or content is None:
        return None
    _check_head(head, content, path, pack, findings)
    return PackedTask(
        slug=head.id,
        revision=head.revision,
        hash=head.hash,
        family=head.family,
        split=head.split,
        content=content,
    )


def _read_content(value: Mapping[str, Any], path: str, findings: Findings) -> TaskContent | None:
    data = {name: value[name] for name in TaskContent.model_fields if name in value}
    criteria = data.get("rubric")
    if not isinstance(criteria, list):
        findings.add(path, "write a list of criteria", field="rubric")
        return None
    data["rubric"] = {"criteria": criteria}
    try:
        content = read_content(data)
        read_draft(data)  # its lists have bounds
    except Problems as error:
        for line in error.problems:
            place, _, text = line.partition(": ")
            findings.add(path, text, field=place.replace("rubric.criteria", "rubric"))
        return None
    return content


def _check_head(
    head: TaskHead,
    content: TaskContent,
    path: str,
    pack: PackFile | None,
    findings: Findings,
) -> None:
    if path != task_path(head.id):
        findings.add(
            path, f"is the file of another task: write it as {task_path(head.id)}", field="id"
        )
    if content.hash != head.hash:
        findings.add(path, f"does not fit the content, whose hash is {content.hash}", field="hash")
    if pack is None:
        return
    if head.canary != pack.canary:
        findings.add(path, "is not the canary of pack.json", field="canary")
    if content.world not in {world.name for world in pack.worlds}:
        there_are = ", ".join(world.name for world in pack.worlds)
        findings.add(
            path, f"{content.world} is not in the bundle; it has {there_are}", field="world"
        )
