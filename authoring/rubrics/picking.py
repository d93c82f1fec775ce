"""Choosing a row of the task's world, and one of its fields: what the page shows."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from authoring.rubrics.placing import RowValue, Spot, values_of
from simulation.browser.asking import read_asked
from simulation.browser.links import Links, RowLink
from simulation.browser.rows_page import RowsPage, rows_page
from simulation.models import World
from simulation.pages import Choice
from simulation.state import WorldState
from simulation.titles import title_of

AT, TYPE, ROW = "at", "of-type", "of-row"


@dataclass(frozen=True, slots=True, kw_only=True)
class PickPage:
    """Types to choose from; then `list` of the rows of one; then the `values` of one row."""

    at: str
    types: tuple[Choice, ...]
    list: RowsPage | None
    row: str = ""
    row_title: str = ""
    list_url: str = ""
    values: tuple[RowValue, ...] = ()


class PickLinks(Links):
    """The rows that agents see after the setup; every link leads on in the page itself."""

    def __init__(self, world: World, ready: WorldState, at: str) -> None:
        super().__init__(world, ready.snapshot)
        self.whole = ready.snapshot
        self.ready, self.at = ready, at

    @property
    def state(self) -> WorldState:
        return self.ready

    def list_url(self, entity_type: str, query: str = "") -> str:
        return f"?{'&'.join(filter(None, (urlencode({AT: self.at, TYPE: entity_type}), query)))}"

    def row_url(self, entity_type: str, key: str, query: str = "") -> str:
        return self.list_url(entity_type, urlencode({ROW: key}))

    def row(self, entity_type: str, key: str, query: str = "") -> RowLink:
        found, kind = self.ready.get(entity_type, key), self.kind(entity_type)
        return RowLink(
            url=self.row_url(entity_type, key) if found else "",
            key=key,
            title=title_of(kind, found) if found else "",
            kind=kind.label,
        )


def pick_page(world: World, ready: WorldState, spot: Spot, given: QueryDict) -> PickPage:
    links = PickLinks(world, ready, spot.name)
    kinds = ready.entity_types
    first = spot.entity_type if spot.entity_type in kinds else next(iter(kinds))
    chosen = given.get(TYPE, "") if given.get(TYPE, "") in kinds else first
    row = ready.get(chosen, given.get(ROW, ""))
    return PickPage(
        at=spot.name,
        types=tuple(
            Choice(
                value=name,
                label=kind.label_plural,
                is_selected=name == chosen,
                url=links.list_url(name),
            )
            for name, kind in kinds.items()
        ),
        list=None if row else _list(links, chosen, given),
        row=row["id"] if row else "",
        row_title=title_of(kinds[chosen], row) if row else "",
        list_url=links.list_url(chosen),
        values=tuple(values_of(ready, chosen, row)) if row else (),
    )


def _list(links: PickLinks, entity_type: str, given: QueryDict) -> RowsPage:
    filters = given.copy()
    for name in (AT, TYPE, ROW):
        filters.pop(name, None)
    kind = links.kind(entity_type)
    page = rows_page(links, kind, read_asked(links.company, kind, filters))
    own = ((AT, links.at), (TYPE, entity_type))
    form = replace(
        page.form,
        kept=(*page.form.kept, *own),
        beside_columns=(*page.form.beside_columns, *own),
    )
    return replace(page, form=form)
