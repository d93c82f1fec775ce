"""All of EnterpriseGym from one command: servers, migrations, workers, beat and the web server."""

import errno
import gc
import http.client
import io
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import embedded
from config.celery import app
from config.programs import Crew, Program

PROJECT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
MOST_FAILURES = 2
POLL_SECONDS = 0.05
BACKLOG = 128
BEAT_DELAY_SECONDS = 3.0  # nothing is due yet: web server and workers get the processors
MIGRATION_LOCK = 20_261_122
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENT_THREADS = 8
COLOURS = {
    "up": 36,
    "migrate": 33,
    "web": 32,
    "worker": 35,
    "beat": 34,
    "judging": 31,
    "models": 37,
}
ROOT_WARNING = "ignore:You're running the worker with superuser privileges"


class ServicesError(Exception):
    """The services cannot run; the text says why and what would help."""


class Services:
    """Everything that runs, as one object: `with Services() as services: services.wait()`.

    `port=0` takes a free one; `url` tells which. Leaving the block ends all programs; the
    embedded servers stay until this process ends or calls `embedded.release`.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 8000,
        workers: int | None = None,
        log: TextIO | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._workers = workers or _cores()
        self._log = log or sys.stderr
        self._log_lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._crew: Crew | None = None
        self._programs: list[Program] = []
        self._embedded = embedded.missing_servers()

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self._host in {"0.0.0.0", "::", ""} else self._host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self._port}"

    def __enter__(self) -> Self:
        for sign in ENDING_SIGNALS:
            if threading.current_thread() is threading.main_thread():
                signal.signal(sign, signal.default_int_handler)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def say(self, line: str) -> None:
        """Write a line of our own between those of the programs."""
        self._say("up", line)

    def wait_ready(self, timeout: float = READY_SECONDS) -> None:
        """Return once the web server and the workers answer. Raises ServicesError otherwise."""
        waiting = {"web server": self._web_answers, "workers": self._workers_answer}
        deadline = time.monotonic() + timeout
        while waiting:
            waiting = {name: answers for name, answers in waiting.items() if not answers()}
            self._refuse_hopeless()
            if waiting and time.monotonic() > deadline:
                raise ServicesError(f"{' and '.join(waiting)}: no answer after {timeout:.0f} s")
            time.sleep(POLL_SECONDS)

    def wait(self) -> None:
        """Stay until Ctrl+C or SIGTERM, which raise KeyboardInterrupt here."""
        while self._crew is not None and not self._crew.has_ended.wait(1.0):
            pass
        raise ServicesError("the supervisor itself has failed: see the lines above")

    def stop(self) -> None:
        """End all programs, within two seconds. Safe to call twice."""
        with _undisturbed():
            if self._crew is not None:
                self.say("stopping")
                self._crew.stop()
                self._crew = None
            if self._listener is not None:
                self._listener.close()
                self._listener = None
        gc.freeze()  # the command ends next; collecting all of Django would take half a second

    def _start(self) -> None:
        self._listener = _listen(self._host, self._port)
        self._port = self._listener.getsockname()[1]
        embedded.hold(settings.VAR, self._embedded)
        _migrate(_Lines(lambda line: self._say("migrate", line)))
        if settings.HAS_HASHED_STATIC:
            call_command("collectstatic", interactive=False, verbosity=0)
        self._programs = [
            self._web(self._listener.fileno()),
            self._worker(),
            *(self._patient_worker(name) for name in _further_queues()),
            self._beat(),
        ]
        self._crew = Crew(self._programs, emit=self._say, chore=self._keep_servers)
        self._crew.start()

    def _keep_servers(self) -> None:
        if self._embedded:
            try:
                embedded.revive(settings.VAR)
            except embedded.ServerError as error:
                self.say(str(error))

    def _web(self, listener: int) -> Program:
        return _program("web", ["config.web", str(listener)], descriptors=[listener])

    def _worker(self) -> Program:
        options = [
            *("--concurrency", str(self._workers), "--hostname", self._worker_name),
            *("--queues", app.conf.task_default_queue),
        ]
        return _program("worker", [*_CELERY, "worker", *_ALONE, *options])

    def _patient_worker(self, queue: str) -> Program:
        """Take from a queue whose tasks wait for others most of the time: threads are enough."""
        options = [
            *("--pool", "threads", "--concurrency", str(PATIENT_THREADS)),
            *("--hostname", f"{queue}-{self._worker_name}", "--queues", queue),
        ]
        command = [*_CELERY, "worker", *_ALONE, *options]
        return _program(queue, command, delay=BEAT_DELAY_SECONDS)

    def _beat(self) -> Program:
        return _program("beat", [*_CELERY, "beat", "--pidfile", ""], delay=BEAT_DELAY_SECONDS)

    @property
    def _worker_name(self) -> str:
        return f"up-{os.getpid()}@{socket.gethostname()}"

    def _web_answers(self) -> bool:
        address = self.url.removeprefix("http://")
        client = http.client.HTTPConnection(address, timeout=1)
        try:
            client.request("GET", "/healthz")
            return client.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            client.close()

    def _workers_answer(self) -> bool:
        return bool(app.control.ping(destination=[self._worker_name], timeout=0.5))

    def _refuse_hopeless(self) -> None:
        for program in self._programs:
            if program.failures >= MOST_FAILURES:
                raise ServicesError(
                    f"{program.name} ended {program.failures} times: the lines above say why"
                )

    def _say(self, name: str, line: str) -> None:
        prefix = f"{name:<7} | "
        if self._log.isatty() and "NO_COLOR" not in os.environ:
            prefix = f"\033[{COLOURS[name]}m{prefix}\033[0m"
        with self._log_lock:
            try:
                self._log.write(f"{prefix}{line}\n")
                self._log.flush()
            except BrokenPipeError:
                return  # the reader has gone; who started us decides when we go


class _Lines(io.TextIOBase):
    """A stream that hands on complete lines."""

    def __init__(self, emit: Callable[[str], None]) -> None:
        super().__init__()
        self._emit = emit
        self._unfinished = ""

    def write(self, text: str) -> int:
        *lines, self._unfinished = (self._unfinished + text).split("\n")
        for line in filter(None, lines):
            self._emit(line)
        return len(text)


_CELERY = ["celery", "--app", "config", "--quiet"]
_ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def _further_queues() -> list[str]:
    """Name the queues besides the default one."""
    names = [queue.name for queue in app.conf.task_queues or ()]
    return [name for name in names if name != app.conf.task_default_queue]


def _program(
    name: str, module: list[str], *, descriptors: Iterable[int] = (), delay: float = 0.0
) -> Program:
    added = {
        "EG_VAR": str(settings.VAR),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", ROOT_WARNING),
    }
    return Program(
        name,
        [sys.executable, "-m", *module],
        environment=os.environ | added,
        folder=str(PROJECT),
        descriptors=tuple(descriptors),
        delay=delay,
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServicesError(
                f"port {port} of {host} is taken by another program: end that one, or choose "
                "another with --port (0 takes a free one)"
            ) from error
        raise ServicesError(f"cannot listen on port {port} of {host}: {error}") from error


def _migrate(output: _Lines) -> None:
    """Apply what is missing; another command that does the same waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, stdout=output)
    finally:
        connection.close()  # and with it the lock


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no impatient second Ctrl+C leave half of the programs behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {sign: signal.signal(sign, signal.SIG_IGN) for sign in ENDING_SIGNALS}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
