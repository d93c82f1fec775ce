"""Using the servers of a checkout: take the users' locks, and see that a keeper runs."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from config.embedded.errors import ServerError
from config.embedded.locks import PAUSE_SECONDS, FileLock, is_taken
from config.embedded.logs import open_log, size, tail
from config.embedded.places import HURRY, SERVERS, Places
from config.embedded.servers import accepts
from config.embedded.state import KeeperState, Phase, read_state

PROJECT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60.0  # the first start makes a database; on a slow disk that takes its time
STOP_SECONDS = 30.0
MOST_KEEPERS = 3
SIGN_SECONDS = 0.8

_held: dict[tuple[Places, str], FileLock] = {}
_guard = threading.Lock()


def hold(var: Path, servers: Iterable[str] = SERVERS) -> None:
    """Have these servers run for as long as this process lives.

    Raises ServerError when one cannot be started. A second call only checks.
    """
    places = Places.of(var)
    wanted = tuple(servers)
    if not wanted:
        return
    with _guard:
        try:
            _hold(places, wanted)
        except PermissionError as error:
            raise ServerError(
                f"{error.filename} cannot be used by you (uid {os.geteuid()}): work as the user "
                "who made it, or set EG_VAR to a folder of your own"
            ) from error


def revive(var: Path) -> None:
    """Start a keeper if there is none, without waiting for the servers."""
    _revive(Places.of(var))


def release(var: Path, *, timeout: float = 3.0) -> None:
    """Stop using the servers; wait for their end when nobody else uses them."""
    places = Places.of(var)
    with _guard:
        mine = [server for known, server in _held if known == places]
        for server in mine:
            _held.pop((places, server)).free()
    if not mine:
        return
    if keeper := status(var).get("keeper"):
        os.kill(keeper, HURRY)
    started = time.monotonic()
    while is_taken(places.keeper_lock):
        waited = time.monotonic() - started
        if waited > timeout or (waited > SIGN_SECONDS and not _is_stopping(places, mine)):
            return
        time.sleep(PAUSE_SECONDS)


def status(var: Path) -> dict[str, int]:
    """The process numbers of the keeper and of the servers that run, by name."""
    places = Places.of(var)
    state = read_state(places.state)
    if state is None or not places.var.exists() or not is_taken(places.keeper_lock):
        return {}
    running = {name: server.pid for name, server in state.servers.items() if server.pid}
    return {"keeper": state.pid} | running


def _hold(places: Places, wanted: tuple[str, ...]) -> None:
    places.make()
    new = [server for server in wanted if (places, server) not in _held]
    try:
        for server in new:
            _held[places, server] = _users_lock(places, server)
        _wait_until_ready(places, wanted)
    except BaseException:
        for server in new:
            if lock := _held.pop((places, server), None):
                lock.free()
        raise


def _users_lock(places: Places, server: str) -> FileLock:
    lock = FileLock(places.users_lock(server))
    if not lock.take(shared=True, patience=STOP_SECONDS):
        raise ServerError(
            f"the keeper in {places.var} has been stopping {server} for {STOP_SECONDS:.0f} s: "
            f"see {places.log('keeper')}"
        )
    return lock


def _wait_until_ready(places: Places, wanted: tuple[str, ...]) -> None:
    deadline = time.monotonic() + START_SECONDS
    keepers = 0
    while True:
        keepers += _revive(places)
        if keepers > MOST_KEEPERS:
            raise ServerError(
                f"the keeper of the servers ends again and again:\n{tail(places.log('keeper'))}"
            )
        state = read_state(places.state)
        if state is not None and _are_ready(places, state, wanted):
            return
        if time.monotonic() > deadline:
            raise ServerError(
                f"{' and '.join(wanted)} did not start within {START_SECONDS:.0f} s: "
                f"see the logs in {places.log('keeper').parent}"
            )
        time.sleep(PAUSE_SECONDS)


def _are_ready(places: Places, state: KeeperState, wanted: tuple[str, ...]) -> bool:
    if state.sockets != str(places.sockets):
        raise ServerError(
            f"the servers of {places.var} already run for another user, with their sockets in "
            f"{state.sockets}: work as that user, or set EG_VAR to a folder of your own"
        )
    for server in wanted:
        if state.phase(server) is Phase.FAILED:
            raise ServerError(state.servers[server].error)
    return all(
        state.phase(server) is Phase.READY and accepts(places.socket(server)) for server in wanted
    )


def _revive(places: Places) -> bool:
    """Whether a keeper had to be started."""
    start = FileLock(places.start_lock)
    if not start.take():
        return False  # somebody is at it
    try:
        if is_taken(places.keeper_lock):
            return False
        places.state.unlink(missing_ok=True)
        _start_keeper(places)
        return True
    finally:
        start.free()


def _start_keeper(places: Places) -> None:
    """Run the keeper in a session of its own: no terminal, no Ctrl+C reaches it."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    log = open_log(places.log("keeper"))
    log_start = size(places.log("keeper"))
    started = subprocess.run(
        [sys.executable, "-m", "config.embedded.keeper", str(places.var)],
        cwd="/",
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        check=False,
    )
    os.close(log)
    if started.returncode != 0:
        last_lines = tail(places.log("keeper"), start=log_start)
        raise ServerError(f"the embedded servers cannot start:\n{last_lines}")


def _is_stopping(places: Places, servers: Iterable[str]) -> bool:
    state = read_state(places.state)
    over = {Phase.STOPPING, Phase.STOPPED}
    return state is None or any(state.phase(server) in over for server in servers)
