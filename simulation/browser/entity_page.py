"""The page of one row: its fields, what it refers to, what refers to it, and what happened."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from simulation.browser.asking import Asked, filter_name
from simulation.browser.columns import Cell, column, usual
from simulation.browser.head import WorldHead, head_of
from simulation.browser.links import Links, RowLink
from simulation.browser.moments import instant_words
from simulation.browser.relations import MARK, Relation, relation_label, relations_to
from simulation.browser.rows_page import listed_rows
from simulation.browser.timeline import Timeline, timeline
from simulation.browser.values import Shown, Values
from simulation.entities import EntityType, Row
from simulation.pages import Notice
from simulation.titles import path_label, status_field, title_of
from simulation.wording import size, spoken

FIRST = 10
RELATED_COLUMNS = 4
LARGEST_RAW = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field with its value. `name` is how rows and criteria write it."""

    name: str
    label: str
    hint: str
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedRow:
    link: RowLink
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedGroup:
    """The rows of one kind that refer to this one, the first ten, and the way to all of them.

    others: how many they are, the row itself left out.
    """

    label: str
    through: str
    count: str
    url: str
    headings: tuple[str, ...]
    rows: tuple[RelatedRow, ...]
    more: str
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Where a row stands in the list that one comes from."""

    position: str
    list_url: str
    list_label: str
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    text: str
    size: str
    url: str
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """`reference` names the row in tasks; `noise` is empty for people who may not see rubrics.

    edit_url, delete_url: "" where this person may not.
    """

    head: WorldHead
    kind: str
    kind_name: str
    entity_type: str
    url: str
    key: str
    title: str
    status: str
    reference: str
    edit_url: str
    delete_url: str
    notice: Notice | None
    noise: tuple[str, ...]
    fields: tuple[FieldRow, ...]
    absent: str
    related: tuple[RelatedGroup, ...]
    unrelated: str
    timeline: Timeline | None
    raw: Raw
    neighbours: Neighbours


def entity_page(
    links: Links, kind: EntityType, row: Row, asked: Asked, *, sees_noise: bool
) -> EntityPage:
    related = [*related_groups(links, kind, row)]
    status = status_field(kind)
    head = head_of(links)
    place = f"{kind.name}/{quote(row['id'], safe='')}/"
    return EntityPage(
        head=head,
        kind=kind.label,
        kind_name=kind.label_plural,
        entity_type=kind.name,
        url=links.row_url(kind.name, row["id"]),
        key=row["id"],
        title=title_of(kind, row) or row["id"],
        status=spoken(row[status]) if status and status in row else "",
        reference=f"@{kind.name}:{row['id']}",
        edit_url=f"{links.base}edit/{place}" if head.bar else "",
        delete_url=f"{links.base}delete/{place}" if head.bar else "",
        notice=_notice(links, kind, row),
        noise=tuple(_noise(links, kind, row["id"])) if sees_noise else (),
        fields=tuple(_fields(links, kind, row)),
        absent=", ".join(path_label(name) for name in kind.fields if name not in row),
        related=tuple(group for group in related if group.rows),
        unrelated=", ".join(group.label for group in related if not group.rows),
        timeline=timeline(links, kind, row),
        raw=raw_row(links, kind, row),
        neighbours=_neighbours(links, kind, row["id"], asked),
    )


def raw_row(links: Links, kind: EntityType, row: Row, *, is_whole: bool = False) -> Raw:
    text = json.dumps(row, ensure_ascii=False, indent=2)
    is_cut = not is_whole and len(text) > LARGEST_RAW
    return Raw(
        text=f"{text[:LARGEST_RAW]}…" if is_cut else text,
        size=size(len(text)),
        url=links.row_url(kind.name, row["id"], "raw"),
        is_cut=is_cut,
    )


def _fields(links: Links, kind: EntityType, row: Row) -> Iterator[FieldRow]:
    values = Values(links, kind)
    for name, field in kind.fields.items():
        if name in row:
            yield FieldRow(
                name=name,
                label=path_label(name),
                hint=field.text if field.text != "Markdown" else "",
                shown=values.shown(name, row[name]),
            )


def _notice(links: Links, kind: EntityType, row: Row) -> Notice | None:
    if not links.is_hidden(kind.name, row["id"]):
        return None
    created = instant_words(str(row.get(kind.created_field or "", "")))
    clock = instant_words(links.snapshot.now)
    text = f"It was created at {created}, and the clock of this world stands at {clock}."
    return Notice(tone="warn", title="Agents cannot see this yet.", text=text)


def _noise(links: Links, kind: EntityType, key: str) -> Iterable[str]:
    place = kind.name, key
    found = (e for e in links.world.manifest if (e.get("type"), e.get("id")) == place)
    return [spoken(entry.get("noise", "")) for entry in found]


def related_groups(links: Links, kind: EntityType, row: Row) -> Iterator[RelatedGroup]:
    """Give the rows that refer to a row, one group for each way that there is."""
    for relation in relations_to(links.company, kind.name):
        ids = relation.ids(links.whole, row["id"])
        yield _related_group(links, relation, ids, row["id"])


def _related_group(links: Links, relation: Relation, ids: Sequence[str], key: str) -> RelatedGroup:
    source = links.kind(relation.source)
    names = [*_telling(links, source, relation)] if ids else []
    shown = [column(links, source, name) for name in names]
    rows = links.whole.rows(source.name)
    asked = Asked(pairs=((filter_name(relation.path), key),))
    return RelatedGroup(
        label=relation_label(links.company, relation),
        through=relation.words,
        count=f"{len(ids):,}",
        url=links.list_url(source.name, asked.query),
        headings=tuple(each.label for each in shown),
        rows=tuple(
            RelatedRow(
                link=links.row(source.name, each),
                cells=tuple(one.cell(rows[each]) for one in shown),
            )
            for each in ids[:FIRST]
        ),
        more=f"all {len(ids):,}" if len(ids) > FIRST else "",
        others=len(ids) - (source.name == relation.target and key in ids),
    )


def _telling(links: Links, source: EntityType, relation: Relation) -> Iterator[str]:
    """Choose columns that tell such rows apart: not the reference that they have in common."""
    names = [
        name for name in usual(links, source) if name != relation.path and not name.startswith(MARK)
    ]
    last = [name for name in names if name == source.created_field]
    status = status_field(source)
    others = sorted((name for name in names if name not in last), key=lambda name: name != status)
    return iter([*others[: RELATED_COLUMNS - len(last)], *last])


def _neighbours(links: Links, kind: EntityType, key: str, asked: Asked) -> Neighbours:
    ids = [row["id"] for row in listed_rows(links, kind, asked)]
    if key not in ids:
        asked = Asked()
        ids = [row["id"] for row in listed_rows(links, kind, asked)]
    at = ids.index(key)

    def url(place: int) -> str:
        return links.row_url(kind.name, ids[place], asked.query) if 0 <= place < len(ids) else ""

    return Neighbours(
        position=f"{at + 1:,} of {len(ids):,}",
        list_url=links.list_url(kind.name, asked.query),
        list_label=f"filtered {kind.label_plural}" if asked.is_narrowed else kind.label_plural,
        previous_url=url(at - 1),
        next_url=url(at + 1),
    )


def row_of(links: Links, entity_type: str, key: str) -> tuple[EntityType, Row] | None:
    """Find what an address names; None for what is not in the world."""
    kind = links.company.entity_types.get(entity_type)
    row: Any = links.whole.rows(entity_type).get(key) if kind else None
    return (kind, row) if kind and row is not None else None
