import json
from collections.abc import Callable
from typing import Any

import pytest

from simulation.calls import call_tool
from simulation.environments import environment
from simulation.snapshots import Snapshot, from_document
from simulation.state import WorldState

from .worlds import ENTITIES, document

Call = Callable[..., Any]


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    """A small world whose rows refuse to be changed."""
    return from_document(document(ENTITIES), frozen=True)


@pytest.fixture
def world(snapshot: Snapshot) -> WorldState:
    return WorldState(snapshot)


@pytest.fixture
def call(world: WorldState) -> Call:
    """Call a tool as an agent does, JSON in and JSON out."""
    tools = environment("corecraft").tools

    def call(tool: str, **arguments: Any) -> Any:
        return json.loads(call_tool(world, tools, tool, json.dumps(arguments)).text)

    return call


@pytest.fixture
def ids(call: Call) -> Callable[..., list[str]]:
    """Search, and give the ids in the order in which they came."""
    return lambda tool, **arguments: [row["id"] for row in call(tool, **arguments)]
