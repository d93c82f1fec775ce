"""Exports as archives on disk, made once and given out as often as somebody asks."""

from typing import Any

from authoring.exports.archives import write_archive
from authoring.exports.contents import PackContents, contents_of
from authoring.exports.fingerprints import fingerprint
from authoring.exports.heads import head
from authoring.exports.manifests import exported_files, exporter_of
from authoring.models import PackVersion
from simulation.artifacts import Artifact, artifact, made_bytes

MEDIA_TYPE = "application/zip"


def artifact_of(version: PackVersion, form: str, *, with_held_out: bool) -> Artifact:
    """Give a version in a format as one archive, made now unless it is there already.

    Raises NotFound that names the formats there are, Unavailable when it cannot be written.
    """
    exporter_of(form)
    contents = contents_of(version, with_held_out=with_held_out)
    return artifact(
        _decided_by(contents, form),
        name=f"{contents.slug}-{contents.number}-{form}{'-heldout' * with_held_out}.zip",
        media_type=MEDIA_TYPE,
        write=lambda target: write_archive(exported_files(form, contents), target),
    )


def made_size(contents: PackContents, form: str) -> int | None:
    """Give the bytes of an archive that is there already; None where it would be made first."""
    return made_bytes(_decided_by(contents, form))


def _decided_by(contents: PackContents, form: str) -> list[Any]:
    return [fingerprint(), head(contents, form)]
