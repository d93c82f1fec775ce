"""The worlds of a pack as their files say what they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from authoring.exports.contents import PackContents
from simulation.portability.files import PROMPTS
from simulation.portability.problems import WORLD_FILE


@dataclass(frozen=True, kw_only=True)
class PackedWorld:
    """A world of a pack without its rows."""

    name: str
    hash: str
    environment: str
    now: str
    agent_employee_id: str
    prompts: Mapping[str, str]

    def members(self, system_prompt: str) -> dict[str, Any]:
        return {
            "name": self.name,
            "hash": self.hash,
            "environment": self.environment,
            "now": self.now,
            "agent_employee_id": self.agent_employee_id,
            "system_prompt": system_prompt,
        }


def packed_worlds(contents: PackContents) -> dict[str, PackedWorld]:
    """Read the worlds of a pack, one after another: the rows of none stay in memory."""
    return {
        world["name"]: read_world(world, contents.world_head(world["name"]))
        for world in contents.worlds
    }


def read_world(world: Mapping[str, str], files: Mapping[str, bytes]) -> PackedWorld:
    identity = orjson.loads(files[WORLD_FILE])
    prompts = {path: data for path, data in files.items() if path.startswith(f"{PROMPTS}/")}
    return PackedWorld(
        name=world["name"],
        hash=world["hash"],
        environment=identity["environment"],
        now=identity["now"],
        agent_employee_id=identity.get("agentEmployeeId", ""),
        prompts={_prompt_name(path): data.decode() for path, data in prompts.items()},
    )


def _prompt_name(path: str) -> str:
    return path.removeprefix(f"{PROMPTS}/").removesuffix(".md")
