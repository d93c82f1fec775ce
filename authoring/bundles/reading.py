"""Reading a bundle: a folder or a zip that anybody may have written. Nothing is stored.

Everything that is wrong is told at once, by file and field.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from authoring.bundles.bundle import Bundle, BundledWorld, BundleProblems
from authoring.bundles.fit import check_fit
from authoring.bundles.limits import BUNDLE
from authoring.bundles.manifest import check_agreement, read_manifest
from authoring.bundles.members import PACK_FILE, README_FILE, PackFile, read_members
from authoring.bundles.task_file import read_tasks
from authoring.bundles.tools_file import check_tools
from authoring.bundles.world_files import read_worlds
from authoring.exports.contents import PackContents, PackedTask
from authoring.packs.hashes import hash_of_split, hash_of_version
from simulation.portability.archive import read_archive
from simulation.portability.files import Files, is_litter
from simulation.portability.folder import read_path
from simulation.portability.problems import Findings
from simulation.portability.shelf import Shelf

UNKNOWN = "is no file of a bundle"


def bundle_files(data: bytes) -> Files:
    """Take a zip apart. Raises InvalidArgument for what is none, or more than may be read."""
    return read_archive(data, BUNDLE, is_ignored=is_litter)


def bundle_at(path: Path) -> Bundle:
    """Read the bundle in a folder or a zip file. Raises GymError."""
    return read_bundle(read_path(path, BUNDLE, is_ignored=is_litter))


def read_bundle(files: Files) -> Bundle:
    """Read files into a bundle. Raises BundleProblems."""
    shelf = Shelf(files)
    manifest = read_manifest(shelf, files)
    pack = _read_pack(shelf)
    if manifest and pack:
        check_agreement(manifest, pack, shelf.findings)
    tasks = read_tasks(shelf, pack)
    worlds = read_worlds(shelf, files, pack) if pack else {}
    if README_FILE in shelf:
        shelf.take(README_FILE)
    check_tools(shelf, worlds, tasks)
    if pack is not None:  # it says where the worlds are
        shelf.name_unknown(UNKNOWN)
    _refuse(shelf.findings)
    if pack is None:
        raise BundleProblems([])
    _check_whole(pack, tasks, worlds, shelf.findings)
    for task in tasks:
        check_fit(task, worlds[task.content.world], shelf.findings)
    _refuse(shelf.findings)
    return _bundle(pack, tasks, worlds, files, shelf.findings)


def _read_pack(shelf: Shelf) -> PackFile | None:
    if PACK_FILE not in shelf:
        shelf.findings.add(PACK_FILE, "is missing: it says what the bundle is")
        return None
    value = shelf.members(PACK_FILE, PackFile.model_fields)
    return read_members(PackFile, value, PACK_FILE, shelf.findings)


def _refuse(findings: Findings) -> None:
    if findings.count:
        raise BundleProblems(findings.problems, more=findings.count - len(findings.problems))


def _check_whole(
    pack: PackFile,
    tasks: Iterable[PackedTask],
    worlds: Mapping[str, BundledWorld],
    findings: Findings,
) -> None:
    """Hold the tasks that are there against what pack.json says of splits and hashes."""
    hashes = {name: world.hash for name, world in worlds.items()}
    by_split: dict[str, list[PackedTask]] = {split: [] for split in pack.splits}
    for task in tasks:
        by_split.setdefault(task.split, []).append(task)
    for split, found in by_split.items():
        _check_split(pack, split, found, hashes, findings)
    found_hash = _version_hash(pack)
    if found_hash != pack.hash:
        text = f"does not fit what pack.json says, whose hash is {found_hash}"
        findings.add(PACK_FILE, text, field="hash")


def _check_split(
    pack: PackFile,
    split: str,
    tasks: list[PackedTask],
    worlds: Mapping[str, str],
    findings: Findings,
) -> None:
    said = pack.splits.get(split)  # type: ignore[call-overload]  # a split that is not there
    if said is None or split in pack.left_out:
        for task in islice(tasks, 20):
            text = f"{task.slug} is of the split {split!r}, which pack.json says is not in here"
            findings.add(PACK_FILE, text, field="splits")
        return
    if len(tasks) != said.tasks:
        text = f"there are {len(tasks)} tasks, not {said.tasks}"
        findings.add(PACK_FILE, text, field=f"splits.{split}.tasks")
        return
    found = hash_of_split(
        (task.slug, task.revision, task.hash, worlds[task.content.world]) for task in tasks
    )
    if found != said.hash:
        text = f"does not fit its tasks, whose hash is {found}"
        findings.add(PACK_FILE, text, field=f"splits.{split}.hash")


def _version_hash(pack: PackFile) -> str:
    return hash_of_version(
        slug=pack.slug,
        number=pack.version,
        title=pack.title,
        licence=pack.licence,
        canary=pack.canary,
        is_for_training=pack.is_for_training,
        splits={split: line.model_dump() for split, line in pack.splits.items()},
        worlds=[{"name": world.name, "hash": world.hash} for world in pack.worlds],
    )


def _bundle(
    pack: PackFile,
    tasks: list[PackedTask],
    worlds: Mapping[str, BundledWorld],
    files: Files,
    findings: Findings,
) -> Bundle:
    contents = PackContents(
        slug=pack.slug,
        number=pack.version,
        hash=pack.hash,
        title=pack.title,
        description=pack.description,
        licence=pack.licence,
        canary=pack.canary,
        is_for_training=pack.is_for_training,
        notes=pack.notes,
        splits={split: line.model_dump() for split, line in pack.splits.items()},
        left_out=pack.left_out,
        worlds=[{"name": world.name, "hash": world.hash} for world in pack.worlds],
        changelog=[line.model_dump(mode="json") for line in pack.changelog],
        tasks=lambda: iter(tasks),
        world_files=lambda name: worlds[name].files,
    )
    return Bundle(
        contents=contents,
        tasks=tuple(tasks),
        worlds=worlds,
        notes=tuple(findings.notes),
        ignored=files.ignored,
    )
