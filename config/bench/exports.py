"""Exports: a pack of a thousand tasks in every format, each written by a process of its own."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle, islice
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from authoring.exports import EXPORTERS
from authoring.loading import LIBRARY, load_tasks
from authoring.models import Pack, PackEntry, PackVersion, Revision, Task
from authoring.splits import SPLITS
from config.bench.rows import BenchError, Row, Target, Unit
from config.bench.scene import Scene
from config.bench.scratch import database_url
from simulation.errors import GymError

TASKS = 1000
ROUNDS = 3
PACK = "benchmark-pack"
TIME, MEMORY = Target("r", 600), Target("most", 150)


def rows(scene: Scene) -> Iterator[Row]:
    version = make_pack(scene, TASKS)
    for form in EXPORTERS:
        taken = [_export(version, form) for _ in range(ROUNDS)]
        size = taken[0]["bytes"] / 1e6
        what = f"{TASKS:,} tasks as {form}, {size:.1f} MB"
        yield _row(f"export-{form}", what, taken, "ms", TIME)
        yield _row(f"export-{form}-added", f"{what}: memory that it takes", taken, "MB", MEMORY)
        words = f"{what}: the process as a whole, at its peak"
        yield _row(f"export-{form}-peak", words, taken, "MB")


def make_pack(scene: Scene, count: int) -> PackVersion:
    """Freeze so many tasks: those of the library, again and again under other names."""
    try:
        revisions = [loaded.revision for loaded in load_tasks(LIBRARY, owner=scene.owner)]
    except GymError as error:
        raise BenchError(f"the tasks of the library do not fit: {error.message}") from error
    tasks = [
        Task(slug=f"packed-{n:05}", owner=scene.owner, split=SPLITS[n % len(SPLITS)])
        for n in range(count)
    ]
    Task.objects.bulk_create(tasks)
    copies = [
        Revision(task=task, number=1, content=old.content, hash=old.hash, author=scene.owner)
        for task, old in zip(tasks, islice(cycle(revisions), count), strict=True)
    ]
    Revision.objects.bulk_create(copies)
    version = _version(scene, tasks)
    PackEntry.objects.bulk_create(
        PackEntry(version=version, task=copy.task, revision=copy, split=copy.task.split)
        for copy in copies
    )
    return version


def _version(scene: Scene, tasks: list[Task]) -> PackVersion:
    said = {"title": "Benchmark", "licence": "proprietary", "canary": "benchmark"}
    pack = Pack.objects.create(slug=PACK, owner=scene.owner, title="Benchmark", canary="benchmark")
    splits = [task.split for task in tasks]
    return PackVersion.objects.create(
        pack=pack,
        number=1,
        hash="0" * 64,
        splits={split: {"tasks": splits.count(split), "hash": "0" * 64} for split in SPLITS},
        worlds=[{"name": str(scene.world), "hash": scene.world.content_hash}],
        frozen_by=scene.owner,
        **said,
    )


def _export(version: PackVersion, form: str) -> dict[str, float]:
    """Let a new process make the artifact; gives what it says of itself."""
    command = [sys.executable, "-m", "config.bench.exporting", str(version), form]
    with TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.CELERY_BROKER_URL,
            "EG_SECRET_KEY": settings.SECRET_KEY,
            "EG_VAR": folder,
        }
        done = subprocess.run(  # noqa: S603  our own module
            command, env=environment, cwd=settings.BASE_DIR, capture_output=True, check=False
        )
    if done.returncode:
        raise BenchError(f"{form}: {done.stderr.decode(errors='replace')[-2000:]}")
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _row(
    name: str,
    what: str,
    taken: list[dict[str, float]],
    unit: Unit,
    target: Target | None = None,
) -> Row:
    member: Any = {"ms": "ms", "MB": name.rpartition("-")[2]}[unit]
    figures = [said[member] for said in taken]
    return Row(
        name=name,
        what=what,
        unit=unit,
        median=statistics.median(figures),
        n=len(figures),
        target=target,
    )
