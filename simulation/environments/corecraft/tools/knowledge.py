"""Find articles of the knowledge base."""

from typing import Annotated

from pydantic import Field

from simulation.entities import Row
from simulation.environments.corecraft.tools.conditions import contains, every, folded, has_all
from simulation.environments.corecraft.tools.orderings import BY_TITLE
from simulation.environments.corecraft.tools.parameters import Text
from simulation.state import DEFAULT_LIMIT, WorldState
from simulation.tools import Limit, tool
from simulation.values import Id

_TYPE = "knowledge_base_article"


@tool(writes=False)
def search_knowledge_base(
    world: WorldState,
    *,
    text: Text | None = None,
    tag: Text | None = None,
    tags: Annotated[list[Text], Field(min_length=1)] | None = None,
    product_id: Id | None = None,
    include_deprecated: bool = False,
    limit: Limit = DEFAULT_LIMIT,
) -> list[Row]:
    """Find articles of the knowledge base; all conditions given must hold. Sorted by title.

    text: part of the title or the body, ignoring case
    tag: a whole tag, ignoring case
    tags: whole tags, ignoring case; an article must have all of them
    product_id: a product that the article is about
    include_deprecated: also articles that are kept for reference only
    """
    wanted = [*([tag] if tag else []), *(tags or [])]
    where = every(
        has_all(world, _TYPE, _tags, wanted),
        contains(world, _TYPE, folded("title", "body"), text),
    )
    equals = {
        "productsMentioned": product_id,
        "isDeprecated": None if include_deprecated else False,
    }
    return world.search(_TYPE, order=BY_TITLE, equals=equals, where=where, limit=limit)


def _tags(row: Row) -> frozenset[str]:
    return frozenset(map(str.casefold, row["tags"]))
