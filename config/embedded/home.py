"""Who the servers run as, and a folder that this account can enter.

A normal user's servers run as that user, in the var folder. Root's run as an account without
rights; where that account cannot reach the var folder (below /root, say), their files move to
/var/lib/enterprisegym, and var/postgres becomes a link to them.
"""

import os
import pwd
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config import processes
from config.embedded import binaries
from config.embedded.binaries import Binaries
from config.embedded.errors import ServerError
from config.embedded.places import Places

ACCOUNTS = ("postgres", "nobody")
ELSEWHERE = Path("/var/lib/enterprisegym")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Account:
    """An account that root runs the servers as."""

    uid: int
    gid: int

    @property
    def ids(self) -> tuple[int, int]:
        return self.uid, self.gid


@dataclass(frozen=True)
class Home:
    """What the servers of one var folder need to run."""

    places: Places
    account: Account | None
    data: Path
    binaries: Binaries

    @property
    def owner(self) -> int:
        return self.account.uid if self.account else os.geteuid()

    @property
    def ids(self) -> tuple[int, int] | None:
        return self.account.ids if self.account else None


def make_home(places: Places, say: Say) -> Home:
    """Choose account and folder, copy the programs if need be, make the sockets' folder."""
    found = binaries.installed()
    if os.geteuid() == 0:
        home = _home_of_root(places, found, say)
    else:
        _refuse_foreign_data(places.data)
        home = Home(places, None, places.data, found)
    _make_sockets_folder(places.sockets, home)
    return home


def _home_of_root(places: Places, found: Binaries, say: Say) -> Home:
    account = _account(places.data)
    folder = _folder(places, account, say)
    if not _can_read(account, found.program("postgres")) or not _can_read(account, found.valkey):
        say(f"uid {account.uid} cannot read {found.root}: its programs are copied to {folder}")
        found = binaries.copied(found, folder / "programs")
    return Home(places, account, folder / "postgres", found)


def _account(data: Path) -> Account:
    """The owner of the data there is, else the first of `ACCOUNTS` that exists."""
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerError(
        "PostgreSQL refuses to run as root, and this machine has no account named "
        f"{' or '.join(ACCOUNTS)}: work as a normal user, or set DATABASE_URL and REDIS_URL"
    )


def _folder(places: Places, account: Account, say: Say) -> Path:
    linked = _linked_folder(places)
    if linked is not None:
        return linked
    if _can_enter(account, places.var):
        return places.var
    folder = _make_folder_elsewhere(places, say)
    if places.data.exists():
        shutil.move(places.data, folder / "postgres")
    places.data.symlink_to(folder / "postgres")
    say(f"uid {account.uid} cannot enter {places.var}: the servers' files lie in {folder}")
    return folder


def _linked_folder(places: Places) -> Path | None:
    """Where var/postgres leads, if it is a link that is ours and not a copied checkout's."""
    if not places.data.is_symlink():
        return None
    folder = places.data.readlink().parent
    other = _checkout_of(folder)
    if other is None or (other != places.var and (other / "postgres").is_symlink()):
        places.data.unlink()
        return None
    _note(folder).write_text(f"{places.var}\n")
    return folder


def _make_folder_elsewhere(places: Places, say: Say) -> Path:
    """A new folder. What an earlier var folder of this path had there goes with that folder."""
    folder = ELSEWHERE / places.digest
    if _checkout_of(folder) == places.var:
        say(f"{places.var} was removed, so its data in {folder} is removed as well")
        shutil.rmtree(folder)
    for made in (ELSEWHERE, folder):
        made.mkdir(mode=0o755, exist_ok=True)
        made.chmod(0o755)
    _note(folder).write_text(f"{places.var}\n")
    return folder


def _note(folder: Path) -> Path:
    return folder / "checkout"


def _checkout_of(folder: Path) -> Path | None:
    try:
        return Path(_note(folder).read_text().strip())
    except OSError:
        return None


def _can_enter(account: Account, folder: Path) -> bool:
    return _asked_as(account, lambda: os.access(folder, os.X_OK))


def _can_read(account: Account, program: Path) -> bool:
    return _asked_as(account, lambda: os.access(program, os.R_OK | os.X_OK))


def _asked_as(account: Account, question: Callable[[], bool]) -> bool:
    """Ask in a forked child that has become the account: the kernel knows all the rules."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            processes.take_on(*account.ids)
            code = 0 if question() else 1
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def _refuse_foreign_data(data: Path) -> None:
    owner = data.stat().st_uid if data.exists() else os.geteuid()
    if owner != os.geteuid():
        raise ServerError(
            f"{data} belongs to uid {owner}, not to you: work as the user who made it "
            "(root, if it was made with sudo), or set EG_VAR to a folder of your own"
        )


def _make_sockets_folder(folder: Path, home: Home) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid in {os.geteuid(), home.owner}
    if not is_ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise ServerError(
            f"{folder} is not a folder that only you can enter (uid {found.st_uid}, "
            f"mode {stat.S_IMODE(found.st_mode):o}): remove it, the sockets belong there"
        )
    if home.account:
        os.chown(folder, *home.account.ids, follow_symlinks=False)
