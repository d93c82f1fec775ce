"""Finding rows of a task's world after setup, by words or by their reference."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from authoring.setups.ground import REFERENCE, Ground
from authoring.setups.pages import Actions, FoundGroup, FoundRow
from simulation.browser.links import Links
from simulation.browser.relations import relations_to
from simulation.browser.searching import excerpt, marked, ranked, words_of
from simulation.browser.values import Values
from simulation.entities import EntityType, Row
from simulation.pages import shortened
from simulation.titles import gist, is_long, path_label, title_field
from simulation.wording import counted

A_KIND = 5
PEEKED = 8
LONGEST_PEEK = 90
A_MENU = 8
BEST = 4  # rows of one kind that a menu considers
CALLED_SO = 2  # the last rank of rows whose id or title is or begins with what is searched for


def reference(entity_type: str, key: str) -> str:
    return f"{REFERENCE}{entity_type}:{key}"


def actions(slug: str, kind: EntityType, key: str, operation: int | None = None) -> Actions:
    """Give the addresses at which something is done with a row for a task."""
    arguments = [slug, kind.name, key]
    new = reverse("setup:new", args=[slug, kind.name])
    return Actions(
        change=reverse("setup:change", args=arguments),
        remove=reverse("setup:drop", args=arguments),
        another=f"{new}?{urlencode({'like': key})}",
        group=reverse("setup:like", args=arguments),
        operation=f"{reverse('setup:page', args=[slug])}#op-{operation}" if operation else "",
    )


def row_actions(ground: Ground, kind: EntityType, key: str) -> Actions:
    there = ground.of_row(kind.name, key)
    return actions(ground.slug, kind, key, there.number if there else None)


def found_groups(ground: Ground, text: str) -> Iterator[FoundGroup]:
    """Give the first hits of each kind; the one row that a reference names."""
    links = ground.links
    if named := named_row(links, text):
        kind, row = named
        yield group(ground, kind, [row["id"]], text="", total=1)
        return
    for kind in links.company.entity_types.values():
        keys = [key for _, key in ranked(links.whole, kind, text)]
        if keys:
            yield group(ground, kind, keys[:A_KIND], text=text, total=len(keys))


def named_row(links: Links, text: str) -> tuple[EntityType, Row] | None:
    """Give the row that a reference names: `@order:ord-250820-007`."""
    name, colon, key = text.strip().removeprefix(REFERENCE).partition(":")
    kind = links.company.entity_types.get(name) if colon else None
    row = links.whole.rows(name).get(key.strip()) if kind else None
    return (kind, row) if kind and row is not None else None


def group(
    ground: Ground, kind: EntityType, keys: Sequence[str], *, text: str, total: int
) -> FoundGroup:
    more = total > len(keys)
    return FoundGroup(
        label=kind.label_plural,
        name=kind.name,
        count=f"{total:,}",
        url=ground.links.list_url(kind.name, urlencode({"q": text}) if text else ""),
        rows=tuple(_found(ground, kind, key, words_of(text)) for key in keys),
        more=f"all {counted(total, kind.label, kind.label_plural)}" if more else "",
    )


def _found(ground: Ground, kind: EntityType, key: str, words: Sequence[str]) -> FoundRow:
    links, row = ground.links, ground.links.whole.rows(kind.name)[key]
    link = links.row(kind.name, key)
    shown = tuple(filter(None, ("id", title_field(kind))))
    return FoundRow(
        link=link,
        title=marked(link.title, words) if link.title else (),
        where=excerpt(row, words, shown) if words else (),
        gist=gist(kind, row).removeprefix(link.title).removeprefix(" · "),
        reference=reference(kind.name, key),
        pairs=tuple(_peeked(links, kind, row)),
        actions=row_actions(ground, kind, key),
    )


def _peeked(links: Links, kind: EntityType, row: Row) -> Iterator[tuple[str, str]]:
    values, title = Values(links, kind), title_field(kind)
    names = [n for n in kind.fields if n in row and n != title and not is_long(kind, n)]
    for name in names[:PEEKED]:
        yield path_label(name), shortened(values.brief(name, row[name]), LONGEST_PEEK)


def menu(ground: Ground, text: str) -> list[dict[str, Any]]:
    """Give the rows that somebody means who writes "@" and a few letters, the best first.

    text: words, or a type and words: "order:ana".
    """
    links = ground.links
    name, colon, rest = text.strip().removeprefix(REFERENCE).partition(":")
    kinds = links.company.entity_types
    asked = [kinds[name]] if colon and name in kinds else [*kinds.values()]
    wanted = rest if colon and name in kinds else text
    if not wanted.strip() and len(asked) > 1:
        return []
    most = A_MENU if len(asked) == 1 else BEST
    found: list[tuple[tuple[int, int, int], str, EntityType]] = []
    for place, kind in enumerate(asked):
        order = [
            ((_likely(links, kind, key, rank, wanted), place, rank), key, kind)
            for rank, key in ranked(links.whole, kind, wanted)
        ]
        found += sorted(order, key=lambda each: each[:2])[:most]
    found.sort(key=lambda each: each[:2])
    return [_offered(links, kind, key) for _, key, kind in found[:A_MENU]]


def _likely(links: Links, kind: EntityType, key: str, rank: int, wanted: str) -> int:
    """Put what begins so before rows with a word that does, and texts behind names."""
    if rank <= CALLED_SO:
        return rank
    words = links.row(kind.name, key).title.casefold().split() if title_field(kind) else []
    return CALLED_SO + (1 if any(w.startswith(wanted.strip().casefold()) for w in words) else 2)


def _offered(links: Links, kind: EntityType, key: str) -> dict[str, Any]:
    title = links.row(kind.name, key).title
    told = gist(kind, links.whole.rows(kind.name)[key]).removeprefix(title).removeprefix(" · ")
    return {
        "reference": reference(kind.name, key),
        "title": title or key,
        "key": key,
        "kind": kind.label,
        "gist": told,
    }


def has_dependents(links: Links, kind: EntityType) -> bool:
    """Tell whether rows of other kinds may belong to one of these."""
    fields = links.company.entity_types
    return any(
        relation.is_direct and fields[relation.source].fields[relation.path].required
        for relation in relations_to(links.company, kind.name)
    )
