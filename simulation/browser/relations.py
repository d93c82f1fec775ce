"""Links against their direction: which rows refer to a row, and at which path."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from simulation.entities import EntityType
from simulation.environments import Environment
from simulation.snapshots import Snapshot
from simulation.titles import path_label

MARK = "<"  # before the name of a relation, where a path could stand


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows of `source` refer to rows of `target` at `path`."""

    source: str
    path: str
    target: str
    is_direct: bool

    @property
    def name(self) -> str:
        """How a column of counts is named in an address: `<order.customerId`."""
        return f"{MARK}{self.source}.{self.path}"

    @property
    def words(self) -> str:
        return path_label(self.path)

    def ids(self, whole: Snapshot, key: str) -> Sequence[str]:
        """Give the ids of the rows that refer to a row."""
        return whole.index(self.source, self.path).get(key, ())


@lru_cache(maxsize=1024)
def relations_to(company: Environment, entity_type: str) -> tuple[Relation, ...]:
    return tuple(
        Relation(kind.name, path, target, path in kind.fields)
        for kind in company.entity_types.values()
        for path, target in kind.references
        if target == entity_type
    )


def relation_label(company: Environment, relation: Relation) -> str:
    """Name the rows that refer: "orders", with the path where one type refers in two ways."""
    kind: EntityType = company.entity_types[relation.source]
    ways = [each for each in relations_to(company, relation.target) if each.source == kind.name]
    return kind.label_plural if len(ways) == 1 else f"{kind.label_plural}: {relation.words}"
