"""The secret key of an installation that runs on its own embedded servers."""

import contextlib
import os
import secrets
from pathlib import Path


def local_secret_key(var: Path) -> str:
    """Read the key of this checkout, made at random on first use and readable by its owner only."""
    file = var / "secret_key"
    try:
        return file.read_text("ascii")
    except FileNotFoundError:
        return _make(file)


def _make(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(50), "ascii")
    with contextlib.suppress(FileExistsError):  # another process was first
        os.link(draft, file)
    draft.unlink()
    return file.read_text("ascii")
