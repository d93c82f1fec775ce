"""Exports as files on disk, made once and given out as often as somebody asks."""

from dataclasses import dataclass
from pathlib import Path

from authoring.models import PackVersion


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
    raise NotImplementedError
