"""What the reference changes in the world: fields of rows, rows that it makes, rows that go."""

from collections.abc import Iterator
from dataclasses import dataclass

from authoring.drafts.scene import Scene
from simulation.state import Change, WorldState
from simulation.wording import spoken


@dataclass(frozen=True, slots=True)
class Touched:
    """One change; `field` is "" where a row is new or gone."""

    change: Change
    field: str = ""

    @property
    def entity_type(self) -> str:
        return self.change.entity_type

    def says(self) -> str:
        label = spoken(self.entity_type)
        if self.change.before is None:
            return f"a new {label}"
        if self.change.after is None:
            return f"that {label} {self.change.id} is deleted"
        return f"the {spoken(self.field)} of {label} {self.change.id}"


def changes_of(scene: Scene) -> list[Change]:
    """Give the net changes of the reference that somebody meant: the engine's stamps are none."""
    played = scene.played
    if played is None:
        return []
    world = played.evidence.world
    return [
        each for each in played.evidence.diff if _is_new_or_gone(each) or fields_of(each, world)
    ]


def fields_of(change: Change, world: WorldState) -> list[str]:
    """Name the fields that differ, without the stamps."""
    stamps = world.entity_types[change.entity_type].stamps
    return [name for name, _, _ in change.fields if name not in stamps]


def touched_by(scene: Scene) -> Iterator[Touched]:
    played = scene.played
    for change in changes_of(scene):
        if played is None or _is_new_or_gone(change):
            yield Touched(change)
            continue
        for name in fields_of(change, played.evidence.world):
            yield Touched(change, name)


def _is_new_or_gone(change: Change) -> bool:
    return change.before is None or change.after is None
