"""Find what the company has laid down: policies, warranties, answer times, tiers, promotions."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Literal

from simulation.entities import Row
from simulation.environments.corecraft.tools.conditions import contains, folded
from simulation.environments.corecraft.tools.orderings import BY_NAME, BY_TITLE
from simulation.environments.corecraft.tools.parameters import OneOrMore, Text
from simulation.state import DEFAULT_LIMIT, Order, WorldState
from simulation.tools import Limit, tool

Kind = Literal["company", "warranty", "sla", "loyalty", "promotion"]


@dataclass(frozen=True)
class _Source:
    """Where policies of one kind are kept, and what is searched in them."""

    entity_type: str
    order: Order
    texts: tuple[str, ...]


_SOURCES: dict[Kind, _Source] = {
    "company": _Source("company_policy", BY_TITLE, ("title", "section", "body")),
    "warranty": _Source("warranty_policy", BY_NAME, ("name", "covers", "excludes")),
    "sla": _Source("sla", BY_NAME, ("name",)),
    "loyalty": _Source("loyalty_tier", BY_NAME, ("name", "benefits")),
    "promotion": _Source("promotion", BY_NAME, ("name", "code")),
}


@tool(writes=False)
def search_policies(
    world: WorldState,
    *,
    text: Text | None = None,
    kind: OneOrMore[Kind] | None = None,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find what the company has laid down; all conditions given must hold.

    Answers with rows of several kinds, their kind in the field type, sorted by title or name.
    Superseded company policies are found too: supersededById names what holds instead.

    text: part of the text, ignoring case: title, section or body of a company policy, name,
        coverage or exclusions of a warranty, name of an sla, name or benefits of a loyalty tier,
        name or code of a promotion
    """
    kinds = [kind] if isinstance(kind, str) else kind
    found = [_rows(world, each, text, limit) for each in _SOURCES if kinds is None or each in kinds]
    most = min(limit, world.max_results)
    return list(islice(merge(*found, key=_title_and_id), most))


def _rows(world: WorldState, kind: Kind, text: str | None, limit: int) -> Iterator[Row]:
    source = _SOURCES[kind]
    where = contains(world, source.entity_type, folded(*source.texts), text)
    rows = world.search(source.entity_type, order=source.order, where=where, limit=limit)
    return ({**row, "type": kind} for row in rows)


def _title_and_id(row: Row) -> tuple[str, str]:
    return row.get("title") or row["name"], row["id"]
