"""Real processes that hold the embedded servers, and a look at what they leave behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from config.embedded.places import Places

PROJECT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import sys
from pathlib import Path
from config import embedded
try:
    embedded.hold(Path(sys.argv[1]), sys.argv[2].split(","))
except embedded.ServerError as error:
    print(f"refused: {error}", flush=True)
else:
    print("held", flush=True)
    sys.stdin.read()
    embedded.release(Path(sys.argv[1]))
"""


class Holder:
    """A process that holds servers until its block ends, or until it is killed."""

    def __init__(
        self,
        var: Path,
        *,
        servers: str = "valkey,postgres",
        python: str = sys.executable,
        path: str = "",
        user: int | None = None,
    ) -> None:
        self._process = subprocess.Popen(
            [python, "-c", PROGRAM, str(var), servers],
            env={"PYTHONPATH": f"{path}{os.pathsep}{PROJECT}", "PATH": os.environ["PATH"]},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def answer(self) -> str:
        """Wait for "held", or for the refusal with all its lines."""
        first = self._process.stdout.readline()
        return first.strip() if first == "held\n" else first + self._process.stdout.read()

    def leave(self) -> None:
        self._process.communicate()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def held(var: Path, **options: object) -> Holder:
    holder = Holder(var, **options)
    answer = holder.answer()
    if answer != "held":
        holder.leave()
        raise AssertionError(answer)
    return holder


def eventually(condition: Callable[[], object], *, within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def processes_of(var: Path) -> dict[int, str]:
    """Every process that names the var folder or its sockets, or works in its data."""
    places = Places.of(var)
    marks = (f"{places.var}", str(places.sockets))
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        seen = _seen(folder)
        if any(mark in seen for mark in marks) and int(folder.name) != os.getpid():
            found[int(folder.name)] = seen
    return found


def nothing_is_left(var: Path) -> bool:
    return not processes_of(var) and not Places.of(var).sockets.exists()


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def _seen(process: Path) -> str:
    try:
        command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        return "" if state == "Z" else f"{command} {os.readlink(process / 'cwd')}"
    except OSError:
        return ""
