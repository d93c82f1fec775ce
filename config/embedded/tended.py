"""One server under the keeper's eye."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

from config import processes
from config.embedded.errors import ServerError
from config.embedded.home import Say
from config.embedded.locks import FileLock
from config.embedded.logs import open_log, size, tail
from config.embedded.places import Places
from config.embedded.postgres import ENVIRONMENT
from config.embedded.servers import Server
from config.embedded.state import Phase, ServerState

GRACE_SECONDS = 0.4  # the next command of a script finds the servers still running
PATIENT_ATTEMPTS = 4
RETRY_SECONDS = (0.1, 0.2, 0.4, 0.8, 2.0)
STOP_SECONDS = 5.0

Publish = Callable[[], None]


class Tended:
    """A server's process, whether it is wanted, and what to do when it dies."""

    def __init__(
        self, server: Server, places: Places, account: tuple[int, int] | None, say: Say
    ) -> None:
        self.name = server.name
        self.users = FileLock(places.users_lock(server.name))
        self.is_wanted = True
        self.state = ServerState()
        self._server = server
        self._account = account
        self._say = say
        self._log = places.log(server.name)
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._unused_since: float | None = None
        self._next_start = 0.0
        self._failures = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def is_starting(self) -> bool:
        return self.state.phase is Phase.STARTING

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def has_died(self) -> bool:
        """Notice that the process ended by itself; True in the tick in which that is seen."""
        if self._process is None or (code := self._process.poll()) is None:
            return False
        self._process = None
        if self.state.phase is Phase.READY:
            self._say(f"{self._server.title} ended ({_reason(code)}): it is started again")
            self.state = ServerState(Phase.STARTING)
        else:
            self._count_failure(f"it ended at once ({_reason(code)})")
        return True

    def tick(self, now: float, publish: Publish, *, is_hurried: bool) -> None:
        self.is_wanted = self._wanted(now, 0.0 if is_hurried else GRACE_SECONDS)
        if not self.is_wanted:
            self._take_down_unused(publish)
        elif self._process is None and now >= self._next_start:
            self._start(publish)
        elif self._process and self.state.phase is not Phase.READY and self._server.answers():
            self.state = ServerState(Phase.READY, self.pid)
            self._failures = 0
            self._say(f"{self._server.title} is ready, pid {self.pid}")

    def take_down(self, publish: Publish) -> None:
        if self._process is None:
            return
        self.state = ServerState(Phase.STOPPING, self.pid)
        publish()
        started = time.monotonic()
        for sign in (self._server.stop_signal, signal.SIGQUIT, signal.SIGKILL):
            self._process.send_signal(sign)
            try:
                self._process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                self._say(f"{self._server.title} does not end by {sign.name}")
        self._say(f"{self._server.title} ended after {time.monotonic() - started:.2f} s")
        self._process = None
        self.state = ServerState()

    def _wanted(self, now: float, grace: float) -> bool:
        if not self.users.take():
            self._unused_since = None
            return True
        self.users.free()
        if self._unused_since is None:
            self._unused_since = now
        return self.is_running and now - self._unused_since < grace

    def _take_down_unused(self, publish: Publish) -> None:
        """Hold the users' lock meanwhile, so that newcomers wait for a server that stays."""
        if self._process and self.users.take():
            self.take_down(publish)
            self.users.free()

    def _start(self, publish: Publish) -> None:
        if self.state.phase is not Phase.FAILED:
            self.state = ServerState(Phase.STARTING)
            publish()
        try:
            self._server.prepare()
        except (ServerError, OSError) as error:
            self._fail(str(error))
            return
        log = open_log(self._log)
        self._log_start = size(self._log)
        command = self._server.command()
        sign = self._server.death_signal
        self._process = subprocess.Popen(
            processes.leashed(command, sign=sign, account=self._account),
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        os.close(log)

    def _count_failure(self, reason: str) -> None:
        """A start may fail because of what still ends from before: try again, then say it."""
        self._failures += 1
        if self._failures >= PATIENT_ATTEMPTS:
            last_lines = tail(self._log, start=self._log_start)
            self._fail(f"{reason}. The end of {self._log}:\n{last_lines}")
        else:
            self._next_start = time.monotonic() + RETRY_SECONDS[self._failures - 1]

    def _fail(self, reason: str) -> None:
        self._next_start = time.monotonic() + RETRY_SECONDS[-1]
        error = f"{self._server.title} does not start: {reason}"
        if self.state.error != error:
            self._say(error)
        self.state = ServerState(Phase.FAILED, None, error)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
