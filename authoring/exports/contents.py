"""What a version of a pack holds, as a frozen value that formats are made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authoring.content import TaskContent
from authoring.models import PackEntry, PackVersion
from authoring.splits import HELD_OUT
from simulation.portability.export import export_files
from simulation.worlds import find_world

CHUNK = 100  # tasks that are in memory at the same time


@dataclass(frozen=True, kw_only=True)
class PackedTask:
    """A task as a version of a pack has it. hash: of the content."""

    slug: str
    revision: int
    hash: str
    family: str
    split: str
    content: TaskContent


@dataclass(frozen=True, kw_only=True)
class PackContents:
    """A version of a pack.

    splits: {split: {"tasks": n, "hash"}} of all of them. left_out: the splits whose tasks are not
    given here. worlds: [{"name": SLUG@VERSION, "hash"}]. tasks: gives them in order of their slugs,
    as often as it is called. world_files: gives the files of a world by its name.
    """

    slug: str
    number: int
    hash: str
    title: str
    description: str
    licence: str
    canary: str
    is_for_training: bool
    notes: str
    splits: Mapping[str, Mapping[str, Any]]
    left_out: tuple[str, ...]
    worlds: Sequence[Mapping[str, str]]
    changelog: Sequence[Mapping[str, Any]]
    tasks: Callable[[], Iterator[PackedTask]]
    world_files: Callable[[str], Mapping[str, bytes]]

    @property
    def name(self) -> str:
        return f"{self.slug}@{self.number}"


def contents_of(version: PackVersion, *, with_held_out: bool) -> PackContents:
    """Give what a version holds; without the held-out split nothing of it is there, but how many
    tasks it has and their hash."""
    left_out = () if with_held_out or HELD_OUT not in version.splits else (HELD_OUT,)
    hidden = set() if with_held_out else _held_out(version)
    return PackContents(
        slug=version.pack.slug,
        number=version.number,
        hash=version.hash,
        title=version.title,
        description=version.description,
        licence=version.licence,
        canary=version.canary,
        is_for_training=version.is_for_training,
        notes=version.notes,
        splits=version.splits,
        left_out=left_out,
        worlds=version.worlds,
        changelog=[line for line in version.changelog if line["task"] not in hidden],
        tasks=lambda: _tasks(version, left_out),
        world_files=lambda name: export_files(find_world(name), with_manifest=False),
    )


def _held_out(version: PackVersion) -> set[str]:
    """Name the tasks that are, or are by now, held out."""
    entries = PackEntry.objects.filter(version__pack=version.pack_id, task__split=HELD_OUT)
    return set(entries.values_list("task__slug", flat=True))


def _tasks(version: PackVersion, left_out: Sequence[str]) -> Iterator[PackedTask]:
    entries = version.entries.exclude(split__in=left_out).select_related("task", "revision")
    for entry in entries.order_by("task__slug").iterator(chunk_size=CHUNK):
        yield PackedTask(
            slug=entry.task.slug,
            revision=entry.revision.number,
            hash=entry.revision.hash,
            family=entry.task.family,
            split=entry.split,
            content=entry.revision.value,
        )
