"""mcp-tools.json: the tools as they were when the bundle was made; those of today are used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from authoring.bundles.bundle import BundledWorld
from authoring.exports.contents import PackedTask
from authoring.exports.json_files import json_file
from simulation.environments import Environment
from simulation.portability.shelf import Shelf
from simulation.tools import tool_definitions
from simulation.wording import listed

TOOLS_FILE = "mcp-tools.json"


def check_tools(
    shelf: Shelf, worlds: Mapping[str, BundledWorld], tasks: Sequence[PackedTask]
) -> None:
    """Read the tools beside each world; where those of today differ, that is worth a note."""
    for world in worlds.values():
        path = f"{world.start}{TOOLS_FILE}"
        said = shelf.json(path)
        if said is None:
            continue
        if not isinstance(said, dict):
            shelf.findings.add(path, "write an object of toolsets and their tools")
            continue
        named = {task.content.toolset for task in tasks if task.content.world == world.name}
        if different := sorted(set(_different(said, world.snapshot.company, named))):
            text = f"the tools of today differ from those it was made with: {listed(different)}"
            shelf.findings.note(path, text)


def _different(said: Mapping[str, Any], company: Environment, named: set[str]) -> Iterator[str]:
    """Name the tools, or whole toolsets, that are not as they were."""
    for toolset in sorted(named | said.keys()):
        if toolset not in company.toolsets or not isinstance(said.get(toolset), list):
            yield toolset
            continue
        today = orjson.loads(json_file(tool_definitions(company.toolsets[toolset])))
        yield from (_name(tool) for tool in today if tool not in said[toolset])
        yield from (_name(tool) for tool in said[toolset] if tool not in today)


def _name(tool: Any) -> str:
    return str(tool.get("name", "")) if isinstance(tool, dict) else "what is no tool"
