"""A world with rows of every type: the generator's at a small size, and those written by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from simulation.environments.corecraft import generator
from simulation.snapshots import Snapshot, from_document
from simulation.values import pluck

from . import full_world, shop, worlds

Place = tuple[str, str]
Scene = Mapping[str, Sequence[str]]
MOST_NEIGHBOURS = 60


@cache
def rich_snapshot() -> Snapshot:
    """Give the world; where two sources have a row of one id, the generator's is taken."""
    entities: dict[str, dict[str, Any]] = defaultdict(dict)
    for source in (full_world.ENTITIES, shop.ENTITIES, generator.generate(size=0.1).entities):
        for entity_type, rows in source.items():
            entities[entity_type] |= rows
    agent = generator.AGENT_EMPLOYEE_ID
    return from_document(worlds.document(dict(entities), agent=agent), frozen=True)


@cache
def anchors() -> Sequence[Place]:
    """Name rows of every type, as many of each, so that rare types are met too."""
    snapshot = rich_snapshot()
    return [
        (name, key)
        for name in sorted(snapshot.company.entity_types)
        for key in sorted(snapshot.rows(name))[:: max(1, len(snapshot.rows(name)) // 12)]
    ]


@cache
def scene(anchor: Place) -> Scene:
    """Give the ids, by type, of a row and of rows that are related to it, nearest first."""
    related, found = _relations(), [anchor]
    for place in found:
        if len(found) > MOST_NEIGHBOURS:
            break
        found += [other for other in related[place] if other not in found]
    ids: dict[str, list[str]] = defaultdict(list)
    for name, key in found:
        ids[name].append(key)
    return dict(ids)


@cache
def _relations() -> Mapping[Place, list[Place]]:
    """Give the rows that each row refers to or is referred to by, of those that can be seen."""
    snapshot = rich_snapshot()
    related: dict[Place, list[Place]] = defaultdict(list)
    for kind in snapshot.company.entity_types.values():
        for key, row in snapshot.rows(kind.name).items():
            for path, target in kind.references:
                for other in pluck(row, path):
                    if other in snapshot.rows(target):
                        related[kind.name, key].append((target, other))
                        related[target, other].append((kind.name, key))
    return related


@cache
def words(field: str) -> Sequence[str]:
    """Give the texts that stand in a field of this name anywhere in the world."""
    snapshot = rich_snapshot()
    found = {
        value
        for name in snapshot.company.entity_types
        for row in snapshot.rows(name).values()
        for value in pluck(row, field)
        if isinstance(value, str)
    }
    return sorted(found)[:200]


@cache
def names(entity_type: str) -> Sequence[str]:
    """Give the names of the rows of a type, where they have one."""
    rows = rich_snapshot().rows(entity_type).values()
    return sorted({row["name"] for row in rows if "name" in row})[:200]
