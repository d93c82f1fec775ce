"""Files that are made once, kept on disk, and given out as often as somebody asks.

An artifact is a folder with the file and its facts, named by all that decides its bytes.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson
from django.conf import settings

from simulation.errors import Unavailable
from simulation.shelves import Shelf
from simulation.text import canonical

FILE, FACTS = "file", "facts.json"


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A file that is ready to be sent. name: what it is called for people."""

    path: Path
    name: str
    media_type: str
    size: int
    sha256: str


def artifact(
    decided_by: Sequence[Any], *, name: str, media_type: str, write: Callable[[IO[bytes]], None]
) -> Artifact:
    """Give a file, made now unless it is there already.

    decided_by: plain values, equal where the bytes are. Raises Unavailable when it cannot be
    written.
    """
    shelf, key = _shelf(), _key(decided_by)
    try:
        facts = _kept(shelf.folder / key) or _made(shelf, key, media_type, write)
    except OSError as error:
        raise Unavailable(f"the export cannot be written: {error.strerror}") from error
    return Artifact(path=shelf.folder / key / FILE, name=name, **facts)


def made_bytes(decided_by: Sequence[Any]) -> int | None:
    """Give the size of a file that is there already; None where it would be made first."""
    try:
        return (_shelf().folder / _key(decided_by) / FILE).stat().st_size
    except OSError:
        return None


def _shelf() -> Shelf:
    return Shelf(Path(settings.VAR) / "exports")


def _key(decided_by: Sequence[Any]) -> str:
    return hashlib.sha256(canonical(list(decided_by))).hexdigest()


def _kept(place: Path) -> dict[str, Any] | None:
    """Give the facts of what is there already, if it is whole; note that it was asked for."""
    try:
        facts: dict[str, Any] = orjson.loads((place / FACTS).read_bytes())
        is_whole = (place / FILE).stat().st_size == facts["size"]
        os.utime(place)
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return facts if is_whole else None


def _made(
    shelf: Shelf, key: str, media_type: str, write: Callable[[IO[bytes]], None]
) -> dict[str, Any]:
    with shelf.locked(key):
        if kept := _kept(shelf.folder / key):  # somebody else made it while we waited
            return kept
        with shelf.placing(key) as partial:
            facts = {"media_type": media_type, **_written(partial, write)}
            (partial / FACTS).write_bytes(orjson.dumps(facts))
        shelf.make_room(settings.EXPORTS_MAX_BYTES, kept=key)
    return facts


def _written(folder: Path, write: Callable[[IO[bytes]], None]) -> dict[str, Any]:
    with (folder / FILE).open("w+b") as target:
        write(target)
        target.flush()
        os.fsync(target.fileno())
        size = os.fstat(target.fileno()).st_size
        target.seek(0)
        sha256 = hashlib.file_digest(target, "sha256").hexdigest()
    return {"size": size, "sha256": sha256}
