"""The paths that can be asked about, in words, read from the schema of a company.

A row's own fields, the parts inside them, and the fields of the rows that it refers to: at most
`MAX_HOPS` references away, never back to a type that the path came through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from simulation.entities import EntityField, EntityType
from simulation.environments import Environment
from simulation.paths import Path, read_path
from simulation.shapes import Shape, members_at
from simulation.wording import spoken, spoken_path

MAX_HOPS = 2
MAX_INSIDE = 3  # members below a field
OWN = ""


@dataclass(frozen=True)
class Offer:
    """A path that can be asked about; `group` is the path of the reference it lies behind."""

    path: Path
    entity_type: str
    group: str

    @property
    def text(self) -> str:
        return self.path.text

    @property
    def shape(self) -> Shape:
        return self.path.shape

    @cached_property
    def words(self) -> str:
        return spoken_path(self.text).removeprefix("the ")

    @property
    def kind(self) -> str:
        """Say what stands there: "one of paid, refunded", "a number, several in one row"."""
        choices = ", ".join(map(str, self.shape.choices[:4]))
        if choices:
            said = f"one of {choices}{', …' if len(self.shape.choices) > 4 else ''}"
        else:
            said = self.shape.in_words
        return f"{said}; several in one row" if self.shape.many else said


@lru_cache(maxsize=256)
def offers(company: Environment, entity_type: str) -> tuple[Offer, ...]:
    """Give the paths of an entity type, its own first and then by reference, nearest first."""
    near = _Place(company.entity_types[entity_type], (), frozenset({entity_type}))
    found: list[Offer] = []
    places = [near]
    while places:
        place = places.pop(0)
        prefix = "".join(f"{hop}." for hop in place.hops)
        group = prefix.removesuffix(".")
        for inside in _leaves(place.kind):
            path = read_path(company, entity_type, prefix + inside)
            found.append(Offer(path, entity_type, group))
        if len(place.hops) < MAX_HOPS:
            places += place.beyond(company)
    return tuple(found)


@dataclass(frozen=True)
class _Place:
    kind: EntityType
    hops: tuple[str, ...]
    seen: frozenset[str]

    def beyond(self, company: Environment) -> "Iterator[_Place]":
        for path, target in self.kind.references:
            if target not in self.seen:
                kind = company.entity_types[target]
                yield _Place(kind, (*self.hops, path), self.seen | {target})


def group_words(offer: Offer) -> str:
    """Say where the paths of a group lie: "Refund", "Its payment's order"."""
    if offer.group == OWN:
        return f"The {spoken(offer.entity_type)} itself"
    return f"Its {spoken_path(offer.group.removesuffix('Id')).removeprefix('the ')}"


def _leaves(kind: EntityType) -> Iterator[str]:
    yield "id"
    for field in kind.fields.values():
        yield from (".".join((field.name, *parts)) for parts in _inside(field, ()))


def _inside(field: EntityField, parts: Sequence[str]) -> Iterator[Sequence[str]]:
    members = members_at(field.schema, parts) if len(parts) < MAX_INSIDE else ()
    if not members:
        yield parts
    for member in members:
        yield from _inside(field, (*parts, member))
