"""The question before a row is removed for a task, alone or with what belongs to it."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from authoring.setups.belonging import Member, group_of
from authoring.setups.ground import Ground, place
from authoring.setups.operations import delete
from authoring.setups.pages import RemovePage
from simulation.browser.entity_page import related_groups
from simulation.entities import EntityType, Row
from simulation.wording import counted


def remove_page(ground: Ground, kind: EntityType, row: Row) -> RemovePage:
    links = ground.links
    related = tuple(group for group in related_groups(links, kind, row) if group.others)
    members = group_of(links, kind, row) if related else []
    is_whole = bool(members) and not _problems(ground, removals(members))
    return RemovePage(
        kind=kind.label,
        link=links.row(kind.name, row["id"]),
        url=reverse("setup:drop", args=[ground.slug, kind.name, row["id"]]),
        related=related,
        count=counted(sum(group.others for group in related), "row"),
        members=tuple(links.row(*member.place) for member in members) if is_whole else (),
    )


def removals(members: Sequence[Member]) -> list[dict[str, Any]]:
    """Remove a group: what belongs to a row before the row."""
    return [delete(*member.place) for member in reversed(members)]


def _problems(ground: Ground, operations: Sequence[dict[str, Any]]) -> bool:
    return any(each.applied.problems for each in place(ground.state, operations))
