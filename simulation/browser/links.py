"""Addresses and labels of the rows of one world."""

from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser, User

from simulation.addresses import world_url
from simulation.entities import EntityType
from simulation.models import World
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.titles import title_of
from simulation.worlds import open_world


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLink:
    """A row to go to. `title` is "" where its id is all it is known by; `kind` is in words."""

    url: str
    key: str
    title: str
    kind: str
    is_hidden: bool = False

    @property
    def label(self) -> str:
        return self.title or self.key


class Links:
    """One world as people walk through it: nothing is hidden from them."""

    def __init__(
        self, world: World, snapshot: Snapshot, person: User | AnonymousUser | None = None
    ) -> None:
        self.world = world
        self.person = person
        self.snapshot = snapshot
        self.whole: Snapshot = snapshot.unveiled
        self.company = snapshot.company
        self.base = world_url(world)

    @property
    def state(self) -> WorldState:
        """A clone that sees every row, for conditions and paths."""
        return WorldState(self.whole)

    def kind(self, name: str) -> EntityType:
        return self.company.entity_types[name]

    def list_url(self, entity_type: str, query: str = "") -> str:
        return f"{self.base}{entity_type}/{f'?{query}' if query else ''}"

    def row_url(self, entity_type: str, key: str, query: str = "") -> str:
        return self.list_url(f"{entity_type}/{quote(key, safe='')}", query)

    def row(self, entity_type: str, key: str, query: str = "") -> RowLink:
        """Link to a row; what a reference names and is not there links to nothing."""
        found = self.whole.rows(entity_type).get(key)
        kind = self.kind(entity_type)
        return RowLink(
            url=self.row_url(entity_type, key, query) if found else "",
            key=key,
            title=title_of(kind, found) if found else "",
            kind=kind.label,
            is_hidden=self.is_hidden(entity_type, key),
        )

    def is_hidden(self, entity_type: str, key: str) -> bool:
        return key in self.snapshot.hidden(entity_type)


def links_to(world: World, person: User | AnonymousUser | None = None) -> Links:
    """person: who walks; what they may do is offered to them."""
    return Links(world, open_world(world), person)
