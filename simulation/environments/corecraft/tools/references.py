"""Checks of ids that an agent gives."""

from simulation.state import WorldState


def need_given(world: WorldState, entity_type: str, key: str | None, *, field: str) -> None:
    """Raise NotFound, naming the parameter, when an id is given and there is no such row."""
    if key is not None:
        world.need(entity_type, key, field=field)
