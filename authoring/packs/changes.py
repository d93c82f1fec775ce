"""What differs between two versions of a pack, task by task."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.models import User

from authoring.models import PackVersion, Revision, Task
from authoring.splits import HELD_OUT
from simulation.roles import sees_held_out
from simulation.wording import listed

PARTS = ("prompt", "setup", "tools", "rubric", "world", "reference", "labels")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "prompt": ("prompt", "asker", "mode", "customer", "system_prompt"),
    "setup": ("setup",),
    "tools": ("toolset", "max_results", "budgets", "faults"),
    "rubric": ("rubric",),
    "world": ("world",),
    "reference": ("reference", "near_misses"),
    "labels": ("title", "category", "difficulty", "target_level", "tags", "notes"),
}
DECISIVE = ("prompt", "setup", "tools", "rubric", "world")  # for what a reward means
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, kw_only=True)
class TaskChange:
    """What became of one task: added, removed or changed, in which PARTS.

    before, after: revision numbers, None where it is not there. comparable: whether rewards of both
    versions may be set side by side; why: in a sentence, where they may not.
    """

    task: str
    kind: str
    before: int | None
    after: int | None
    parts: tuple[str, ...] = ()
    comparable: bool = True
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "parts": list(self.parts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A task as one version has it."""

    revision_id: int
    number: int


Sides = Mapping[str, Side]  # by slug


def changes_between(old: PackVersion | None, new: PackVersion, *, by: User) -> Sequence[TaskChange]:
    """Compare two versions. Names nothing that this person may not see."""
    hidden = set() if sees_held_out(by) else held_out_among(old, new)
    return [change for change in compare(sides_of(old), sides_of(new)) if change.task not in hidden]


def held_out_among(*versions: PackVersion | None) -> set[str]:
    """Name the tasks of versions that are held out by now."""
    pks = [version.pk for version in versions if version]
    tasks = Task.objects.filter(pack_entries__version__in=pks, split=HELD_OUT)
    return set(tasks.values_list("slug", flat=True))


def sides_of(version: PackVersion | None) -> Sides:
    if version is None:
        return {}
    rows = version.entries.values_list("task__slug", "revision_id", "revision__number")
    return {slug: Side(revision_id=pk, number=number) for slug, pk, number in rows}


def compare(old: Sides, new: Sides) -> list[TaskChange]:
    """Give what differs, in order of slugs; contents are read of what changed alone."""
    changed = {slug for slug in old.keys() & new.keys() if old[slug] != new[slug]}
    pks = {side[slug].revision_id for side in (old, new) for slug in changed}
    contents = dict(Revision.objects.filter(pk__in=pks).values_list("pk", "content"))
    changes = []
    for slug in sorted(changed | (old.keys() ^ new.keys())):
        before, after = old.get(slug), new.get(slug)
        if before and after:
            pair = contents[before.revision_id], contents[after.revision_id]
            changes.append(_changed(slug, before, after, differing_parts(*pair)))
        else:
            changes.append(_alone(slug, before, after))
    return changes


def differing_parts(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the parts in which two contents differ; what is left out is null."""
    return tuple(
        part for part in PARTS if any(one.get(name) != other.get(name) for name in FIELDS[part])
    )


def _changed(slug: str, before: Side, after: Side, parts: tuple[str, ...]) -> TaskChange:
    decisive = [part for part in parts if part in DECISIVE]
    return TaskChange(
        task=slug,
        kind=CHANGED,
        before=before.number,
        after=after.number,
        parts=parts,
        comparable=not decisive,
        why=_why(decisive, before.number, after.number) if decisive else "",
    )


def _why(parts: Sequence[str], before: int, after: int) -> str:
    subject, is_one = listed(parts), len(parts) == 1 and parts[0] != "tools"
    verb = "differs" if is_one else "differ"
    return (
        f"{subject.capitalize()} {verb} between revisions {before} and {after}:"
        " their rewards do not measure the same."
    )


def _alone(slug: str, before: Side | None, after: Side | None) -> TaskChange:
    return TaskChange(
        task=slug,
        kind=REMOVED if before else ADDED,
        before=before.number if before else None,
        after=after.number if after else None,
        comparable=False,
        why=f"Only the {'older' if before else 'newer'} version has this task.",
    )
