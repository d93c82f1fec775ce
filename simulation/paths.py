"""Paths: dotted names into rows, through values, lists and references to other rows.

`status`, `shipping.address.city`, `lineItems.qty` (any line), `customerId.loyaltyTier` (of the
customer that the row refers to).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from simulation.entities import EntityType, Row
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.shapes import Shape, shape_at
from simulation.state import WorldState
from simulation.values import pluck


@dataclass(frozen=True)
class Path:
    """A path that exists.

    `hops` are the references on the way, `last` is the path inside the last row.
    """

    text: str
    hops: tuple[tuple[str, str], ...]
    last: str
    shape: Shape

    @cached_property
    def is_own(self) -> bool:
        """Tell whether the path is just a field of the row itself."""
        return not self.hops and "." not in self.last

    def values(self, world: WorldState, row: Row) -> list[Any]:
        """Give every value that a row has here; none when it is absent."""
        if self.is_own:
            value = row.get(self.last)
            if value is None:
                return []
            return list(value) if isinstance(value, list) else [value]
        rows = [row]
        for inside, target in self.hops:
            keys = (key for each in rows for key in pluck(each, inside))
            rows = [found for key in keys if (found := world.get(target, key)) is not None]
        if len(rows) == 1:
            return pluck(rows[0], self.last)
        return [value for each in rows for value in pluck(each, self.last)]


def entity_type_of(company: Environment, name: str) -> EntityType:
    """Raises InvalidArgument that lists the entity types there are."""
    kind = company.entity_types.get(name)
    if kind is None:
        known = ", ".join(company.entity_types)
        raise InvalidArgument(
            f"entity_type {name!r}: {company.slug} has no such entity type; it has {known}",
            field="entity_type",
        )
    return kind


@lru_cache(maxsize=4096)
def read_path(company: Environment, entity_type: str, text: str) -> Path:
    """Find a path in a company's schema.

    Raises InvalidArgument that names what there is instead.
    """
    kind = entity_type_of(company, entity_type)
    hops: list[tuple[str, str]] = []
    rest, many = text, False
    while hop := next(_hops(kind, rest), None):
        inside, target = hop
        many = many or _shape(kind, inside, text).many
        hops.append(hop)
        kind, rest = company.entity_types[target], rest.removeprefix(f"{inside}.")
    shape = _shape(kind, rest, text)
    return Path(text, tuple(hops), rest, replace(shape, many=shape.many or many))


def reference_at(company: Environment, entity_type: str, text: str) -> str | None:
    """Give the entity type that the values at a path refer to; the own one for `id`."""
    path = read_path(company, entity_type, text)
    own = path.hops[-1][1] if path.hops else entity_type
    if path.last == "id":
        return own
    return dict(company.entity_types[own].references).get(path.last)


def _hops(kind: EntityType, rest: str) -> Iterator[tuple[str, str]]:
    """Find the reference that a path goes through first."""
    return ((path, target) for path, target in kind.references if rest.startswith(f"{path}."))


def _shape(kind: EntityType, path: str, text: str) -> Shape:
    if path == "id":
        return Shape("text")
    first, *inside = path.split(".")
    field = kind.fields.get(first)
    if field is None:
        raise InvalidArgument(
            f"{text}: {kind.name} has no field {first!r}; it has id, {', '.join(kind.fields)}",
            field=text,
        )
    try:
        return shape_at(field.schema, inside)
    except InvalidArgument as error:
        raise InvalidArgument(f"{text}: inside {first} {error.message}", field=text) from None
