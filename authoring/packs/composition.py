"""What is put together, as rows of a page: chosen revisions, newer ones, splits as planned."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse

from authoring.models import Pack, PackTask
from authoring.packs.composing import Newer
from authoring.packs.coverage import SPLIT_WORDS
from authoring.packs.lookup import seen_tasks
from authoring.packs.pages import PackTaskRow, SplitMark
from authoring.packs.splitting import Member, plan_splits
from authoring.splits import HELD_OUT
from simulation.errors import Problems
from simulation.roles import sees_held_out
from simulation.wording import counted, spoken


@dataclass(frozen=True)
class Composition:
    """The members of a pack's next version: (slug, family, split) of each, in order of slugs."""

    pack: Pack
    members: tuple[Member, ...]
    sees_held_out: bool

    @cached_property
    def planned(self) -> Mapping[str, str]:
        """Give the split of each slug; of none while the sizes asked for are impossible."""
        try:
            return plan_splits(self.members, self.pack.sizes)
        except Problems:
            return {}

    @cached_property
    def listed(self) -> tuple[str, ...]:
        """Give the slugs that this person may see."""
        return tuple(m.slug for m in self.members if self.sees_held_out or m.split != HELD_OUT)

    @property
    def hidden(self) -> int:
        return len(self.members) - len(self.listed)

    @cached_property
    def given(self) -> Counter[str]:
        """Count what tasks would get their split for life, by split."""
        return Counter(self.planned.get(m.slug, "") for m in self.members if not m.split)

    def mark(self, member: Member) -> SplitMark | None:
        split = member.split or self.planned.get(member.slug, "")
        return split_mark(split, is_planned=not member.split) if split else None


def composition_of(user: User, pack: Pack) -> Composition:
    chosen = PackTask.objects.filter(pack=pack).order_by("task__slug")
    rows = chosen.values_list("task__slug", "task__family", "task__split")
    members = tuple(Member(slug=slug, family=family, split=split) for slug, family, split in rows)
    return Composition(pack, members, sees_held_out(user))


def split_mark(split: str, *, is_planned: bool = False) -> SplitMark:
    return SplitMark(split=split, word=SPLIT_WORDS.get(split, split), is_planned=is_planned)


def task_rows(
    user: User, composition: Composition, slugs: Sequence[str], newer: Sequence[Newer]
) -> Iterator[PackTaskRow]:
    """Give the rows of these tasks, in one query."""
    members = {member.slug: member for member in composition.members}
    approved = {each.task: each.approved for each in newer}
    chosen = seen_tasks(user, composition.pack).filter(task__slug__in=slugs)
    read = chosen.order_by("task__slug").values(
        "task__slug",
        "task__is_retired",
        "revision__number",
        **{name: content_text(name) for name in ("title", "category", "difficulty")},
    )
    for row in read:
        yield _row(row, composition.mark(members[row["task__slug"]]), approved)


def content_text(name: str, of: str = "revision__content") -> KeyTextTransform:
    """Give a text field of a revision's content."""
    return KeyTextTransform(name, of)


def not_listed(count: int) -> str:
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'held-out task')} {verb} not listed: only admins see them by name."


def _row(
    row: Mapping[str, Any], mark: SplitMark | None, approved: Mapping[str, int]
) -> PackTaskRow:
    slug = row["task__slug"]
    return PackTaskRow(
        slug=slug,
        title=row["title"] or slug,
        url=reverse("editor:prompt", args=[slug]),
        category=spoken(row["category"] or ""),
        difficulty=row["difficulty"] or "",
        chosen=row["revision__number"],
        split=mark,
        newer=approved.get(slug, 0),
        is_retired=row["task__is_retired"],
    )
