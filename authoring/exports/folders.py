"""Exports on disk, for the command: a folder, or a zip file."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import orjson

from authoring.exports import Files
from authoring.exports.archives import write_archive
from authoring.exports.manifests import MANIFEST
from simulation.errors import Conflict
from simulation.portability.files import path_problem


def write_export(files: Files, path: Path, *, replace: bool = False) -> int:
    """Write a folder, or a zip file where the path ends in .zip; gives how many files it has.

    Nothing is there before all of it is. replace: an earlier export gives way; in a folder, files
    of others stay. Raises Conflict where something else is there.
    """
    is_archive = path.suffix == ".zip"
    _refuse_unless_free(path, is_archive=is_archive, replace=replace)
    path.parent.mkdir(parents=True, exist_ok=True)
    counted = _Counted(files)
    with _workshop(path) as folder:
        made = folder / path.name
        if is_archive:
            with made.open("wb") as target:
                write_archive(iter(counted), target)
            made.replace(path)
        else:
            _write_folder(iter(counted), made)
            _move_in(made, path)
    return counted.count


class _Counted:
    def __init__(self, files: Files) -> None:
        self._files = files
        self.count = 0

    def __iter__(self) -> Files:
        for file in self._files:
            self.count += 1
            yield file


@contextmanager
def _workshop(path: Path) -> Iterator[Path]:
    """Make a folder beside the place where the export will be: moving it there copies nothing."""
    folder = Path(mkdtemp(prefix=".export-", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _refuse_unless_free(path: Path, *, is_archive: bool, replace: bool) -> None:
    if is_archive:
        if path.is_dir():
            raise Conflict(f"{path} is a folder: choose another name for the zip file")
        if path.exists() and not replace:
            raise Conflict(f"{path} exists: choose another name, or replace it")
    elif path.exists() and not path.is_dir():
        raise Conflict(f"{path} is a file: choose a folder, or a name that ends in .zip")
    elif path.is_dir() and any(path.iterdir()):
        if not replace:
            raise Conflict(f"{path} is not empty: choose another folder, or replace what is there")
        _listed_files(path)


def _write_folder(files: Files, folder: Path) -> None:
    folder.mkdir(mode=0o777)
    for name, pieces in files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as written:
            written.writelines(pieces)


def _move_in(made: Path, folder: Path) -> None:
    """Put a new export where there is nothing, or in the place of the files of an earlier one."""
    if folder.is_dir() and any(folder.iterdir()):
        _remove(folder, _listed_files(folder))
    folder.mkdir(exist_ok=True)
    for source in sorted(made.rglob("*")):
        if source.is_file():
            target = folder / source.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)


def _listed_files(folder: Path) -> list[str]:
    """Name the files of the export in a folder. Raises Conflict where there is none."""
    try:
        manifest: Any = orjson.loads((folder / MANIFEST).read_bytes())
        is_export = str(manifest["format"]).startswith("enterprisegym-")
        names = [*manifest["files"], MANIFEST]
    except (OSError, ValueError, KeyError, TypeError):
        is_export = False
    if not is_export or any(map(path_problem, names)):
        raise Conflict(f"{folder} holds something else than an export: choose another folder")
    return names


def _remove(folder: Path, names: list[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
    parents = {parent for name in names for parent in Path(name).parents}
    for parent in sorted(parents, key=lambda path: len(path.parts), reverse=True):
        place = folder / parent
        if place != folder and place.is_dir() and not any(place.iterdir()):
            os.rmdir(place)
