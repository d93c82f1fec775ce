"""File locks that the kernel frees when their process ends, however it ends."""

import fcntl
import os
import time
from pathlib import Path

PAUSE_SECONDS = 0.02


class FileLock:
    """One flock on one file; forked children share it, other programs do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, patience: float = 0.0) -> bool:
        """Take the lock, waiting up to `patience` seconds. False when others keep it."""
        deadline = time.monotonic() + patience
        while not self._try(fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        return True

    def free(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _try(self, kind: int) -> bool:
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True


def is_taken(path: Path) -> bool:
    """Whether some process holds the lock exclusively."""
    lock = FileLock(path)
    free = lock.take(shared=True)
    lock.free()
    return not free
