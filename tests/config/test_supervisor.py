"""`manage.py up` with a small project: everything starts, comes back, and ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.holders import PROJECT, eventually, kill, nothing_is_left, processes_of

SMALL_PROJECT = Path(__file__).resolve().parent / "small_project"
START_SECONDS = 60.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


class Up:
    """A running `manage.py up` and the lines it has written."""

    def __init__(self, var: Path, *arguments: str, **variables: str) -> None:
        self.var = var
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(PROJECT / "manage.py"), "up", "--workers", "1", *arguments],
            env=environment(var) | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def has_said(self, pattern: str) -> re.Match[str] | None:
        return re.search(pattern, "\n".join(self.lines))

    def ready(self) -> str:
        """Wait for the address of the web application."""
        said = r"is at (http://\S+)"
        assert eventually(lambda: self.has_said(said) or self.has_ended(), within=START_SECONDS)
        assert self.has_said(said), self.lines
        return self.has_said(said)[1]

    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def pids(self, part: str = "") -> set[int]:
        """The processes below this `up` whose command contains `part`."""
        return {pid for pid, seen in descendants(self.process.pid).items() if part in seen}

    def end(self, sign: signal.Signals = signal.SIGKILL) -> int:
        if not self.has_ended():
            self.process.send_signal(sign)
        code = self.process.wait(timeout=30)
        self._reader.join()
        self.process.stderr.close()
        return code

    def _read(self) -> None:
        for line in self.process.stderr:
            self.lines.append(line.rstrip())


def environment(var: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SMALL_PROJECT),
        "DJANGO_SETTINGS_MODULE": "small_settings",
        "EG_VAR": str(var),
    }


def descendants(parent: int) -> dict[int, str]:
    found = {}
    for thread in Path(f"/proc/{parent}/task").glob("*/children"):
        for child in map(int, thread.read_text().split()):
            found[child] = Path(f"/proc/{child}/cmdline").read_text()
            found |= descendants(child)
    return found


def are_gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}/cwd").exists() for pid in pids)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def has_done(up: Up, name: str) -> bool:
    return (up.var / name).exists()


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="eg-test-"))
    folder.chmod(0o755)
    yield folder / "var"
    assert eventually(lambda: nothing_is_left(folder / "var")), processes_of(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def running(var) -> Iterator[Up]:
    """The first `up` on these servers: the one that migrates."""
    up = Up(var, "--port", "0")
    up.ready()
    yield up
    assert up.end(signal.SIGTERM) == 0


@pytest.fixture
def starting(var, running) -> Iterator[Up]:
    """A second `up` beside the first, on the same servers."""
    up = Up(var, "--port", "0")
    yield up
    up.end()


def test_the_web_application_and_the_workers_do_their_work(running):
    assert fetch(f"{running.ready()}/healthz") == "ok"
    assert fetch(f"{running.ready()}/work/first/0") == "queued"

    assert eventually(lambda: has_done(running, "first"))


def test_each_line_says_who_wrote_it_without_colours_in_a_file(running):
    assert running.has_said(r"(?m)^migrate \| .*contenttypes.*OK$")
    assert running.has_said(r"(?m)^up      \| EnterpriseGym is at http://127\.0\.0\.1:\d+ ")


def test_a_killed_web_server_comes_back_on_the_same_port(running):
    for pid in running.pids("config.web"):
        kill(pid)

    assert fetch(f"{running.ready()}/healthz") == "ok", "the visitor waits instead of failing"
    assert eventually(lambda: running.has_said(r"web ended \(SIGKILL\), it starts again in"))


def test_a_killed_worker_comes_back(running):
    for pid in running.pids("celery\0--app\0config\0--quiet\0worker"):
        kill(pid)
    assert eventually(lambda: running.has_said(r"worker ended \(SIGKILL\), it starts again in"))

    fetch(f"{running.ready()}/work/second/0")

    assert eventually(lambda: has_done(running, "second"), within=START_SECONDS)


def test_ctrl_c_ends_all_within_three_seconds_even_while_a_task_runs(starting):
    fetch(f"{starting.ready()}/work/long/60")
    assert eventually(lambda: has_done(starting, "long"))
    below = starting.pids()

    started = time.monotonic()
    code = starting.end(signal.SIGINT)

    assert (code, time.monotonic() - started < 3) == (0, True)
    assert starting.lines[-1] == "up      | stopped"
    assert are_gone(below)


def test_a_killed_supervisor_leaves_nothing(starting):
    starting.ready()
    below = starting.pids()

    starting.end(signal.SIGKILL)

    assert len(below) >= 3
    assert eventually(lambda: are_gone(below), within=5)


def test_a_taken_port_is_said_with_what_to_do(var):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        up = Up(var, "--port", str(port))

        assert up.end(signal.SIGCONT) == 1
    assert up.has_said(f"port {port} of 127.0.0.1 is taken by another program: .*--port")


def test_a_program_that_cannot_start_ends_everything_with_its_words(var, running):
    up = Up(var, "--port", "0", SMALL_TASKS="no_such_module")

    assert up.end(signal.SIGCONT) == 1
    assert up.has_said(r"worker  \| .*No module named 'no_such_module'")
    assert up.has_said("worker ended 2 times: the lines above say why")
