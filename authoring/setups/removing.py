"""The question before a row is removed for a task."""

from django.urls import reverse

from authoring.setups.ground import Ground
from authoring.setups.pages import RemovePage
from simulation.browser.entity_page import related_groups
from simulation.entities import EntityType, Row
from simulation.wording import counted


def remove_page(ground: Ground, kind: EntityType, row: Row) -> RemovePage:
    related = tuple(group for group in related_groups(ground.links, kind, row) if group.others)
    return RemovePage(
        kind=kind.label,
        link=ground.links.row(kind.name, row["id"]),
        url=reverse("setup:drop", args=[ground.slug, kind.name, row["id"]]),
        related=related,
        count=counted(sum(group.others for group in related), "row"),
    )
