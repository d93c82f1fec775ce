"""The list of the rows of one kind: filtered, sorted, in pages; the address says all of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulation.browser.asking import Asked, asked_rows
from simulation.browser.columns import Cell, Column, columns, sorted_rows
from simulation.browser.filters import FilterForm, filter_form
from simulation.browser.head import WorldHead, head_of
from simulation.browser.links import Links, RowLink
from simulation.browser.worlds_page import first_sentence
from simulation.entities import EntityType, Row
from simulation.pages import Notice, Pager
from simulation.titles import title_field
from simulation.wording import counted

A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The head of a column; `direction` is "ascending", "descending" or ""."""

    label: str
    url: str
    direction: str
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCell:
    label: str
    cell: Cell
    is_number: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    link: RowLink
    cells: tuple[LabelledCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPage:
    head: WorldHead
    label: str
    name: str
    sentence: str
    count: str
    first: Heading
    headings: tuple[Heading, ...]
    rows: tuple[ListedRow, ...]
    form: FilterForm
    pager: Pager | None
    notice: Notice | None
    is_narrowed: bool
    new_url: str
    new_label: str


def rows_page(links: Links, kind: EntityType, asked: Asked) -> RowsPage:
    listed = listed_rows(links, kind, asked)
    total = len(links.whole.rows(kind.name))
    shown = columns(links, kind, asked)
    page = min(asked.page, max(1, -(-len(listed) // A_PAGE)))
    start = (page - 1) * A_PAGE
    head = head_of(links)
    return RowsPage(
        head=head,
        label=kind.label_plural,
        name=kind.name,
        sentence=first_sentence(kind),
        count=_count(kind, len(listed), total, asked),
        first=_heading(links, kind, asked, title_field(kind) or "id", kind.label),
        headings=tuple(
            _heading(links, kind, asked, each.name, each.label, is_number=each.is_number)
            for each in shown
        ),
        rows=tuple(_rows(links, kind, asked, shown, listed[start : start + A_PAGE])),
        form=filter_form(links, kind, asked, [each.name for each in shown]),
        pager=_pager(links, kind, asked, page, len(listed)),
        notice=_notice(asked),
        is_narrowed=asked.is_narrowed,
        new_url=f"{links.base}new/{kind.name}/" if head.bar else "",
        new_label=f"New {kind.label}",
    )


def listed_rows(links: Links, kind: EntityType, asked: Asked) -> Sequence[Row]:
    """Give all rows of a list in its order."""
    return sorted_rows(links, kind, asked_rows(links, kind, asked), asked.sort)


def _rows(
    links: Links, kind: EntityType, asked: Asked, shown: Sequence[Column], rows: Sequence[Row]
) -> Iterator[ListedRow]:
    for row in rows:
        yield ListedRow(
            link=links.row(kind.name, row["id"], asked.query),
            cells=tuple(
                LabelledCell(label=each.label, cell=each.cell(row), is_number=each.is_number)
                for each in shown
            ),
        )


def _heading(
    links: Links, kind: EntityType, asked: Asked, name: str, label: str, *, is_number: bool = False
) -> Heading:
    """Numbers sort from the highest first, everything else from the lowest."""
    first, second = (f"-{name}", name) if is_number else (name, f"-{name}")
    sort = second if asked.sort == first else first
    direction = {name: "ascending", f"-{name}": "descending"}.get(asked.sort, "")
    url = links.list_url(kind.name, asked.having("sort", sort))
    return Heading(label=label, url=url, direction=direction, is_number=is_number)


def _count(kind: EntityType, found: int, total: int, asked: Asked) -> str:
    if asked.is_narrowed:
        return f"{found:,} of {total:,}"
    return counted(total, kind.label, kind.label_plural)


def _pager(links: Links, kind: EntityType, asked: Asked, page: int, found: int) -> Pager | None:
    if found <= A_PAGE:
        return None
    first, last = (page - 1) * A_PAGE + 1, min(page * A_PAGE, found)

    def url(number: int) -> str:
        return links.list_url(kind.name, asked.having("page", str(number)))

    return Pager(
        text=f"{first:,} to {last:,} of {found:,}",
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if last < found else "",
    )


def _notice(asked: Asked) -> Notice | None:
    if not asked.problems:
        return None
    return Notice(
        tone="warn",
        title="A part of this address does not fit and was left out.",
        text=" ".join(f"{problem}." for problem in asked.problems),
    )
