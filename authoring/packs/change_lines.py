"""What changed between two versions of a pack, task by task, as lines of a page."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.contrib.auth.models import User
from django.urls import reverse

from authoring.models import PackVersion
from authoring.packs.changes import TaskChange, changes_between
from authoring.packs.pages.version import ChangeLine, Changes
from simulation.pages import Choice
from simulation.roles import TASK_READERS, has_role
from simulation.wording import counted

SHOWN = 100
LOOKS = {"added": ("good", "plus"), "removed": ("bad", "x"), "changed": ("info", "pencil")}


def changes_since(
    user: User,
    version: PackVersion,
    numbers: Sequence[int],
    since: int | None,
    *,
    all_changes: bool,
) -> Changes | None:
    """Compare with an earlier version; None where there is none. numbers: all that there are, the
    newest first."""
    earlier = [number for number in numbers if number < version.number]
    if not earlier:
        return None
    chosen = since if since in earlier else earlier[0]
    old = PackVersion.objects.select_related("pack").get(pack=version.pack_id, number=chosen)
    changes = changes_between(old, version, by=user)
    shown = changes if all_changes else changes[:SHOWN]
    url = reverse("packs:version", args=[version.pack.slug, version.number])
    reads = has_role(user, *TASK_READERS)
    is_cut = len(shown) < len(changes)
    return Changes(
        since=tuple(_choices(earlier, chosen)),
        summary=_summary(changes),
        lines=tuple(_line(change, reads) for change in shown),
        not_comparable=_not_comparable(changes),
        all_url=f"{url}?since={chosen}&changes=all#changes" if is_cut else "",
        more=f"Show all {len(changes):,}" if is_cut else "",
    )


def _choices(earlier: Sequence[int], chosen: int) -> Iterator[Choice]:
    for number in earlier:
        yield Choice(value=str(number), label=f"version {number}", is_selected=number == chosen)


def _summary(changes: Sequence[TaskChange]) -> str:
    kinds = Counter(change.kind for change in changes)
    return ", ".join(f"{counted(count, 'task')} {kind}" for kind, count in kinds.most_common())


def _not_comparable(changes: Sequence[TaskChange]) -> str:
    changed = [change for change in changes if change.kind == "changed"]
    count = sum(not change.comparable for change in changed)
    if not changed:
        return ""
    if not count:
        return "The rewards of all of them can be set beside those of before."
    return f"The rewards of {counted(count, 'changed task')} cannot be set beside those of before."


def _line(change: TaskChange, reads: bool) -> ChangeLine:
    tone, icon = LOOKS.get(change.kind, ("info", "pencil"))
    is_pair = change.before is not None and change.after is not None
    compare = reverse("history:compare", args=[change.task]) if reads and is_pair else ""
    is_same = change.before == change.after
    return ChangeLine(
        task=change.task,
        kind=change.kind,
        tone=tone,
        icon=icon,
        revisions=_revisions(change),
        parts=tuple(change.parts),
        is_comparable=change.comparable,
        why=change.why,
        url=reverse("editor:prompt", args=[change.task]),
        compare_url=f"{compare}?a={change.before}&b={change.after}"
        if compare and not is_same
        else "",
    )


def _revisions(change: TaskChange) -> str:
    if change.before is None or change.after is None:
        return f"revision {change.after if change.before is None else change.before}"
    if change.before == change.after:
        return f"revision {change.after}"
    return f"revision {change.before} to {change.after}"
