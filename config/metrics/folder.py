"""The folder in which processes keep what they count, so that one address tells it all.

The library looks for its variable when it is imported: this module comes first and imports nothing
of it.
"""

import os
import shutil
from pathlib import Path

from config.processes import is_alive

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share(folder: Path) -> None:
    """Let this process and those it forks keep their numbers there, unless they are told where."""
    if VARIABLE not in os.environ:
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[VARIABLE] = str(folder)


def empty(folder: Path) -> None:
    """Begin anew for processes that are about to start there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def forget_the_dead() -> None:
    """Remove what processes kept that are no more: a worker that starts begins to count anew."""
    for file in Path(os.environ[VARIABLE]).glob("*.db"):
        pid = file.stem.rpartition("_")[2]
        if not (pid.isdigit() and is_alive(int(pid))):
            file.unlink(missing_ok=True)
