"""The pages on which a row of a draft is written: its form, and the question before it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from simulation.browser.entity_page import RelatedGroup, related_groups
from simulation.browser.head import WorldHead, head_of
from simulation.browser.links import Links
from simulation.editing.fields import PREFIX, form_of, id_field
from simulation.editing.sheet import Sheet, Typed, make_sheet
from simulation.entities import EntityType, Row
from simulation.forms.fields import Field
from simulation.forms.writing import write_inputs
from simulation.pages import Notice
from simulation.titles import title_of
from simulation.wording import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFormPage:
    """A row's form; `key` is "" for a new one, `delete_url` where there is nothing to delete."""

    head: WorldHead
    kind: str
    kind_name: str
    list_url: str
    key: str
    title: str
    row_url: str
    form_url: str
    delete_url: str
    cancel_url: str
    notice: Notice | None
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePage:
    """`related` are the rows that keep it from being deleted."""

    head: WorldHead
    kind: str
    kind_name: str
    list_url: str
    key: str
    title: str
    row_url: str
    related: tuple[RelatedGroup, ...]
    count: str


def new_row_fields(links: Links, kind: EntityType) -> tuple[Field, ...]:
    return (id_field(kind), *form_of(links.company, kind.name))


def blank_row(links: Links, kind: EntityType) -> dict[str, Any]:
    """Give what a new row is proposed to be: the next id of its pattern, made at the clock."""
    proposed: dict[str, Any] = {}
    if pattern := kind.model.id_pattern:
        date = pattern.date_part(links.snapshot.now)
        number = links.snapshot.highest_number(kind.name, date) + 1
        proposed["id"] = pattern.write(date, number)
    if kind.created_field:
        proposed[kind.created_field] = links.snapshot.now
    return proposed


def new_row_page(
    links: Links, kind: EntityType, typed: Typed | None, notice: Notice | None = None
) -> RowFormPage:
    fields = new_row_fields(links, kind)
    given = typed or Typed(inputs=write_inputs(fields, blank_row(links, kind)))
    list_url = links.list_url(kind.name)
    return RowFormPage(
        head=head_of(links),
        kind=kind.label,
        kind_name=kind.label_plural,
        list_url=list_url,
        key="",
        title=f"New {kind.label}",
        row_url="",
        form_url=f"{links.base}new/{kind.name}/",
        delete_url="",
        cancel_url=list_url,
        notice=notice,
        sheet=_sheet(links, fields, {}, given, base=""),
    )


def edit_row_page(
    links: Links,
    kind: EntityType,
    stored: Row,
    typed: Typed | None,
    *,
    base: str,
    notice: Notice | None = None,
) -> RowFormPage:
    """stored: the row as it is now; base: its fingerprint."""
    fields, key = form_of(links.company, kind.name), stored["id"]
    place = f"{kind.name}/{quote(key, safe='')}/"
    row_url = links.row_url(kind.name, key)
    return RowFormPage(
        head=head_of(links),
        kind=kind.label,
        kind_name=kind.label_plural,
        list_url=links.list_url(kind.name),
        key=key,
        title=title_of(kind, stored) or key,
        row_url=row_url,
        form_url=f"{links.base}edit/{place}",
        delete_url=f"{links.base}delete/{place}",
        cancel_url=row_url,
        notice=notice,
        sheet=_sheet(
            links, fields, stored, typed or Typed(inputs=write_inputs(fields, stored)), base=base
        ),
    )


def delete_page(links: Links, kind: EntityType, row: Row) -> DeletePage:
    related = [group for group in related_groups(links, kind, row) if group.others]
    return DeletePage(
        head=head_of(links),
        kind=kind.label,
        kind_name=kind.label_plural,
        list_url=links.list_url(kind.name),
        key=row["id"],
        title=title_of(kind, row) or row["id"],
        row_url=links.row_url(kind.name, row["id"]),
        related=tuple(related),
        count=counted(sum(group.others for group in related), "row"),
    )


def _sheet(
    links: Links, fields: Sequence[Field], stored: Mapping[str, Any], typed: Typed, *, base: str
) -> Sheet:
    rows_url = f"{links.base}query/rows/?hidden=1&"
    return make_sheet(
        links.state, fields, stored, typed, base=base, prefix=PREFIX, rows_url=rows_url
    )
