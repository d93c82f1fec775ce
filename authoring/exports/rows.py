"""Tasks as rows of a data set: every row has every column, each of one type, none of them null."""

from collections.abc import Iterator, Mapping
from typing import Any

from authoring.exports.contents import PackContents, PackedTask
from authoring.exports.json_files import json_text
from authoring.exports.packed_worlds import PackedWorld
from authoring.exports.task_files import content_members
from grading.criteria import Criterion

Row = dict[str, Any]
COLUMNS = {
    "task_id": "name of the task, the same in every version",
    "version": "number of the task's revision",
    "prompt": "messages: the system prompt, and what the agent is asked",
    "environment": "the company whose tools the task needs",
    "world": "JSON: name, hash, clock and agent of the world, and the name of the system prompt",
    "rubric": "criteria: criterion_id, text, points (below 0 for harm), tags, kind, check (JSON)",
    "info": "JSON: title, setup, reference, near_misses, budgets, asker, customer, tags, notes, …",
    "canary": "a text that shows where this row has turned up",
    "category": "what kind of work it is",
    "difficulty": "easy, medium or hard",
    "target_level": "the level of failure that it aims at, 1 to 5; 0 where none is named",
    "mode": "autonomous, copilot or conversation",
    "toolset": "the tools that the agent has",
    "family": "tasks that belong together; empty for one of its own",
    "split": "train, test or heldout",
    "n_criteria": "how many criteria the rubric has",
}
_INFO = ("title", "setup", "reference", "near_misses", "budgets", "faults", "asker", "customer",
         "max_results", "tags", "notes")  # fmt: skip


def rows_of(contents: PackContents, worlds: Mapping[str, PackedWorld], split: str) -> Iterator[Row]:
    for task in contents.tasks_of(split):
        yield row_of(task, worlds[task.content.world], contents)


def row_of(task: PackedTask, world: PackedWorld, contents: PackContents) -> Row:
    content = task.content
    messages = {"system": world.prompts[content.system_prompt], "user": content.prompt}
    return {
        "task_id": task.slug,
        "version": task.revision,
        "prompt": [{"role": role, "content": text} for role, text in messages.items()],
        "environment": world.environment,
        "world": json_text(world.members(content.system_prompt)),
        "rubric": [_criterion(criterion) for criterion in content.rubric.criteria],
        "info": json_text(_info(task, contents)),
        "canary": contents.canary,
        "category": content.category,
        "difficulty": content.difficulty,
        "target_level": content.target_level or 0,
        "mode": content.mode,
        "toolset": content.toolset,
        "family": task.family,
        "split": task.split,
        "n_criteria": len(content.rubric.criteria),
    }


def _criterion(criterion: Criterion) -> Row:
    return {
        "criterion_id": criterion.key,
        "text": criterion.text,
        "points": criterion.points,
        "tags": [f"category:{criterion.category}"],
        "kind": criterion.kind,
        "check": json_text(criterion.check),
    }


def _info(task: PackedTask, contents: PackContents) -> dict[str, Any]:
    said = content_members(task)
    notes = {criterion.key: criterion.note for criterion in task.content.rubric.criteria}
    return {
        **{name: said[name] for name in _INFO if name in said},
        "criterion_notes": {key: note for key, note in notes.items() if note},
        "hash": task.hash,
        "pack": contents.name,
    }
