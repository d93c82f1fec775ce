"""The world of a task with its setup in it, as its author walks through it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from authoring.access import TaskLook
from authoring.drafts.scene import Scene
from simulation.browser.links import Links
from simulation.entities import Row
from simulation.models import World
from simulation.patched import Patched
from simulation.setup import Applied, apply_each
from simulation.snapshots import Snapshot
from simulation.state import Change, WorldState

Operation = Mapping[str, Any]
REFERENCE = "@"


class SetupLinks(Links):
    """Rows that the setup makes lead to their operation, lists to where rows are chosen."""

    def __init__(self, world: World, snapshot: Snapshot, slug: str, made: Mapping[Any, int]):
        super().__init__(world, snapshot)
        self.slug = slug
        self.made = made

    def list_url(self, entity_type: str, query: str = "") -> str:
        url = reverse("setup:rows", args=[self.slug, entity_type])
        return f"{url}{f'?{query}' if query else ''}"

    def row_url(self, entity_type: str, key: str, query: str = "") -> str:
        if number := self.made.get((entity_type, key)):
            return f"{reverse('setup:page', args=[self.slug])}#op-{number}"
        return Links(self.world, self.snapshot).row_url(entity_type, key)


@dataclass(frozen=True)
class Placed:
    """One operation: what it finds where it is applied, and what becomes of it."""

    number: int
    operation: Operation
    before: Row | None
    applied: Applied

    @property
    def op(self) -> str:
        return str(self.operation.get("op", ""))

    @property
    def entity_type(self) -> str:
        return str(self.operation.get("entity_type", ""))

    @property
    def key(self) -> str:
        """The id of the row, of a new one too that leaves it to the engine."""
        change = self.applied.change
        return change.id if change else str(self.operation.get("id", ""))

    @property
    def fields(self) -> Mapping[str, Any]:
        fields = self.operation.get("fields", {})
        return fields if isinstance(fields, Mapping) else {}


@dataclass(frozen=True)
class Ground:
    """A task's world, the operations of its setup, and links through both together."""

    slug: str
    world: World
    base: Snapshot
    placed: tuple[Placed, ...]
    links: SetupLinks

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(each.applied.change for each in self.placed if each.applied.change)

    @property
    def state(self) -> WorldState:
        """A fresh clone after setup."""
        return WorldState(self.base, self.changes)

    def of_row(self, entity_type: str, key: str) -> Placed | None:
        """Give the last operation on a row."""
        found = (e for e in self.placed if (e.entity_type, e.key) == (entity_type, key))
        return next(reversed([*found]), None)

    def is_taken(self, entity_type: str, key: str, but: int = 0) -> bool:
        """Tell whether a row of the world has an id, or one of an operation other than `but`."""
        made = (e for e in self.placed if e.op == "create" and e.number != but)
        return self.base.stored(entity_type, key) is not None or any(
            (each.entity_type, each.key) == (entity_type, key) for each in made
        )


def ground_of(look: TaskLook) -> Ground | None:
    """Give the ground of a task; None while it has no world."""
    return ground(look.scene, look.task.slug)


def ground(scene: Scene, slug: str) -> Ground | None:
    if scene.world is None or scene.snapshot is None:
        return None
    placed = tuple(place(WorldState(scene.snapshot), scene.content.setup))
    made = {(each.entity_type, each.key): each.number for each in placed if each.op == "create"}
    links = SetupLinks(scene.world, Patched(scene.snapshot, scene.setup), slug, made)
    return Ground(slug, scene.world, scene.snapshot, placed, links)


def place(state: WorldState, patch: Sequence[Operation], start: int = 1) -> Iterator[Placed]:
    """Apply operation after operation to a clone. start: the number of the first."""
    applied = apply_each(state, patch)
    for number, (operation, each) in enumerate(zip(patch, applied, strict=True), start=start):
        before = each.change.before if each.change else _there(state, operation)
        yield Placed(number, operation, before, each)


def _there(state: WorldState, operation: Operation) -> Row | None:
    kind, key = operation.get("entity_type"), operation.get("id")
    is_read = isinstance(kind, str) and isinstance(key, str) and kind in state.entity_types
    return state.get(str(kind), str(key)) if is_read else None
