"""Folders of a world on disk, for the commands."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from simulation.errors import Conflict, InvalidArgument, NotFound
from simulation.portability.archive import read_archive, write_archive
from simulation.portability.files import ENTITIES, PROMPTS, Files, is_harmless, sorted_out
from simulation.portability.limits import WORLD, Bounds
from simulation.portability.problems import NOISE_FILE, WORLD_FILE, Problem

OWN = (WORLD_FILE, NOISE_FILE, f"{ENTITIES}/*.json", f"{PROMPTS}/*.md")


def read_path(
    path: Path, bounds: Bounds = WORLD, *, is_ignored: Callable[[str], bool] = is_harmless
) -> Files:
    """Read a folder, or a zip file."""
    if path.is_dir():
        return read_folder(path, bounds, is_ignored=is_ignored)
    if not path.is_file():
        raise NotFound(f"{path}: there is no such folder or zip file")
    if path.stat().st_size > bounds.archive:
        raise InvalidArgument(f"{path}: is larger than {bounds.archive // 1_000_000} MB")
    return read_archive(path.read_bytes(), bounds, is_ignored=is_ignored)


def read_folder(
    folder: Path, bounds: Bounds = WORLD, *, is_ignored: Callable[[str], bool] = is_harmless
) -> Files:
    """Read every file below a folder. Links are not followed."""
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    left = bounds.total
    for number, (name, entry) in enumerate(_entries(folder, bounds.levels)):
        if number >= bounds.files:
            raise InvalidArgument(f"{folder}: holds more than {bounds.files} files and folders")
        if is_ignored(name):
            contents[name] = b""
        elif wrong := _problem(entry, bounds.file):
            problems.append(Problem.at(name, wrong))
        elif entry.is_file():
            contents[name] = Path(entry.path).read_bytes()
            left -= len(contents[name])
        if left < 0:
            raise InvalidArgument(f"{folder}: holds more than {bounds.total // 1_000_000} MB")
    return sorted_out(contents, problems, is_ignored=is_ignored)


def write_path(files: Mapping[str, bytes], path: Path, *, replace: bool = False) -> None:
    """Write a folder, or a zip file where the path ends in .zip.

    replace: what was exported there before gives way; other files stay.
    Raises Conflict where something is there otherwise.
    """
    if path.suffix == ".zip":
        _write_zip(files, path, replace=replace)
    else:
        _write_folder(files, path, replace=replace)


def _write_zip(files: Mapping[str, bytes], path: Path, *, replace: bool) -> None:
    if path.exists() and not replace:
        raise Conflict(f"{path} exists: choose another name, or replace it")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(write_archive(files))
    partial.replace(path)


def _write_folder(files: Mapping[str, bytes], folder: Path, *, replace: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise Conflict(f"{folder} is a file: choose a folder, or a name that ends in .zip")
    if folder.is_dir() and any(folder.iterdir()):
        if not replace:
            raise Conflict(
                f"{folder} is not empty: choose another folder, or replace what is there"
            )
        for pattern in OWN:
            for old in folder.glob(pattern):
                old.unlink()
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _entries(
    folder: Path, levels: int, prefix: str = ""
) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if is_harmless(f"{name}/"):
            continue
        yield name, entry
        if entry.is_dir(follow_symlinks=False) and levels > 1:
            yield from _entries(Path(entry.path), levels - 1, f"{name}/")


def _problem(entry: "os.DirEntry[str]", largest: int) -> str:
    if entry.is_symlink():
        return "is a link: put the file itself there"
    if entry.is_dir():
        return ""
    if not entry.is_file():
        return "is no file"
    if entry.stat().st_size > largest:
        return f"is larger than {largest // 1_000_000} MB"
    return ""
