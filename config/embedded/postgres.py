"""PostgreSQL: its data folder, its settings, and making sure that no older one is in the way."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from config import processes
from config.embedded.binaries import POSTGRES_MAJOR
from config.embedded.errors import ServerError
from config.embedded.home import Home
from config.embedded.places import DATABASE, POSTGRES
from config.embedded.servers import accepts

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # Few processes: everything runs on one small machine.
    "io_method": "sync",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    # Containers give 64 MB of /dev/shm, and what is left there outlives a killed server.
    "dynamic_shared_memory_type": "mmap",
    # Every commit is on disk. Nobody replicates from this server.
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    **({"recovery_init_sync_method": "syncfs"} if sys.platform == "linux" else {}),
    "checkpoint_timeout": "15min",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}
INITDB_OPTIONS = (
    *("--username", DATABASE, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)
MAKE_DATABASE = (
    f"SELECT 'CREATE DATABASE {DATABASE}' "  # noqa: S608  a constant of ours
    f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
)
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
# No process has this number; PostgreSQL takes a lock file that names it for a stale one.
NOBODYS_PID = 2**22 + 1
FAREWELLS = ((signal.SIGINT, 3.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 1.0))


class Postgres:
    name = POSTGRES
    title = "PostgreSQL"
    stop_signal = signal.SIGINT
    death_signal = signal.SIGINT

    def __init__(self, home: Home) -> None:
        self._home = home
        self._data = home.data
        self._lock = home.data / "postmaster.pid"
        self._socket = home.places.socket(self.name)

    def prepare(self) -> None:
        if not self._data.exists():
            self._make_data()
        self._refuse_other_version()
        self._data.chmod(0o700)  # PostgreSQL refuses a folder that a copy or chmod -R opened
        self._clear_the_way()

    def command(self) -> list[str]:
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        folders = ["-D", str(self._data), "-k", str(self._socket.parent)]
        return [str(self._home.binaries.program("postgres")), *folders, *settings]

    def answers(self) -> bool:
        """Whether queries run; makes our database on the way."""
        if not self._says_ready() or not accepts(self._socket):
            return False
        psql = [str(self._home.binaries.program("psql")), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        client = ["-h", str(self._socket.parent), "-U", DATABASE, "-d", "postgres"]
        asked = subprocess.run(
            [*psql, *client],
            input=MAKE_DATABASE,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.returncode == 0

    def _says_ready(self) -> bool:
        """PostgreSQL writes how far it is into the last line of its lock file."""
        try:
            return self._lock.read_text().rstrip().endswith("ready")
        except FileNotFoundError:
            return False

    def _make_data(self) -> None:
        """Fill a folder beside the real one, so that a killed initdb leaves no half database."""
        draft = self._data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self._home.ids:
            os.chown(draft, *self._home.ids)
        initdb = [str(self._home.binaries.program("initdb")), "-D", str(draft), *INITDB_OPTIONS]
        made = subprocess.run(
            processes.leashed(initdb, account=self._home.ids),
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise ServerError(f"no database could be made in {draft}:\n{made.stderr.strip()}")
        draft.rename(self._data)

    def _refuse_other_version(self) -> None:
        version = (self._data / "PG_VERSION").read_text().strip()
        if version != POSTGRES_MAJOR:
            raise ServerError(
                f"{self._data} was made by PostgreSQL {version}, and this release brings "
                f"{POSTGRES_MAJOR}. To keep the data, dump it with the release that made it "
                "(pg_dump) and load the dump into a new folder; to begin anew, remove "
                f"{self._home.places.data}"
            )

    def _clear_the_way(self) -> None:
        """End a server that outlived its keeper, and unlock what only seems to be in use.

        The lock file's later lines stay, so that PostgreSQL itself still looks for processes
        that are attached to the old shared memory.
        """
        pid = _first_number(self._lock)
        if pid is not None and self._is_ours(pid):
            self._end(pid)
        elif pid is not None:
            _, _, rest = self._lock.read_text().partition("\n")
            self._lock.write_text(f"{NOBODYS_PID}\n{rest}")
        for left in (self._socket, self._socket.with_name(f"{self._socket.name}.lock")):
            left.unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        command = processes.command_of(pid) or ""
        return "postgres" in command and str(self._data) in command

    def _end(self, pid: int) -> None:
        for sign, patience in FAREWELLS:
            if self._is_ours(pid):
                os.kill(pid, sign)
            deadline = time.monotonic() + patience
            while self._is_ours(pid) and time.monotonic() < deadline:
                time.sleep(0.02)


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
