"""Child processes that end with the process that started them, even when that one is killed.

Run as a script this is the leash: it ties its own process to the parent, takes on an account
if told to, and then becomes the command, so that the process number stays the same.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
FOLLOW_SECONDS = 0.2


def die_with_parent(*, parent: int | None = None, sign: int = signal.SIGKILL) -> None:
    """Have the kernel send `sign` to this process when the thread that forked it ends.

    Call it first thing in the child; `parent` is who forked it, where that is known.
    Only Linux can do this; elsewhere nothing happens.
    """
    expected = os.getppid() if parent is None else parent
    _prctl(PR_SET_PDEATHSIG, sign)
    if os.getppid() != expected:
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parent ends (Linux)."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_orphans(*, but: set[int]) -> None:
    """Kill and reap every child of this process other than `but`."""
    for child in children_of(os.getpid()) - but:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def leashed(
    command: Sequence[str],
    *,
    sign: int = signal.SIGKILL,
    account: tuple[int, int] | None = None,
) -> list[str]:
    """The command that runs `command` as a child that gets `sign` when the caller is gone.

    `account` is the uid and gid to run as. Start it from a thread that lives as long as the
    child should: Linux sends the signal when the forking thread ends.
    """
    uid, gid = account or (-1, -1)
    options = [str(os.getpid()), str(int(sign)), str(uid), str(gid)]
    return [sys.executable, "-I", "-S", str(Path(__file__).resolve()), *options, *command]


def take_on(uid: int, gid: int) -> None:
    """Give up root for good."""
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)


def command_of(pid: int) -> str | None:
    """The command line of a running process; None when there is none or it cannot be seen."""
    if sys.platform != "linux":
        return _command_by_ps(pid)
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None
    return raw.replace(b"\0", b" ").decode(errors="replace").strip() or None


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def children_of(pid: int) -> set[int]:
    """The children that the main thread of a process has forked (Linux)."""
    try:
        return {
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        }
    except OSError:
        return set()


def _command_by_ps(pid: int) -> str | None:
    ps = ["/bin/ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout.strip() or None


def _follow(command: Sequence[str], *, parent: int, sign: int) -> int:
    """Run `command` below the leash and watch the parent: for systems without prctl."""
    child = subprocess.Popen(command)
    for passed_on in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        signal.signal(passed_on, lambda number, _: child.send_signal(number))
    while child.poll() is None and os.getppid() == parent:
        time.sleep(FOLLOW_SECONDS)
    if child.poll() is None:
        child.send_signal(sign)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _run_leashed(arguments: Sequence[str]) -> int:
    parent, sign, uid, gid = (int(value) for value in arguments[:4])
    command = arguments[4:]
    if uid >= 0:
        take_on(uid, gid)  # first: the kernel forgets the death signal when the account changes
    if sys.platform != "linux":
        return _follow(command, parent=parent, sign=sign)
    die_with_parent(parent=parent, sign=sign)
    os.execv(command[0], list(command))


if __name__ == "__main__":
    sys.exit(_run_leashed(sys.argv[1:]))
