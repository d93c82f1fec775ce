"""The page of a pack: what its next version will be, and the versions that there are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.models import Pack, PackVersion
from authoring.packs.access import may_change_pack
from authoring.packs.check_lines import A_LOOK, checks_of
from authoring.packs.checking import Cell, check_pack
from authoring.packs.composing import newer_revisions
from authoring.packs.coverage import SPLIT_WORDS, coverage_of, split_parts, words_of_parts
from authoring.packs.list_page import PURPOSES, tasks_in
from authoring.packs.pages.checks import ChecksPage
from authoring.packs.pages.pack import PackPage, VersionRow
from authoring.packs.paging import sheet_of
from authoring.packs.planning import unplayed
from authoring.packs.rules import Composition, cells_of
from authoring.packs.task_rows import listed_for, not_listed, task_rows
from authoring.splits import SHARES, SPLITS
from simulation.markdown import plain, render
from simulation.pages import Fact
from simulation.wording import counted

A_PAGE = 50
VERSIONS = 20  # shown unless all are asked for


def pack_page(
    user: User, pack: Pack, *, page: int, only_newer: bool = False, all_versions: bool = False
) -> PackPage:
    composition = unplayed(pack)
    newer = newer_revisions(pack, by=user)
    behind = {each.task for each in newer}
    seen = listed_for(user, composition)
    shown = [each for each in seen if each.slug in behind or not only_newer]
    sheet = sheet_of(len(shown), page, A_PAGE)
    versions, is_cut = _versions(pack, all_versions)
    url = reverse("packs:pack", args=[pack.slug])
    narrowed = {"newer": "1"} if only_newer else {}
    return PackPage(
        slug=pack.slug,
        title=pack.title,
        description_html=render(pack.description.strip()),
        facts=tuple(_facts(pack, len(composition.chosen))),
        number=versions[0].number + 1 if versions else 1,
        may_change=may_change_pack(user, pack),
        count=_count(len(shown), len(composition.chosen), only_newer),
        rows=tuple(task_rows(shown[sheet.start : sheet.end], composition.plan, newer)),
        only_newer=only_newer,
        newer=_newer(len(newer)),
        newer_count=len(newer),
        hidden=not_listed(len(composition.chosen) - len(seen)),
        coverage=coverage_of(_cells(composition)),
        versions=version_rows(pack, versions),
        versions_more=f"{url}?versions=all#versions" if is_cut else "",
        pager=sheet.pager(f"{url}#tasks", narrowed) if len(shown) > A_PAGE else None,
    )


def checks_page(user: User, pack: Pack) -> ChecksPage:
    """Check what is put together; tasks that were never played are played for a moment."""
    report = check_pack(pack, by=user, seconds=A_LOOK)
    return ChecksPage(slug=pack.slug, title=pack.title, checks=checks_of(report))


def _count(shown: int, chosen: int, only_newer: bool) -> str:
    """Count what is listed; beside it all there is, where held-out tasks are not listed."""
    if only_newer or shown == chosen:
        return counted(shown, "task")
    return f"{shown:,} of {counted(chosen, 'task')}"


def _cells(composition: Composition) -> Iterator[Cell]:
    for (category, difficulty, split), tasks in cells_of(composition):
        yield Cell(category=category, difficulty=difficulty, split=split, tasks=tasks)


def sizes_in_words(sizes: Mapping[str, int]) -> str:
    if not sizes:
        shares = [
            f"{share:.0%} {SPLIT_WORDS[split]}".replace("%", " %")
            for split, share in SHARES.items()
        ]
        return f"by share: {', '.join(shares)}"
    exact = [f"{sizes[split]:,} {SPLIT_WORDS[split]}" for split in SPLITS if split in sizes]
    rest = [f"the rest {SPLIT_WORDS[split]}" for split in SPLITS if split not in sizes]
    return ", ".join([*exact, *rest[:1]])


def version_rows(pack: Pack, versions: Iterable[PackVersion]) -> tuple[VersionRow, ...]:
    return tuple(_version(pack, version) for version in versions)


def _version(pack: Pack, version: PackVersion) -> VersionRow:
    tasks = tasks_in(version)
    counts = Counter({split: said["tasks"] for split, said in version.splits.items()})
    parts = split_parts(counts, max(tasks, 1))
    return VersionRow(
        number=version.number,
        url=reverse("packs:version", args=[pack.slug, version.number]),
        parts=parts,
        tasks=counted(tasks, "task"),
        splits=words_of_parts(parts),
        notes=plain(version.notes.strip().partition("\n")[0]),
        changed=_changed(version),
        frozen_by=version.frozen_by.get_username(),
        at=version.created_at,
    )


def _changed(version: PackVersion) -> str:
    """Sum up the changelog: "3 changed, 1 added"."""
    if version.number == 1:
        return ""
    kinds = Counter(line["kind"] for line in version.changelog)
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())


def _facts(pack: Pack, tasks: int) -> Iterable[Fact]:
    yield Fact(label="Tasks in the next version", value=f"{tasks:,}")
    yield Fact(label="For", value=PURPOSES[pack.is_for_training])
    yield Fact(label="Splits", value=sizes_in_words(pack.sizes))
    yield Fact(label="Licence", value=pack.licence)
    yield Fact(label="Owner", value=pack.owner.get_username())


def _newer(count: int) -> str:
    if not count:
        return ""
    return f"{counted(count, 'task')} {'has' if count == 1 else 'have'} a newer approved revision"


def _versions(pack: Pack, all_versions: bool) -> tuple[list[PackVersion], bool]:
    """Give the newest versions, and whether there are more."""
    found = PackVersion.objects.filter(pack=pack).select_related("frozen_by").order_by("-number")
    versions = list(found if all_versions else found[: VERSIONS + 1])
    is_cut = not all_versions and len(versions) > VERSIONS
    return (versions[:VERSIONS] if is_cut else versions), is_cut
