"""The page of a search across all kinds of a world."""

from collections.abc import Iterator
from dataclasses import dataclass

from simulation.browser.asking import Asked
from simulation.browser.head import WorldHead, world_head
from simulation.browser.links import Links, RowLink
from simulation.browser.searching import Segment, best_first, excerpt, marked, words_of
from simulation.entities import EntityType
from simulation.titles import gist, title_field
from simulation.wording import counted

A_KIND = 5
REFERENCE = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A row that was found. `where` are the words around a match outside of its title."""

    link: RowLink
    title: tuple[Segment, ...]
    key: tuple[Segment, ...]
    where: tuple[Segment, ...]
    gist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HitGroup:
    """The first hits of one kind, and the way to all of them."""

    label: str
    name: str
    count: str
    url: str
    hits: tuple[Hit, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    head: WorldHead
    text: str
    summary: str
    groups: tuple[HitGroup, ...]


def search_page(links: Links, text: str) -> SearchPage:
    groups = tuple(_groups(links, text)) if words_of(text) else ()
    return SearchPage(
        head=world_head(links.world, "Browse", person=links.person, search_text=text),
        text=text,
        summary=_summary(groups),
        groups=groups,
    )


def named_row(links: Links, text: str) -> RowLink | None:
    """Give the row that a copied reference names: `@order:ord-250820-007`."""
    entity_type, _, key = text.strip().removeprefix(REFERENCE).partition(":")
    if not text.strip().startswith(REFERENCE) or entity_type not in links.company.entity_types:
        return None
    link = links.row(entity_type, key)
    return link if link.url else None


def _groups(links: Links, text: str) -> Iterator[HitGroup]:
    for kind in links.company.entity_types.values():
        keys = best_first(links.whole, kind, text)
        if keys:
            more = len(keys) - A_KIND
            yield HitGroup(
                label=kind.label_plural,
                name=kind.name,
                count=f"{len(keys):,}",
                url=links.list_url(kind.name, Asked(pairs=(("q", text),)).query),
                hits=tuple(_hit(links, kind, key, words_of(text)) for key in keys[:A_KIND]),
                more=f"all {counted(len(keys), kind.label, kind.label_plural)}" if more > 0 else "",
            )


def _hit(links: Links, kind: EntityType, key: str, words: tuple[str, ...]) -> Hit:
    link = links.row(kind.name, key)
    shown, row = tuple(filter(None, ("id", title_field(kind)))), links.whole.rows(kind.name)[key]
    return Hit(
        link=link,
        title=marked(link.title, words) if link.title else (),
        key=marked(key, words),
        where=excerpt(row, words, shown),
        gist=gist(kind, row).removeprefix(link.title).removeprefix(" · "),
    )


def _summary(groups: tuple[HitGroup, ...]) -> str:
    if not groups:
        return ""
    total = sum(int(group.count.replace(",", "")) for group in groups)
    return f"{counted(total, 'row')} of {counted(len(groups), 'type')}"
