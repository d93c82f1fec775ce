"""A leashed process ends with the one that started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.holders import PROJECT, eventually

PARENT = """
import subprocess, sys
from config import processes
child = subprocess.Popen([*LEASH, *processes.leashed(["/bin/sleep", "60"])[1:]])
print(child.pid, flush=True)
child.wait()
"""
KERNEL = f"LEASH = {[sys.executable]!r}"
# As on a system without prctl: the leash stays and watches the parent itself.
WATCHING = f"""LEASH = {[sys.executable, "-c"]!r} + ['''
import sys
sys.platform = "elsewhere"
sys.argv = [argument for argument in sys.argv if argument not in ("-I", "-S")][1:]
import runpy
runpy.run_path(sys.argv[0], run_name="__main__")
''']"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
on_both_systems = pytest.mark.parametrize("leash", [KERNEL, WATCHING], ids=["kernel", "watching"])


def start(leash: str) -> tuple[subprocess.Popen[str], int]:
    program = f"{leash}\n{PARENT}"
    parent = subprocess.Popen(
        [sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    return parent, int(parent.stdout.readline())


def family(leash: int) -> list[int]:
    """The leash, and the command when it runs below the leash."""
    below = Path(f"/proc/{leash}/task/{leash}/children")
    return [leash, *map(int, below.read_text().split())]


def sleeps(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").read_bytes() == b"/bin/sleep\x0060\0"


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/cwd").exists()


@on_both_systems
def test_a_leashed_process_ends_with_its_killed_parent(leash):
    parent, child = start(leash)
    assert eventually(lambda: any(map(sleeps, family(child))))
    pids = family(child)

    parent.kill()
    parent.communicate()

    assert eventually(lambda: not any(map(is_alive, pids)), within=3)


@on_both_systems
def test_a_leashed_process_can_be_told_to_end(leash):
    parent, child = start(leash)
    assert eventually(lambda: any(map(sleeps, family(child))))
    pids = family(child)

    os.kill(child, signal.SIGTERM)
    parent.communicate(timeout=5)

    assert not any(map(is_alive, pids))
