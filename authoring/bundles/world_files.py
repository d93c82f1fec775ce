"""The worlds of a bundle: read as every world from outside is, and made into snapshots."""

from collections.abc import Iterator
from typing import Any

from authoring.bundles.bundle import BundledWorld
from authoring.bundles.members import PACK_FILE, PackFile, WorldLine
from simulation.portability.files import ENTITIES, PROMPTS, Files
from simulation.portability.parcel import Parcel, read_parcel
from simulation.portability.problems import WORLD_FILE, Findings
from simulation.portability.shelf import Shelf
from simulation.snapshots import from_document

WORLDS = "worlds"
HERE = ""  # the bundle's own folder


def read_worlds(shelf: Shelf, files: Files, pack: PackFile) -> dict[str, BundledWorld]:
    """Read every world that pack.json names; what is wrong becomes findings."""
    worlds = {}
    for line in pack.worlds:
        if line.name in worlds:
            shelf.findings.add(PACK_FILE, f"{line.name} is there more than once", field="worlds")
        elif line.path != path_of(line.name, pack):
            text = f"the files of {line.name} are in {path_of(line.name, pack)!r}"
            shelf.findings.add(PACK_FILE, f"{text}, not in {line.path!r}", field="worlds")
        elif world := _read_world(shelf, files, line):
            worlds[line.name] = world
    return worlds


def path_of(name: str, pack: PackFile) -> str:
    """Say where a world's files are: in the bundle's own folder if it is the only one."""
    return HERE if len(pack.worlds) == 1 else f"{WORLDS}/{name}"


def document_of(parcel: Parcel) -> dict[str, Any]:
    """Give the document that publishing a parcel would store: types without rows are not in it."""
    identity = parcel.identity
    return {
        "agentEmployeeId": identity.agent_employee_id,
        "entities": {name: rows for name, rows in parcel.entities.items() if rows},
        "environment": identity.environment,
        "now": identity.now,
        "systemPrompts": dict(parcel.prompts),
    }


def _read_world(shelf: Shelf, files: Files, line: WorldLine) -> BundledWorld | None:
    start = "" if line.path == HERE else f"{line.path}/"
    found = dict(_own_files(shelf, files, start))
    if WORLD_FILE not in found:
        shelf.findings.add(f"{start}{WORLD_FILE}", "is missing")
        return None
    parcel = read_parcel(Files(contents=found))
    for problem in parcel.problems:
        shelf.findings.add(
            f"{start}{problem.file}", problem.text, id=problem.id, field=problem.field
        )
    if parcel.problems:
        return None
    snapshot = from_document(document_of(parcel))
    _check_identity(parcel, snapshot.content_hash, line, f"{start}{WORLD_FILE}", shelf.findings)
    return BundledWorld(
        name=line.name,
        hash=line.hash,
        start=start,
        files=found,
        parcel=parcel,
        snapshot=snapshot,
    )


def _own_files(shelf: Shelf, files: Files, start: str) -> Iterator[tuple[str, bytes]]:
    """Give the files of one world by their paths in it; no other world takes them."""
    for path in files.contents:
        inside = path.removeprefix(start)
        folder, slash, _ = inside.partition("/")
        if path.startswith(start) and (inside == WORLD_FILE or (slash and folder in _FOLDERS)):
            yield inside, shelf.take(path)


_FOLDERS = (ENTITIES, PROMPTS)


def _check_identity(
    parcel: Parcel, content_hash: str, line: WorldLine, file: str, findings: Findings
) -> None:
    name = f"{parcel.identity.slug}@{parcel.identity.version}"
    if name != line.name:
        findings.add(file, f"is {name}, and pack.json calls it {line.name}", field="version")
    if content_hash != line.hash:
        text = f"its content has the hash {content_hash}, and pack.json says {line.hash}"
        findings.add(file, text)
