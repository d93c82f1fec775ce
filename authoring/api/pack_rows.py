"""Rows of packs and versions for the API: what is shown of a task without reading its content."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from authoring.models import Pack, PackVersion
from authoring.packs.access import seen_tasks
from authoring.splits import HELD_OUT
from simulation.rest.pages import Pages
from simulation.roles import sees_held_out

LABELS = ("title", "category", "difficulty", "world")


class InSlugOrder(Pages):
    ordering = "slug"


class NewestNumber(Pages):
    ordering = "-number"


def composition_rows(pack: Pack, by: User) -> "QuerySet[Any, Any]":
    """Give what is put together, as far as this person may see it."""
    return _rows(seen_tasks(pack, by), in_split=F("task__split"))


def entry_rows(version: PackVersion, by: User) -> "QuerySet[Any, Any]":
    """Give the entries of a version, without what is or was held out for those who may not see
    it."""
    entries = version.entries.all()
    if not sees_held_out(by):
        entries = entries.exclude(Q(split=HELD_OUT) | Q(task__split=HELD_OUT))
    return _rows(entries, in_split=F("split"))


def _rows(entries: "QuerySet[Any]", **members: Any) -> "QuerySet[Any, Any]":
    labels = {name: KeyTextTransform(name, "revision__content") for name in LABELS}
    known = {
        "slug": F("task__slug"),
        "of_family": F("task__family"),
        "number": F("revision__number"),
        "content_hash": F("revision__hash"),
        **labels,
        **members,
    }
    rows: QuerySet[Any, Any] = entries.annotate(**known).order_by("slug").values(*known)
    return rows
