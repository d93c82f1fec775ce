"""The tasks that are put together, as rows of a page: revisions, newer ones, splits as planned."""

from collections.abc import Iterator, Mapping, Sequence

from django.contrib.auth.models import User
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse

from authoring.models import Revision
from authoring.packs.checking import Composition
from authoring.packs.chosen import Chosen
from authoring.packs.composing import Newer
from authoring.packs.coverage import SPLIT_WORDS
from authoring.packs.pages.pack import PackTaskRow, SplitMark
from authoring.splits import HELD_OUT
from simulation.roles import sees_held_out
from simulation.wording import counted, spoken


def listed_for(user: User, composition: Composition) -> list[Chosen]:
    """Give the tasks that this person may see."""
    is_all = sees_held_out(user)
    return [each for each in composition.chosen if is_all or each.split != HELD_OUT]


def task_rows(
    shown: Sequence[Chosen], plan: Mapping[str, str], newer: Sequence[Newer]
) -> Iterator[PackTaskRow]:
    """Give the rows of these tasks, in one query."""
    approved = {each.task: each.approved for each in newer}
    revisions = Revision.objects.filter(pk__in=[each.revision_id for each in shown])
    titles = dict(revisions.values_list("pk", content_text("title", "content")))
    for each in shown:
        split = each.split or plan.get(each.slug, "")
        yield PackTaskRow(
            slug=each.slug,
            title=titles.get(each.revision_id) or each.slug,
            url=reverse("editor:prompt", args=[each.slug]),
            category=spoken(each.category or ""),
            difficulty=each.difficulty or "",
            chosen=each.number,
            split=split_mark(split, is_planned=not each.split) if split else None,
            newer=approved.get(each.slug, 0),
            is_retired=each.is_retired,
        )


def content_text(name: str, of: str = "revision__content") -> KeyTextTransform:
    """Give a text field of a revision's content."""
    return KeyTextTransform(name, of)


def split_mark(split: str, *, is_planned: bool = False) -> SplitMark:
    return SplitMark(split=split, word=SPLIT_WORDS.get(split, split), is_planned=is_planned)


def not_listed(count: int) -> str:
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'held-out task')} {verb} not listed: only admins see them by name."
