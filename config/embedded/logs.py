"""Log files that do not grow for ever."""

import os
from pathlib import Path

LIMIT_BYTES = 8_000_000
KEPT_BYTES = 1_000_000


def open_log(path: Path) -> int:
    """A descriptor that only appends, so that the file can be cut while it is in use."""
    cut(path)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def cut(path: Path) -> None:
    """Move the end of a log that has grown too large to `NAME.log.1` and empty the log."""
    if size(path) <= LIMIT_BYTES:
        return
    path.with_name(f"{path.name}.1").write_bytes(_end(path, KEPT_BYTES))
    os.truncate(path, 0)


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def tail(path: Path, *, start: int = 0, lines: int = 12) -> str:
    """The last lines that were written after position `start`."""
    wanted = max(0, min(size(path) - start, 20_000))
    text = _end(path, wanted).decode(errors="replace") if wanted else ""
    return "\n".join(text.splitlines()[-lines:])


def _end(path: Path, length: int) -> bytes:
    with path.open("rb") as log:
        log.seek(-min(length, size(path)), os.SEEK_END)
        return log.read()
