"""The way from a change in an episode to the row of its world."""

from collections.abc import Callable, Iterable, Iterator

from simulation.addresses import row_url
from simulation.models import Episode, Step
from simulation.state import Change

RowAddress = Callable[[Change], str]


def row_address(episode: Episode, steps: Iterable[Step]) -> RowAddress:
    """Give the function that finds the page of a changed row, "" for one that is not in the world:
    the agent made it, or the setup did."""
    made = frozenset(_made(episode, steps))

    def address(change: Change) -> str:
        names = {(change.entity_type, change.id), (change.entity_type, None)}
        if change.before is None or names & made:
            return ""
        return row_url(episode.world, change.entity_type, change.id)

    return address


def _made(episode: Episode, steps: Iterable[Step]) -> Iterator[tuple[str, str | None]]:
    """Name the rows that are made; a setup may leave the id to the world, which gives None."""
    for operation in episode.spec.get("setup", ()):
        if operation.get("op") == "create":
            yield operation["entity_type"], operation.get("id")
    for step in steps:
        for change in step.changes:
            if change["before"] is None:
                yield change["entity_type"], change["id"]
