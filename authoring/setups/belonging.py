"""Which rows belong to a row: those that cannot be without it, and belong to nothing else.

A payment belongs to its order, a refund to its payment; a ticket about the order does not, for it
is its customer's.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from simulation.browser.links import Links
from simulation.browser.relations import Relation, relations_to
from simulation.entities import EntityType, Row

MOST = 100
Place = tuple[str, str]


@dataclass(frozen=True)
class Member:
    """A row of a group. owner: the row that it belongs to, at the path `through`; depth: how far
    that is from the first one, which belongs to None."""

    kind: EntityType
    row: Row
    owner: Place | None
    through: str
    depth: int

    @property
    def place(self) -> Place:
        return self.kind.name, self.row["id"]


def alone(kind: EntityType, row: Row) -> Member:
    return Member(kind, row, None, "", 0)


def group_of(links: Links, kind: EntityType, row: Row) -> list[Member]:
    """Give a row and what belongs to it, each behind what it belongs to; MOST at the most."""
    members = [alone(kind, row)]
    known = {members[0].place}
    for owner in members:
        for relation in relations_to(links.company, owner.kind.name):
            for member in _belonging(links, owner, relation):
                is_new = member.place not in known and len(members) < MOST
                if is_new and _is_alone(member, known):
                    known.add(member.place)
                    members.append(member)
    return members


def left(members: list[Member], wanted: Collection[Place]) -> list[Member]:
    """Leave out what is not wanted, and what belongs to it; the first stays."""
    kept: list[Member] = []
    places: set[Place | None] = {None}
    for member in members:
        if member.owner in places and (member.owner is None or member.place in wanted):
            places.add(member.place)
            kept.append(member)
    return kept


def _belonging(links: Links, owner: Member, relation: Relation) -> Iterator[Member]:
    source = links.kind(relation.source)
    if not relation.is_direct or not source.fields[relation.path].required:
        return
    rows = links.whole.rows(source.name)
    for key in sorted(relation.ids(links.whole, owner.row["id"])):
        yield Member(source, rows[key], owner.place, relation.path, owner.depth + 1)


def _is_alone(member: Member, known: Collection[Place]) -> bool:
    """Tell whether all that a row cannot be without is in the group."""
    needed = [f for f in member.kind.fields.values() if f.required and f.target]
    return all((f.target, member.row.get(f.name)) in known for f in needed)
