"""Where the files of one checkout's servers lie, and how clients address the servers."""

import hashlib
import os
import signal
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

POSTGRES = "postgres"
VALKEY = "valkey"
SERVERS = (VALKEY, POSTGRES)

HURRY = signal.SIGUSR1  # tells the keeper that a user has left and waits for the end

DATABASE = "enterprisegym"
POSTGRES_PORT = "5432"  # no port is opened: it is only part of the socket's name

# Not the TMPDIR of one shell: every command of a checkout must come to the same folder.
_SHARED_TEMPORARY = Path("/tmp")  # noqa: S108


@dataclass(frozen=True)
class Places:
    """The paths that belong to one var folder."""

    var: Path

    @classmethod
    def of(cls, var: Path) -> "Places":
        return cls(var.absolute().resolve())

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]

    @cached_property
    def sockets(self) -> Path:
        """A short folder for the sockets: their whole path must stay below 108 bytes."""
        return _temporary() / f"enterprisegym-{os.geteuid()}-{self.digest}"

    @property
    def data(self) -> Path:
        return self.var / "postgres"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper, the parent of the servers."""
        return self.var / "keeper.lock"

    @property
    def start_lock(self) -> Path:
        """Held while somebody looks for a keeper and starts one."""
        return self.var / "start.lock"

    @property
    def state(self) -> Path:
        return self.var / "keeper.json"

    def users_lock(self, server: str) -> Path:
        """Shared by every process that uses the server."""
        return self.var / f"{server}.users.lock"

    def log(self, name: str) -> Path:
        return self.var / "log" / f"{name}.log"

    def socket(self, server: str) -> Path:
        names = {POSTGRES: f".s.PGSQL.{POSTGRES_PORT}", VALKEY: "valkey.sock"}
        return self.sockets / names[server]

    def make(self) -> None:
        self.var.mkdir(mode=0o755, parents=True, exist_ok=True)
        (self.var / "log").mkdir(mode=0o700, exist_ok=True)


def _temporary() -> Path:
    if os.access(_SHARED_TEMPORARY, os.W_OK | os.X_OK):
        return _SHARED_TEMPORARY
    return Path(tempfile.gettempdir())
