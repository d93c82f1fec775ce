"""What the keeper tells everybody about its servers: one small file, replaced as a whole."""

import json
import os
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path


class Phase(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"


@dataclass(frozen=True)
class ServerState:
    phase: Phase = Phase.STOPPED
    pid: int | None = None
    error: str = ""


@dataclass(frozen=True)
class KeeperState:
    pid: int
    sockets: str
    servers: dict[str, ServerState] = field(default_factory=dict)

    def phase(self, server: str) -> Phase:
        return self.servers.get(server, ServerState()).phase


def write_state(path: Path, state: KeeperState) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(state)))
    os.replace(draft, path)


def read_state(path: Path) -> KeeperState | None:
    try:
        raw = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    servers = {
        name: ServerState(Phase(server["phase"]), server["pid"], server["error"])
        for name, server in raw["servers"].items()
    }
    return KeeperState(raw["pid"], raw["sockets"], servers)
