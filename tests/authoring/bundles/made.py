"""Bundles made plainly: versions of packs by hand, and their files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from authoring.exports.contents import PackContents, contents_of
from authoring.exports.manifests import exported_files
from authoring.models import Pack, PackEntry, PackVersion, Revision, Task
from authoring.packs.hashes import hash_of_split, hash_of_version
from simulation.portability.archive import write_archive
from simulation.worlds import find_world
from tests.authoring.tasks import make_revision

CANARY = "EG-CANARY 7c1f"


def approve(task: Task, split: str = "train") -> Revision:
    """Give a task an approved revision and a split."""
    revision = make_revision(task, "approved")
    Task.objects.filter(pk=task.pk).update(split=split)
    task.refresh_from_db()
    revision.refresh_from_db()
    return revision


def make_version(
    owner: User, revisions: Sequence[Revision], slug: str = "lamps", number: int = 1, **fields: Any
) -> PackVersion:
    """Freeze revisions of tasks that have their split."""
    said = {"title": "Lamps", "licence": "CC-BY-4.0", "canary": CANARY, "is_for_training": False}
    said |= {name: fields.pop(name) for name in list(fields) if name in said}
    pack, _ = Pack.objects.get_or_create(slug=slug, defaults={**said, "owner": owner})
    revisions = sorted(revisions, key=lambda revision: revision.task.slug)
    worlds = {
        name: find_world(name).content_hash for name in sorted({r.value.world for r in revisions})
    }
    lines = [{"name": name, "hash": hash_} for name, hash_ in worlds.items()]
    splits: dict[str, dict[str, Any]] = {}
    for split in sorted({revision.task.split for revision in revisions}):
        of_split = [r for r in revisions if r.task.split == split]
        entries = [(r.task.slug, r.number, r.hash, worlds[r.value.world]) for r in of_split]
        splits[split] = {"tasks": len(of_split), "hash": hash_of_split(entries)}
    version = PackVersion.objects.create(
        pack=pack,
        number=number,
        hash=hash_of_version(slug=slug, number=number, splits=splits, worlds=lines, **said),
        splits=splits,
        worlds=lines,
        frozen_by=owner,
        **said,
        **fields,
    )
    for revision in revisions:
        PackEntry.objects.create(
            version=version, task=revision.task, revision=revision, split=revision.task.split
        )
    return version


def bundle_of(version: PackVersion, *, with_held_out: bool = True) -> dict[str, bytes]:
    """Give the files of a version as a bundle."""
    return files_of(contents_of(version, with_held_out=with_held_out))


def files_of(contents: PackContents) -> dict[str, bytes]:
    return {path: b"".join(pieces) for path, pieces in exported_files("bundle", contents)}


def with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Write manifest.json anew."""
    files = {path: data for path, data in files.items() if path != "manifest.json"}
    pack = json.loads(files["pack.json"])
    lines = {
        path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for path, data in files.items()
    }
    manifest = {"format": "enterprisegym-bundle", "pack": f"{pack['slug']}@{pack['version']}"}
    manifest |= {"hash": pack["hash"], "canary": pack["canary"], "files": lines}
    return {**files, "manifest.json": as_json(manifest)}


def as_json(value: Any) -> bytes:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    return write_archive(files)
