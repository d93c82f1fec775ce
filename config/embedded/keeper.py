"""The keeper: parent of the servers, running for as long as somebody uses one of them.

`python -m config.embedded.keeper VAR` returns once a keeper holds the keeper's lock. A server
runs while its users' lock is held by somebody; the kernel frees the locks of killed processes.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from config import processes
from config.embedded.errors import ServerError
from config.embedded.home import make_home
from config.embedded.locks import FileLock
from config.embedded.logs import cut
from config.embedded.places import HURRY, Places
from config.embedded.postgres import Postgres
from config.embedded.servers import Valkey
from config.embedded.state import KeeperState, ServerState, write_state
from config.embedded.tended import Tended

TICK_SECONDS = 0.2
BUSY_TICK_SECONDS = 0.02
LOG_CHECK_SECONDS = 60.0
NAMES = ("keeper", Valkey.name, Postgres.name)


class Nap:
    """Sleep that a signal ends at once."""

    def __init__(self) -> None:
        self._reader, writer = os.pipe()
        for end in (self._reader, writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)

    def take(self, seconds: float) -> None:
        if select.select([self._reader], [], [], seconds)[0]:
            os.read(self._reader, 4096)


class Keeper:
    """Starts what is used, restarts what dies, ends what nobody uses, and then itself."""

    def __init__(self, places: Places, tended: Sequence[Tended]) -> None:
        self._places = places
        self._tended = tended
        self._is_told_to_end = False
        self._is_hurried = False
        self._published: dict[str, ServerState] = {}
        self._next_log_check = 0.0

    def run(self) -> None:
        nap = Nap()
        for sign in (signal.SIGTERM, signal.SIGINT, HURRY, signal.SIGCHLD):
            signal.signal(sign, self._hear)
        self._tick()
        while not self._is_told_to_end and not self._nobody_is_left():
            is_busy = any(tended.is_starting for tended in self._tended)
            nap.take(BUSY_TICK_SECONDS if is_busy else TICK_SECONDS)
            self._tick()
        self._end()

    def _hear(self, sign: int, _frame: FrameType | None) -> None:
        """Any signal ends the nap; most say more."""
        self._is_told_to_end |= sign in {signal.SIGTERM, signal.SIGINT}
        self._is_hurried |= sign == HURRY

    def _tick(self) -> None:
        now = time.monotonic()
        for tended in self._tended:
            if tended.has_died():
                self._end_orphans()
            tended.tick(now, self._publish, is_hurried=self._is_hurried)
        self._is_hurried = False
        self._publish()
        if now >= self._next_log_check:
            self._next_log_check = now + LOG_CHECK_SECONDS
            for name in NAMES:
                cut(self._places.log(name))

    def _end_orphans(self) -> None:
        """What a killed PostgreSQL leaves would keep its successor from starting."""
        processes.end_orphans(but={pid for tended in self._tended if (pid := tended.pid)})

    def _nobody_is_left(self) -> bool:
        """Whether every server is down and unused; then newcomers wait until we are gone."""
        if any(tended.is_running or tended.is_wanted for tended in self._tended):
            return False
        if all(tended.users.take() for tended in self._tended):
            return True
        for tended in self._tended:
            tended.users.free()
        return False

    def _publish(self) -> None:
        servers = {tended.name: tended.state for tended in self._tended}
        if servers != self._published:
            self._published = servers
            sockets = str(self._places.sockets)
            write_state(self._places.state, KeeperState(os.getpid(), sockets, servers))

    def _end(self) -> None:
        for tended in self._tended:
            tended.take_down(self._publish)
        self._end_orphans()
        self._places.state.unlink(missing_ok=True)
        for left in self._places.sockets.iterdir():
            left.unlink()
        self._places.sockets.rmdir()
        say("the end")


def say(text: str) -> None:
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} [{os.getpid()}] {text}", flush=True)  # noqa: T201


def main(arguments: Sequence[str]) -> int:
    places = Places.of(Path(arguments[0]))
    lock = FileLock(places.keeper_lock)
    if not lock.take(patience=0.3):
        return 0
    try:
        home = make_home(places, say)
    except (ServerError, OSError) as error:
        say(str(error))
        return 1
    if os.fork():
        os._exit(0)  # the lock lives on in the child
    processes.adopt_orphans()
    servers = (Valkey(home), Postgres(home))
    Keeper(places, [Tended(server, places, home.ids, say) for server in servers]).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
