"""mcp-tools.json: the tools as they were when the bundle was made; those of today are used."""

from collections.abc import Mapping, Sequence

from authoring.bundles.bundle import BundledWorld
from authoring.exports.contents import PackedTask
from simulation.portability.shelf import Shelf

TOOLS_FILE = "mcp-tools.json"


def check_tools(
    shelf: Shelf, worlds: Mapping[str, BundledWorld], tasks: Sequence[PackedTask]
) -> None:
    """Read the tools beside each world; nothing depends on them."""
    for world in worlds.values():
        path = f"{world.start}{TOOLS_FILE}"
        if path in shelf:
            shelf.json(path)
