"""A folder of things that are made once, by name, used by several processes at the same time.

A thing is made under another name and moved into place when it is whole, by whoever holds the lock
of its name. The kernel frees the lock of a killed process; what that left half-written is removed
when the next thing is made.
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PARTIAL, GONE, LOCKS = ".partial", ".gone", "locks"


@dataclass(frozen=True)
class Shelf:
    """Things are folders with files. Names are hashes: two hexadecimal digits choose the lock."""

    folder: Path

    @contextmanager
    def locked(self, name: str, *, wait: bool = True) -> Iterator[None]:
        """Keep others from making the same thing.

        One of 256 locks: they need no clearing up, and hardly a thing waits for another.
        Raises BlockingIOError instead of waiting.
        """
        locks = self.folder / LOCKS
        locks.mkdir(parents=True, exist_ok=True)
        flags = os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(locks / name[:2], flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def placing(self, name: str) -> Iterator[Path]:
        """Give an empty folder to write into; it takes its place when that went well.

        Call it with the lock of the name.
        """
        self._clear_up()
        partial = self.folder / f"{name}{PARTIAL}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        try:
            yield partial
            self._take_away(self.folder / name)
            partial.rename(self.folder / name)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def make_room(self, most: int, *, kept: str) -> None:
        """Remove the things that were used longest ago until all together have so many bytes.

        kept: stays even when it is larger than that by itself.
        """
        sizes = {place: _size(place) for place in self._things()}
        total = sum(sizes.values())
        for place in sorted(sizes, key=_used_at):
            if total <= most:
                return
            if place.name != kept:
                self._take_away(place)
                total -= sizes[place]

    def _things(self) -> list[Path]:
        found = (place for place in self.folder.iterdir() if not place.suffix)
        return [place for place in found if place.name != LOCKS]

    def _take_away(self, place: Path) -> None:
        """Move it aside first: nobody sees a thing that lacks parts."""
        gone = place.with_name(f"{uuid.uuid4().hex}{GONE}")
        try:
            place.rename(gone)
        except FileNotFoundError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def _clear_up(self) -> None:
        """Remove what killed processes left."""
        for gone in self.folder.glob(f"*{GONE}"):
            shutil.rmtree(gone, ignore_errors=True)
        for partial in self.folder.glob(f"*{PARTIAL}"):
            try:
                with self.locked(partial.name, wait=False):
                    shutil.rmtree(partial, ignore_errors=True)
            except BlockingIOError:
                continue  # somebody works on it


def _size(place: Path) -> int:
    try:
        return sum(file.stat().st_size for file in place.iterdir())
    except FileNotFoundError:
        return 0


def _used_at(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return 0.0
