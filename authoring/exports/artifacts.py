"""Exports as files on disk, made once and given out as often as somebody asks.

An artifact is a folder with the archive and its facts, named by all that decides its bytes.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from authoring.exports.archives import write_archive
from authoring.exports.contents import PackContents, contents_of
from authoring.exports.fingerprints import fingerprint
from authoring.exports.heads import head
from authoring.exports.manifests import exported_files, exporter_of
from authoring.exports.shelves import Shelf
from authoring.models import PackVersion
from simulation.errors import Unavailable
from simulation.text import canonical

MEDIA_TYPE = "application/zip"
ARCHIVE, FACTS = "export.zip", "facts.json"


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A file that is ready to be sent. name: what it is called for people."""

    path: Path
    name: str
    media_type: str
    size: int
    sha256: str


def artifact_of(version: PackVersion, form: str, *, with_held_out: bool) -> Artifact:
    """Give a version in a format as one archive, made now unless it is there already.

    Raises NotFound that names the formats there are, Unavailable when it cannot be written.
    """
    exporter_of(form)
    contents = contents_of(version, with_held_out=with_held_out)
    shelf = Shelf(Path(settings.VAR) / "exports")
    key = hashlib.sha256(canonical([fingerprint(), head(contents, form)])).hexdigest()
    name = f"{contents.slug}-{contents.number}-{form}{'-heldout' * with_held_out}.zip"
    try:
        return _kept(shelf.folder / key, name) or _made(shelf, key, name, contents, form)
    except OSError as error:
        raise Unavailable(f"the export cannot be written: {error.strerror}") from error


def _kept(place: Path, name: str) -> Artifact | None:
    """Give what is there already, if it is whole; note that it was asked for."""
    try:
        facts = orjson.loads((place / FACTS).read_bytes())
        is_whole = (place / ARCHIVE).stat().st_size == facts["size"]
        os.utime(place)
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return Artifact(path=place / ARCHIVE, name=name, **facts) if is_whole else None


def _made(shelf: Shelf, key: str, name: str, contents: PackContents, form: str) -> Artifact:
    with shelf.locked(key):
        if kept := _kept(shelf.folder / key, name):  # somebody else made it while we waited
            return kept
        with shelf.placing(key) as partial:
            facts = _write(partial, form, contents)
        shelf.make_room(settings.EXPORTS_MAX_BYTES, kept=key)
    return Artifact(path=shelf.folder / key / ARCHIVE, name=name, **facts)


def _write(folder: Path, form: str, contents: PackContents) -> dict[str, Any]:
    with (folder / ARCHIVE).open("w+b") as target:
        write_archive(exported_files(form, contents), target)
        target.flush()
        os.fsync(target.fileno())
        size = os.fstat(target.fileno()).st_size
        target.seek(0)
        sha256 = hashlib.file_digest(target, "sha256").hexdigest()
    facts = {"media_type": MEDIA_TYPE, "size": size, "sha256": sha256}
    (folder / FACTS).write_bytes(orjson.dumps(facts))
    return facts
