"""The two servers: how each is prepared, started, asked and stopped."""

import signal
import socket
from pathlib import Path
from typing import Protocol

from config.embedded.home import Home
from config.embedded.places import VALKEY


class Server(Protocol):
    """What the keeper knows of a server."""

    name: str
    title: str
    stop_signal: signal.Signals
    death_signal: signal.Signals  # sent by the kernel when the keeper is gone

    def prepare(self) -> None:
        """Make a start possible. Raises ServerError when it is not."""

    def command(self) -> list[str]: ...

    def answers(self) -> bool:
        """Whether clients can work now."""


class Valkey:
    name = VALKEY
    title = "Valkey"
    stop_signal = signal.SIGTERM
    # Nothing is stored, and a slow farewell would remove the socket of its successor.
    death_signal = signal.SIGKILL

    def __init__(self, home: Home) -> None:
        self._program = home.binaries.valkey
        self._socket = home.places.socket(self.name)

    def prepare(self) -> None:
        self._socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._socket.parent),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "logfile": "",
            "daemonize": "no",
        }
        return [
            str(self._program),
            *(part for key in options for part in (f"--{key}", options[key])),
        ]

    def answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self._socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def accepts(path: Path) -> bool:
    """Whether something listens on the socket."""
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(path))
    except OSError:
        return False
    return True
