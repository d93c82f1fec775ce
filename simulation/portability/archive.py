"""Zip files of a world. What is read may be hostile; what is written is the same every time.

Sizes are counted while reading: headers say what their writer likes.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulation.errors import InvalidArgument
from simulation.portability.files import Files, is_harmless, path_problem, sorted_out
from simulation.portability.limits import MAX_RATIO, RATIO_FROM, WORLD, Bounds
from simulation.portability.problems import ARCHIVE, Problem

CHUNK = 64 * 1024
LEVEL = 6
_ENTRY = b"PK\x01\x02"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def read_archive(
    data: bytes, bounds: Bounds = WORLD, *, is_ignored: Callable[[str], bool] = is_harmless
) -> Files:
    """Read the files of a zip, with the problems of single files.

    is_ignored: tells which files nobody wants to read.
    Raises InvalidArgument for what is no zip, or more than may be read at all.
    """
    if len(data) > bounds.archive:
        raise InvalidArgument(f"{ARCHIVE}: is larger than {_megabytes(bounds.archive)}")
    if data.count(_ENTRY) > bounds.files:  # before a listing of millions is made into objects
        raise InvalidArgument(f"{ARCHIVE}: holds more than {bounds.files} files and folders")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Reading(archive, bounds, is_ignored, bounds.total).files()
    except _BROKEN:
        raise InvalidArgument(f"{ARCHIVE}: is no zip file that can be read") from None


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """Write files by path: the same files, the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path, data in sorted(files.items()):
            entry = timeless_entry(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=LEVEL)
    return target.getvalue()


def timeless_entry(path: str) -> zipfile.ZipInfo:
    """Begin a file of an archive, stored as it is, that depends on no clock and no machine."""
    entry = zipfile.ZipInfo(path, _FIRST_DAY)
    entry.create_system = 3  # the permissions are Unix's, wherever this runs
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


@dataclass
class _Reading:
    """One pass over an archive: what may still be unpacked, and what was wrong."""

    archive: zipfile.ZipFile
    bounds: Bounds
    is_ignored: Callable[[str], bool]
    left: int
    contents: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def files(self) -> Files:
        entries = self.archive.infolist()
        times = Counter(entry.filename for entry in entries)
        for entry in entries:
            wrong = _entry_problem(entry)
            if not wrong and times[entry.filename] > 1:
                wrong = "is there more than once"
            if wrong:
                self._refuse(entry, wrong)
            elif not entry.is_dir() and not self.is_ignored(entry.filename):
                self._read(entry)
            elif not entry.is_dir():
                self.contents[entry.filename] = b""
        problems = dict.fromkeys(self.problems)
        return sorted_out(self.contents, problems, is_ignored=self.is_ignored)

    def _read(self, entry: zipfile.ZipInfo) -> None:
        try:
            with self.archive.open(entry) as source:
                chunks = []
                size = 0
                while chunk := source.read(CHUNK):
                    size += len(chunk)
                    self._spend(len(chunk))
                    if wrong := self._size_problem(size, entry.compress_size):
                        self._refuse(entry, wrong)
                        return
                    chunks.append(chunk)
        except _BROKEN:
            self._refuse(entry, "is damaged")
            return
        self.contents[entry.filename] = b"".join(chunks)

    def _spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooMuch(f"{ARCHIVE}: unpacks to more than {_megabytes(self.bounds.total)}")

    def _size_problem(self, size: int, compressed: int) -> str:
        if size > self.bounds.file:
            return f"is larger than {_megabytes(self.bounds.file)}"
        if size > RATIO_FROM and size > MAX_RATIO * max(compressed, 1):
            return f"grows by more than {MAX_RATIO} times when it is unpacked"
        return ""

    def _refuse(self, entry: zipfile.ZipInfo, text: str) -> None:
        self.problems.append(Problem.at(entry.filename or ARCHIVE, text))


class TooMuch(InvalidArgument):
    """Reading went as far as it may."""


def _entry_problem(entry: zipfile.ZipInfo) -> str:
    if entry.orig_filename != entry.filename:
        return "has a name that ends before its end"
    if wrong := path_problem(entry.filename.removesuffix("/")):
        return wrong
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device: archives of worlds hold files and folders"
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted: write the archive without a password"
    if entry.compress_type not in _METHODS:
        return "is compressed in an unusual way: use deflate, the usual way of zip files"
    return ""


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000} MB"
