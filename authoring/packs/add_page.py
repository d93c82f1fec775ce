"""Adding tasks to a pack: the approved ones that a filter finds, and what adding would do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.fields.json import KeyTransform
from django.http import QueryDict
from django.urls import reverse

from authoring.listing.asked import Asked, read_asked
from authoring.listing.bulk import selected
from authoring.listing.list_page import list_filter
from authoring.listing.reading import listed, ordered
from authoring.models import Pack, PackTask, Revision
from authoring.packs.composing import Added, LeftOut, add_tasks, matching
from authoring.packs.pages.adding import AddingPage, AddPage, AddRow, LeftOutGroup
from authoring.packs.paging import sheet_of
from authoring.packs.task_rows import content_text, split_mark
from simulation.roles import ADMIN, AUTHOR, REVIEWER, has_role
from simulation.text import clean_text
from simulation.wording import counted, spoken

A_PAGE = 50
NAMED = 20


def add_page(user: User, pack: Pack, asked: Asked) -> AddPage:
    tasks = listed(user)
    found = [task.pk for task in matching(user, asked)]
    pks = list(ordered(tasks.filter(pk__in=found), asked.sort).values_list("pk", flat=True))
    sheet = sheet_of(len(pks), asked.page, A_PAGE)
    url = reverse("packs:add", args=[pack.slug])
    sees_drafts = has_role(user, AUTHOR, REVIEWER, ADMIN)
    count = counted(len(pks), "approved task")
    return AddPage(
        slug=pack.slug,
        title=pack.title,
        rows=tuple(_rows(pack, pks[sheet.start : sheet.end])),
        count=count,
        filter=list_filter(user, tasks, asked, sees_drafts=sees_drafts, clear_url=url),
        query=asked.query,
        all_label=f"All {count} that match" if asked.is_narrowed else f"All {count}",
        is_narrowed=asked.is_narrowed,
        pager=sheet.pager(url, asked.query) if len(pks) > A_PAGE else None,
    )


def chosen_slugs(user: User, data: QueryDict) -> list[str]:
    """Give the tasks that are ticked or named, or all that a filter finds.

    approved: of these only the approved ones, as the page for adding lists them.
    """
    if data.get("all") and data.get("approved"):
        asked = read_asked(QueryDict(data.get("filter", "")))
        return [task.slug for task in matching(user, asked)]
    named = data.copy()
    for name in ("task", "tasks"):
        named.setlist(name, [clean_text(value)[0] for value in data.getlist(name)])
    return list(selected(user, named).order_by("slug").values_list("slug", flat=True))


def planned(pack: Pack, slugs: Sequence[str], *, by: User) -> Added:
    """Say what adding would do: it is done, and taken back at once."""
    with transaction.atomic():
        added = add_tasks(pack, slugs, by=by)
        transaction.set_rollback(True)
    return added


def adding_page(pack: Pack, added: Added, *, back_url: str) -> AddingPage:
    count = len(added.added)
    return AddingPage(
        slug=pack.slug,
        title=pack.title,
        heading=f"Add {counted(count, 'task')} to {pack.slug}",
        button=f"Add {counted(count, 'task')}" if count else "",
        added=_titled(added.added[:NAMED]),
        added_more=_more(count),
        kept=counted(len(added.kept), "task") if added.kept else "",
        left=counted(len(added.left_out), "task"),
        groups=tuple(_groups(added.left_out)),
        slugs=" ".join(added.added),
        back_url=back_url,
    )


def said_of(added: Added) -> str:
    """Say in one message what was added and what was left out."""
    text = f"{counted(len(added.added), 'task')} added."
    if added.kept:
        text += f" {counted(len(added.kept), 'task')} had been there."
    groups = _groups(added.left_out)[:5]
    reasons = "; ".join(f"{group.count}: {group.text}" for group in groups)
    return f"{text} Left out: {reasons}." if reasons else text


def _rows(pack: Pack, pks: Sequence[int]) -> Iterator[AddRow]:
    """Give the rows of these tasks in their order, as their approved revisions say."""
    chosen = PackTask.objects.filter(pack=pack, task__in=pks)
    numbers = dict(chosen.values_list("task_id", "revision__number"))
    read = Revision.objects.filter(task__in=pks, state=Revision.State.APPROVED).values(
        "task_id",
        "task__slug",
        "task__split",
        "task__owner__username",
        "number",
        tags=KeyTransform("tags", "content"),
        **{name: content_text(name, "content") for name in ("title", "category", "difficulty")},
    )
    by_task = {row["task_id"]: row for row in read}
    for pk in pks:
        if row := by_task.get(pk):
            yield _row(row, numbers.get(pk, 0))


def _row(row: Mapping[str, Any], chosen: int) -> AddRow:
    slug = row["task__slug"]
    return AddRow(
        slug=slug,
        title=row["title"] or slug,
        url=reverse("editor:prompt", args=[slug]),
        tags=tuple(row["tags"] or ()),
        category=spoken(row["category"] or ""),
        difficulty=row["difficulty"] or "",
        owner=row["task__owner__username"],
        approved=row["number"],
        split=split_mark(row["task__split"]) if row["task__split"] else None,
        chosen=chosen,
    )


def _titled(slugs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Give (slug, title) of tasks that have an approved revision."""
    approved = Revision.objects.filter(task__slug__in=slugs, state=Revision.State.APPROVED)
    titles = dict(approved.values_list("task__slug", content_text("title", "content")))
    return tuple((slug, titles.get(slug) or slug) for slug in slugs)


def _groups(left_out: Sequence[LeftOut]) -> list[LeftOutGroup]:
    """Group what is left out by the reason, the largest group first."""
    by_reason: dict[str, list[str]] = {}
    for each in left_out:
        by_reason.setdefault(each.why, []).append(each.task)
    largest = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    return [
        LeftOutGroup(
            text=why,
            count=counted(len(slugs), "task"),
            names=tuple(slugs[:NAMED]),
            more=_more(len(slugs)),
        )
        for why, slugs in largest
    ]


def _more(count: int) -> str:
    return f"and {count - NAMED:,} more" if count > NAMED else ""
