"""Exports: one module a format. An export is a pure function of a pack version: the same bytes
every time.

A format gives files by path, one after another, none of them whole in memory. What all have in
common (manifest, archive, folder, download) is written once, beside them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from authoring.exports.contents import PackContents
from simulation.registry import Registry

Files = Iterator[tuple[str, Iterable[bytes]]]  # path with /, and its bytes piece by piece


@dataclass(frozen=True)
class Exporter:
    """A format: its title for people, what it is for, and the files of a pack's contents.

    files: each path once, in the same order every time; whoever takes them reads one to its end
    before the next. manifest.json is added last, and is not among them.
    """

    title: str
    purpose: str
    files: Callable[[PackContents], Files]


EXPORTERS: Registry[Exporter] = Registry("format", "authoring.exports.formats")
