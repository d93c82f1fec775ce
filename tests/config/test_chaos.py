"""A short storm over twenty episodes, on servers of its own; the long one is `manage.py chaos`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from config import embedded
from config.chaos.disturbances import ALL, FEW, plan
from config.chaos.model_log import read_log
from config.embedded.binaries import installed
from config.embedded.places import POSTGRES
from tests.config.holders import PROJECT, eventually, nothing_is_left, processes_of
from tests.workers import database_url

pytestmark = pytest.mark.processes


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="eg-test-"))
    folder.chmod(0o755)
    yield folder
    assert eventually(lambda: nothing_is_left(folder / "var")), processes_of(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def schema(folder, db) -> list[str]:
    """The tables as they are here, because making them by migrations takes half a minute."""
    if POSTGRES not in embedded.missing_servers():
        return []
    dump = [installed().program("pg_dump"), "--no-owner", "-d", database_url()]
    parts = [["--schema-only"], ["--data-only", "--table", "django_migrations"]]
    file = folder / "schema.sql"
    file.write_bytes(b"".join(subprocess.check_output([*dump, *part]) for part in parts))
    return ["--schema", str(file)]


def chaos(folder: Path, *options: str) -> dict[str, object]:
    variables = {"DATABASE_URL", "REDIS_URL"}
    environment = {name: text for name, text in os.environ.items() if name not in variables}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EG_VAR": str(folder / "var"),
        "EG_LEASE_SECONDS": "2",
        "EG_CHAOS": "true",
    }
    command = [sys.executable, str(PROJECT / "manage.py"), "chaos", "--json", *options]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr[-4000:]}"
    return json.loads(ran.stdout)


def test_twenty_episodes_come_through_a_short_storm_unharmed(folder, schema):
    few = ("--episodes", "20", "--disturbances", "0", "--latency", "0.1")
    report = chaos(folder, *few, "--patience", "120", *schema)

    figures = {figure["name"]: (figure["found"], figure["wanted"]) for figure in report["figures"]}
    assert report["hits"] == dict.fromkeys(FEW, 1)
    assert figures["episodes ended"] == (20, 20)
    assert figures["calls made of these"][0] > 0
    assert figures["answers of models stored"][0] > 0
    assert all(wanted in {None, found} for found, wanted in figures.values())


def test_the_same_seed_brings_the_same_disturbances_each_kind_as_often():
    names = [plan(Random(seed), 2 * len(ALL)) for seed in (1, 1, 2)]  # noqa: S311

    assert names[0] == names[1] != names[2]
    assert sorted(names[0]) == sorted([*ALL, *ALL])


ASKED = [(1, "a"), (2, "b"), (3, "a"), (4, "b")]


@pytest.mark.parametrize(
    ("stored", "again", "lost"),
    [([3, 4], [], 1), ([1, 4], [3], 1), ([3], [], 2), ([1, 2], [3, 4], 2)],
)
def test_an_answer_that_was_asked_for_after_another_one_was_stored_is_found(
    tmp_path, stored, again, lost
):
    """Requests 1 and 3 continued one conversation, 2 and 4 another; 2 was not answered."""
    lines = [{"number": number, "hash": digest, "event": "asked"} for number, digest in ASKED]
    lines += [{"number": number, "hash": "", "event": "answered"} for number in (1, 3, 4)]
    file = tmp_path / "model.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))

    log = read_log(file)

    assert (log.asked_again(stored), log.lost(stored)) == (again, lost)
