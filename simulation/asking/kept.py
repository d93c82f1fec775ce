"""What is the same for all who look at one world: made once a snapshot, gone with it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from simulation.snapshots import Snapshot
from simulation.state import WorldState

Made = TypeVar("Made")


def once_a_snapshot(make: Callable[[WorldState, str], Made]) -> Callable[[WorldState, str], Made]:
    """Keep what a function makes of an untouched clone and an entity type."""
    kept: WeakKeyDictionary[Snapshot, dict[str, Any]] = WeakKeyDictionary()

    @wraps(make)
    def made(world: WorldState, entity_type: str) -> Made:
        of_world = kept.setdefault(world.snapshot, {})
        if entity_type not in of_world:
            of_world[entity_type] = make(world, entity_type)
        found: Made = of_world[entity_type]
        return found

    return made
