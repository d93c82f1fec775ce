"""The bundle: everything that is needed to run and grade the tasks of a pack, and to import it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from authoring.exports import EXPORTERS, Exporter, Files
from authoring.exports.contents import PackContents
from authoring.exports.heads import head, introduction
from authoring.exports.json_files import json_file
from authoring.exports.task_files import task_json, task_path
from simulation.environments import environment
from simulation.portability.problems import WORLD_FILE
from simulation.tools import tool_definitions

TOOLS_FILE = "mcp-tools.json"
REPLAY = """\
## Replay

`manage.py replay_bundle FOLDER`, with the package `enterprisegym` installed and no database, plays
the reference of every task in this bundle and grades it by the task's rubric.

`pack.json` says what the pack is, `tasks/` has one file a task, `manifest.json` the size and the
sha256 of every file. A world is its `world.json`, the rows of `entities/`, the texts of
`system-prompts/`, and `mcp-tools.json`: the tools of each toolset that a task names."""


def files(contents: PackContents) -> Files:
    yield "README.md", [f"{introduction(contents)}\n\n{REPLAY}\n".encode()]
    yield "pack.json", [json_file(_pack(contents))]
    toolsets = defaultdict(set)
    for task in contents.tasks():
        toolsets[task.content.world].add(task.content.toolset)
        yield task_path(task.slug), [task_json(task, contents.canary)]
    for world in contents.worlds:
        yield from _world(contents, world["name"], toolsets[world["name"]])


def world_folder(contents: PackContents, name: str) -> str:
    """Say where a world's files are: "" at the top, where there is one world."""
    return f"worlds/{name}" if len(contents.worlds) > 1 else ""


def _pack(contents: PackContents) -> dict[str, Any]:
    worlds = [{**world, "path": world_folder(contents, world["name"])} for world in contents.worlds]
    return {**head(contents, "bundle"), "worlds": worlds}


def _world(contents: PackContents, name: str, toolsets: Collection[str]) -> Files:
    files = dict(contents.world_files(name))
    files[TOOLS_FILE] = _tools(files[WORLD_FILE], toolsets)
    folder = world_folder(contents, name)
    for path, data in sorted(files.items()):
        yield f"{folder}/{path}".removeprefix("/"), [data]


def _tools(world_file: bytes, toolsets: Collection[str]) -> bytes:
    """Describe the tools as agents see them; a toolset that the company gave up is not there."""
    company: Mapping[str, Any] = environment(orjson.loads(world_file)["environment"]).toolsets
    return json_file({name: tool_definitions(company[name]) for name in toolsets & company.keys()})


EXPORTERS.add("bundle")(
    Exporter(
        title="Bundle",
        purpose="Run and grade the tasks anywhere without a database, or bring the pack into "
        "another installation.",
        files=files,
    )
)
