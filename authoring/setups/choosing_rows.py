"""Choosing rows of the world for a setup: by kind, with the filters of the world browser."""

from dataclasses import replace

from django.http import QueryDict
from django.urls import reverse

from authoring.setups.finding import has_dependents, row_actions
from authoring.setups.ground import Ground
from authoring.setups.pages import ChosenRow, FinderPage
from simulation.browser.asking import Asked, read_asked
from simulation.browser.columns import usual
from simulation.browser.relations import MARK
from simulation.browser.rows_page import rows_page
from simulation.entities import EntityType
from simulation.pages import Choice

COLUMNS = 4
NOISE = "noise"  # what is untidy on purpose is no filter here


def finder_page(ground: Ground, kind: EntityType, given: QueryDict) -> FinderPage:
    links = ground.links
    page = rows_page(links, kind, _asked(ground, kind, given))
    with_group = has_dependents(links, kind)
    rows = []
    for row in page.rows:
        actions = row_actions(ground, kind, row.link.key)
        actions = actions if with_group else replace(actions, group="")
        rows.append(ChosenRow(row=row, actions=actions))
    return FinderPage(
        page=page,
        kinds=kinds_of(ground, kind.name),
        rows=tuple(rows),
        new_url=reverse("setup:new", args=[ground.slug, kind.name]),
    )


def kinds_of(ground: Ground, current: str = "") -> tuple[Choice, ...]:
    links = ground.links
    return tuple(
        Choice(
            value=kind.name,
            label=kind.label_plural,
            url=links.list_url(kind.name),
            count=f"{len(links.whole.rows(kind.name)):,}",
            is_selected=kind.name == current,
        )
        for kind in links.company.entity_types.values()
    )


def _asked(ground: Ground, kind: EntityType, given: QueryDict) -> Asked:
    """Read the address; there is room for few columns beside what can be done with a row."""
    kept = given.copy()
    kept.pop(NOISE, None)
    asked = read_asked(ground.links.company, kind, kept)
    if asked.columns:
        return asked
    names = [name for name in usual(ground.links, kind) if not name.startswith(MARK)]
    return replace(asked, columns=tuple(names[:COLUMNS]))
