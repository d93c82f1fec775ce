"""What a version of a pack holds, as a frozen value that formats are made of."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models.functions import Collate

from authoring.content import TaskContent
from authoring.exports.json_files import json_file
from authoring.models import PackEntry, PackVersion
from authoring.splits import HELD_OUT, SPLITS
from simulation.portability.export import export_files, head_files
from simulation.portability.problems import WORLD_FILE
from simulation.worlds import find_world

CHUNK = 20  # tasks that are in memory at the same time


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
    as often as it is called. world_files: gives the files of a world by its name. world_heads:
    gives those that say what it is, where that takes no reading of its rows. split_tasks: gives
    those of one split, where that is quicker than to look through all.
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
    world_heads: Callable[[str], Mapping[str, bytes]] | None = None
    split_tasks: Callable[[str], Iterator[PackedTask]] | None = None

    @property
    def name(self) -> str:
        return f"{self.slug}@{self.number}"

    def world_head(self, name: str) -> Mapping[str, bytes]:
        """Give the files of a world that say what it is, with or without those of its rows."""
        return (self.world_heads or self.world_files)(name)

    def tasks_of(self, split: str) -> Iterator[PackedTask]:
        if self.split_tasks is not None:
            return self.split_tasks(split)
        return (task for task in self.tasks() if task.split == split)


def contents_of(version: PackVersion, *, with_held_out: bool) -> PackContents:
    """Give what a version holds; without the held-out split nothing of it is there, but how many
    tasks it has and their hash."""
    hides = () if with_held_out else (HELD_OUT,)
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
        left_out=_left_out(version, hides),
        worlds=version.worlds,
        changelog=[line for line in version.changelog if line["task"] not in hidden],
        tasks=lambda: _tasks(version, hides),
        split_tasks=lambda split: _tasks(version, {*SPLITS, *hides} - ({split} - {*hides})),
        world_files=lambda name: _untitled(export_files(find_world(name), with_manifest=False)),
        world_heads=lambda name: _untitled(head_files(find_world(name))),
    )


def _left_out(version: PackVersion, hides: Sequence[str]) -> tuple[str, ...]:
    """Name the splits that have tasks which are not given: hidden, or never imported."""
    counts = {split: facts.get("tasks", 0) for split, facts in version.splits.items()}
    there = set(version.entries.order_by().values_list("split", flat=True).distinct())
    lacking = {split for split, count in counts.items() if count and split not in there}
    return tuple(split for split in SPLITS if split in lacking | (there & set(hides)))


def _held_out(version: PackVersion) -> set[str]:
    """Name the tasks that are, or are by now, held out."""
    entries = PackEntry.objects.filter(version__pack=version.pack_id, task__split=HELD_OUT)
    return set(entries.values_list("task__slug", flat=True))


def _tasks(version: PackVersion, hides: Collection[str]) -> Iterator[PackedTask]:
    entries = version.entries.exclude(split__in=hides).select_related("task", "revision")
    in_order = entries.order_by(Collate("task__slug", "C"))  # as Python sorts, on every server
    for entry in in_order.iterator(chunk_size=CHUNK):
        yield PackedTask(
            slug=entry.task.slug,
            revision=entry.revision.number,
            hash=entry.revision.hash,
            family=entry.task.family,
            split=entry.split,
            content=entry.revision.value,
        )


def _untitled(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Leave out a world's title: that may change when everything else is frozen."""
    identity = orjson.loads(files[WORLD_FILE])
    del identity["title"]
    return {**files, WORLD_FILE: json_file(identity)}
