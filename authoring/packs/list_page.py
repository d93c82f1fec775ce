"""The list of packs, in a number of queries that does not grow."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.urls import reverse

from authoring.models import Pack, PackVersion
from authoring.packs.access import may_make
from authoring.packs.pages.packs import PackRow, PacksPage
from authoring.packs.paging import sheet_of
from simulation.wording import counted

A_PAGE = 50
PURPOSES = {True: "training", False: "evaluation"}


def packs_page(user: User, *, page: int) -> PacksPage:
    packs = Pack.objects.visible_to(user)
    found = packs.count()
    sheet = sheet_of(found, page, A_PAGE)
    shown = list(
        packs.select_related("owner")
        .annotate(chosen=Count("tasks"))
        .order_by("slug")[sheet.start : sheet.end]
    )
    newest = _newest(shown)
    return PacksPage(
        rows=tuple(_row(pack, newest.get(pack.pk)) for pack in shown),
        count=counted(found, "pack"),
        may_make=may_make(user),
        pager=sheet.pager(reverse("packs:list")) if found > A_PAGE else None,
    )


def tasks_in(version: PackVersion) -> int:
    return sum(split["tasks"] for split in version.splits.values())


def _newest(packs: list[Any]) -> Mapping[int, PackVersion]:
    versions = PackVersion.objects.filter(pack__in=packs).order_by("pack_id", "-number")
    lean = versions.distinct("pack_id").only("pack_id", "number", "splits", "worlds", "created_at")
    return {version.pack_id: version for version in lean}


def _row(pack: Any, newest: PackVersion | None) -> PackRow:
    url = reverse("packs:pack", args=[pack.slug])
    frozen = tasks_in(newest) if newest else 0
    chosen = f"{pack.chosen:,} chosen for the next"
    return PackRow(
        slug=pack.slug,
        title=pack.title,
        url=url,
        number=newest.number if newest else 0,
        version_url=reverse("packs:version", args=[pack.slug, newest.number]) if newest else "",
        tasks=f"{frozen:,}" if newest else "",
        next_note=chosen if pack.chosen != frozen or not newest else "",
        worlds=tuple(world["name"] for world in newest.worlds) if newest else (),
        purpose=PURPOSES[pack.is_for_training],
        owner=pack.owner.get_username(),
        frozen_at=newest.created_at if newest else None,
        changed_at=pack.updated_at,
    )
