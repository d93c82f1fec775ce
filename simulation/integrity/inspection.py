"""A world as its rules see it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulation.entities import Row
from simulation.snapshots import Snapshot
from simulation.state import Change, WorldState


class Inspection:
    """The rows of a world and the list of what in it is untidy on purpose.

    manifest: {type, id, noise} each; what is something else is left out and counted. setup: what
    is changed in the world before it is looked at.
    """

    def __init__(
        self, snapshot: Snapshot, manifest: Sequence[Any] = (), setup: Sequence[Change] = ()
    ) -> None:
        self.snapshot = snapshot
        self.world = WorldState(snapshot, setup)
        self.manifest: Sequence[Mapping[str, str]] = list(filter(_is_entry, manifest))
        self.unreadable = len(manifest) - len(self.manifest)
        self._listed: dict[str, dict[tuple[str, str], None]] = {}
        for entry in self.manifest:
            place = entry["type"], entry["id"]
            self._listed.setdefault(entry["noise"], {})[place] = None

    @property
    def now(self) -> str:
        return self.snapshot.now

    def rows(self, entity_type: str) -> Iterable[Row]:
        """Give the rows that agents can see; those created after the clock are not among them."""
        return self.world.rows(entity_type)

    def get(self, entity_type: str, key: object) -> Row | None:
        """Give a row by what a reference holds, None for an absent reference and a missing row."""
        return self.world.get(entity_type, key) if isinstance(key, str) else None

    def find(self, entity_type: str, path: str, value: object) -> Sequence[Row]:
        """Give the rows with this value at a dotted path (indexed)."""
        return self.world.find(entity_type, path, value)

    def lists(self, noise: str, entity_type: str, key: str) -> bool:
        """Tell whether the manifest lists a row as untidy in this way."""
        return (entity_type, key) in self._listed.get(noise, ())

    def listed(self, noise: str, entity_type: str) -> list[Row]:
        """Give the rows of a type that the manifest lists under a noise, as far as there are."""
        places = self._listed.get(noise, ())
        found = (self.world.get(kind, key) for kind, key in places if kind == entity_type)
        return [row for row in found if row is not None]


def _is_entry(entry: Any) -> bool:
    members = ("type", "id", "noise")
    return isinstance(entry, Mapping) and all(isinstance(entry.get(m), str) for m in members)
