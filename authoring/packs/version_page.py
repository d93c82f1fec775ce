"""The page of a frozen version: what it holds, what changed, and how to take it away."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count
from django.urls import reverse

from authoring.exports.contents import contents_of
from authoring.exports.heads import introduction
from authoring.models import PackVersion
from authoring.packs.access import seen_entries
from authoring.packs.change_lines import changes_since
from authoring.packs.checking import Cell
from authoring.packs.coverage import (
    SPLIT_WORDS,
    coverage_of,
    split_parts,
    words_of_parts,
)
from authoring.packs.downloading import curl_of, download_lines
from authoring.packs.list_page import PURPOSES, tasks_in
from authoring.packs.pages.version import EntryRow, SplitLine, VersionFacts, VersionPage, WorldLine
from authoring.packs.paging import sheet_of
from authoring.packs.task_rows import content_text, not_listed, split_mark
from authoring.splits import HELD_OUT, SPLITS
from simulation.markdown import render
from simulation.pages import Choice, Fact
from simulation.roles import sees_held_out
from simulation.wording import counted, spoken

A_PAGE = 50


def version_page(
    user: User,
    version: PackVersion,
    *,
    split: str,
    page: int,
    since: int | None,
    all_changes: bool,
    host: str,
) -> VersionPage:
    """split: "" for all; since: the number of the version to compare with, None for the one
    before; host: where this application is reached."""
    cells = list(_cells(user, version))
    counts = Counter[str]()
    for cell in cells:
        counts[cell.split] += cell.tasks
    found = counts[split] if split else counts.total()
    sheet = sheet_of(found, page, A_PAGE)
    url = reverse("packs:version", args=[version.pack.slug, version.number])
    parts = split_parts(_sizes(version), max(1, tasks_in(version)))
    contents = contents_of(version, with_held_out=False)
    numbers = list(version.pack.versions.order_by("-number").values_list("number", flat=True))
    newest = numbers[0]
    return VersionPage(
        slug=version.pack.slug,
        number=version.number,
        title=version.title,
        facts=_facts(version),
        figures=tuple(_figures(version, words_of_parts(parts))),
        parts=parts,
        splits=tuple(_splits(version)),
        worlds=tuple(_world(world) for world in version.worlds),
        readme=render(introduction(contents)),
        coverage=coverage_of(cells),
        choices=tuple(_choices(url, counts, split)),
        rows=tuple(_rows(user, version, split, sheet.start, sheet.end)),
        not_listed=_not_listed(user, version, counts),
        changes=changes_since(user, version, numbers, since, all_changes=all_changes),
        downloads=tuple(download_lines(user, version, contents)),
        curl=curl_of(version, host),
        newest=f"Version {newest} is the newest." if newest != version.number else "",
        newest_url=reverse("packs:version", args=[version.pack.slug, newest]),
        pager=sheet.pager(f"{url}#tasks", {"split": split}) if found > A_PAGE else None,
    )


def _cells(user: User, version: PackVersion) -> Iterator[Cell]:
    """Count this person's entries by category, difficulty and split, in one query."""
    entries = seen_entries(user, version).order_by()
    rows = entries.values_list(
        content_text("category"), content_text("difficulty"), "split"
    ).annotate(Count("pk"))
    for category, difficulty, split, tasks in rows:
        yield Cell(category=category or "", difficulty=difficulty or "", split=split, tasks=tasks)


def _sizes(version: PackVersion) -> Counter[str]:
    return Counter({split: said["tasks"] for split, said in version.splits.items()})


def _facts(version: PackVersion) -> VersionFacts:
    return VersionFacts(
        hash=version.hash,
        canary=version.canary,
        licence=version.licence,
        purpose=PURPOSES[version.is_for_training],
        frozen_by=version.frozen_by.get_username(),
        at=version.created_at,
        notes=render(version.notes.strip()),
    )


def _figures(version: PackVersion, splits: str) -> Iterator[Fact]:
    yield Fact(label="Tasks", value=f"{tasks_in(version):,}", detail=splits)
    yield Fact(label="For", value=PURPOSES[version.is_for_training])
    yield Fact(label="Licence", value=version.licence)
    yield Fact(label="Worlds", value=f"{len(version.worlds):,}")


def _splits(version: PackVersion) -> Iterator[SplitLine]:
    for split in SPLITS:
        if said := version.splits.get(split):
            yield SplitLine(
                split=split, word=SPLIT_WORDS[split], tasks=said["tasks"], hash=said["hash"]
            )


def _world(world: Mapping[str, str]) -> WorldLine:
    slug, _, number = world["name"].rpartition("@")
    return WorldLine(
        name=world["name"],
        url=reverse("simulation:world", args=[slug, int(number)]),
        hash=world["hash"],
    )


def _choices(url: str, counts: Counter[str], chosen: str) -> Iterator[Choice]:
    yield Choice(
        value="",
        label="all",
        is_selected=not chosen,
        url=f"{url}#tasks",
        count=f"{counts.total():,}",
    )
    for split in SPLITS:
        if counts[split] or split == chosen:
            yield Choice(
                value=split,
                label=SPLIT_WORDS[split],
                is_selected=split == chosen,
                url=f"{url}?split={split}#tasks",
                count=f"{counts[split]:,}",
            )


def _rows(user: User, version: PackVersion, split: str, start: int, end: int) -> Iterator[EntryRow]:
    entries = seen_entries(user, version)
    if split:
        entries = entries.filter(split=split)
    read = entries.order_by("task__slug").values(
        "task__slug",
        "split",
        "revision__number",
        **{name: content_text(name) for name in ("title", "category", "difficulty")},
    )
    for row in read[start:end]:
        yield _row(row)


def _row(row: Mapping[str, Any]) -> EntryRow:
    slug = row["task__slug"]
    return EntryRow(
        slug=slug,
        title=row["title"] or slug,
        url=reverse("editor:prompt", args=[slug]),
        category=spoken(row["category"] or ""),
        difficulty=row["difficulty"] or "",
        revision=row["revision__number"],
        split=split_mark(row["split"]),
    )


def _not_listed(user: User, version: PackVersion, counts: Counter[str]) -> str:
    missing = tasks_in(version) - counts.total()
    if missing <= 0:
        return ""
    if not sees_held_out(user):
        return not_listed(missing)
    words = SPLIT_WORDS[HELD_OUT]
    return f"{counted(missing, 'task')}, {words}, did not come along with the import."
