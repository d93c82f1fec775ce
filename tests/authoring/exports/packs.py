"""Frozen packs made by hand: rows as freezing writes them."""

import itertools
from typing import Any

from django.contrib.auth.models import User

from authoring.models import Pack, PackEntry, PackVersion, Task
from authoring.splits import HELD_OUT, TEST, TRAIN
from simulation.models import World
from tests.authoring.tasks import make_revision, make_task

CANARY = "canary 5c5c3c1e-7a53-4c0e-9d40-2d9f4f2b8a11"
SECRET = "Bring the brass lantern to the north pier."  # said in held-out tasks only
_numbers = itertools.count(1)


def make_version(owner: User, tasks: dict[Task, str], **fields: Any) -> PackVersion:
    """Freeze the newest revisions of tasks, each in its split."""
    slug = fields.pop("slug", f"pack-{next(_numbers)}")
    canary = fields.pop("canary", CANARY)
    pack = Pack.objects.create(slug=slug, title=slug, owner=owner, canary=canary)
    revisions = {task: task.revisions.order_by("-number")[0] for task in tasks}
    worlds = {revision.content["world"] for revision in revisions.values()}
    version = PackVersion.objects.create(
        pack=pack,
        frozen_by=owner,
        canary=canary,
        worlds=[{"name": name, "hash": _world_hash(name)} for name in sorted(worlds)],
        **{
            "number": 1,
            "hash": f"{next(_numbers):064x}",
            "title": "Lamps & chairs",
            "description": "A shop's *everyday* questions.",
            "licence": "CC-BY-4.0",
            "splits": _splits(tasks),
            **fields,
        },
    )
    for task, revision in revisions.items():
        Task.objects.filter(pk=task.pk).update(split=tasks[task])
        PackEntry.objects.create(version=version, task=task, revision=revision, split=tasks[task])
    return version


def make_small_version(owner: User, world: World, **fields: Any) -> PackVersion:
    """Freeze one task for each split; those of the held-out one say the secret."""
    tasks = {}
    for slug, split in {
        "sell-lamps": TRAIN,
        "sell-lamps-b": TEST,
        "hidden-lantern": HELD_OUT,
    }.items():
        secret = SECRET if split == HELD_OUT else ""
        task = make_task(owner, world, slug, notes=secret, title=f"Sell two lamps {secret}".strip())
        make_revision(task, "approved")
        tasks[task] = split
    return make_version(owner, tasks, **fields)


def _splits(tasks: dict[Task, str]) -> dict[str, Any]:
    counts = {split: list(tasks.values()).count(split) for split in (TRAIN, TEST, HELD_OUT)}
    return {
        split: {"tasks": count, "hash": f"{number:064x}"}
        for number, (split, count) in enumerate(counts.items(), start=1)
        if count
    }


def _world_hash(name: str) -> str:
    slug, _, version = name.partition("@")
    return World.objects.get(slug=slug, version=int(version)).content_hash
