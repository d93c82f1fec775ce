"""manifest.json of a bundle: it lists every other file, and each is as it says."""

import hashlib

from authoring.bundles.members import FORMAT, MANIFEST_FILE, Manifest, PackFile, read_members
from simulation.portability.files import Files
from simulation.portability.problems import Findings
from simulation.portability.shelf import Shelf


def read_manifest(shelf: Shelf, files: Files) -> Manifest | None:
    """Read the manifest and hold every file against it."""
    if MANIFEST_FILE not in shelf:
        shelf.findings.add(MANIFEST_FILE, "is missing: it lists the files of a bundle")
        return None
    value = shelf.members(MANIFEST_FILE, Manifest.model_fields)
    manifest = read_members(Manifest, value, MANIFEST_FILE, shelf.findings)
    if manifest is not None:
        _check_files(manifest, files, shelf.findings)
    return manifest


def check_agreement(manifest: Manifest, pack: PackFile, findings: Findings) -> None:
    """Hold what the manifest says of the pack against pack.json."""
    wanted = {
        "format": FORMAT,
        "pack": f"{pack.slug}@{pack.version}",
        "hash": pack.hash,
        "canary": pack.canary,
    }
    for name, value in wanted.items():
        if getattr(manifest, name) != value:
            findings.add(MANIFEST_FILE, f"is not {value!r}, as pack.json has it", field=name)


def _check_files(manifest: Manifest, files: Files, findings: Findings) -> None:
    listed = manifest.files
    there = files.contents.keys() - {MANIFEST_FILE}
    refused = {problem.file for problem in files.problems}
    for path in sorted(listed.keys() - there - refused):
        findings.add(path, f"is missing: {MANIFEST_FILE} lists it")
    for path in sorted(there - listed.keys()):
        findings.add(path, f"is not listed in {MANIFEST_FILE}")
    for path in sorted(there & listed.keys()):
        data, line = files.contents[path], listed[path]
        if len(data) != line.size:
            findings.add(path, f"has {len(data):,} bytes; {MANIFEST_FILE} says {line.size:,}")
        elif (found := hashlib.sha256(data).hexdigest()) != line.sha256:
            text = f"is not the file that {MANIFEST_FILE} lists: its sha256 is {found}"
            findings.add(path, text)
