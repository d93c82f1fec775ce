"""The manifest: what every export ends with, by which each of its files can be checked."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from authoring.exports import EXPORTERS, Exporter, Files
from authoring.exports.contents import PackContents
from authoring.exports.json_files import json_file
from simulation.errors import NotFound

MANIFEST = "manifest.json"


def exporter_of(form: str) -> Exporter:
    """Look a format up. Raises NotFound that names the formats there are."""
    if form not in EXPORTERS:
        raise NotFound(f"there is no format {form!r}; there are {', '.join(EXPORTERS)}")
    return EXPORTERS[form]


def exported_files(form: str, contents: PackContents) -> Files:
    """Give the files of a format, its manifest last. Raises NotFound for an unknown format."""
    return _with_manifest(form, contents, exporter_of(form).files(contents))


def _with_manifest(form: str, contents: PackContents, files: Files) -> Files:
    listed = {}
    for path, pieces in files:
        weighed = _Weighed(pieces)
        yield path, weighed
        listed[path] = weighed.facts(path)
    manifest = {
        "format": f"enterprisegym-{form}",
        "pack": contents.name,
        "hash": contents.hash,
        "canary": contents.canary,
        "files": listed,
    }
    yield MANIFEST, [json_file(manifest)]


class _Weighed:
    """Pieces that are counted and hashed on their way."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._digest = hashlib.sha256()
        self._size = 0
        self._is_done = False

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._digest.update(piece)
            self._size += len(piece)
            yield piece
        self._is_done = True

    def facts(self, path: str) -> dict[str, Any]:
        if not self._is_done:
            raise RuntimeError(f"{path} was not read to its end, so its hash is not known")
        return {"sha256": self._digest.hexdigest(), "size": self._size}
