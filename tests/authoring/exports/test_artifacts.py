"""Exports on disk: made once, whole or not at all, whoever else makes them at the same time."""

import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from authoring.exports import EXPORTERS, Exporter, artifacts
from authoring.exports.archives import IN_MEMORY, write_archive
from authoring.exports.artifacts import artifact_of
from simulation import shelves
from simulation.errors import NotFound, Unavailable
from simulation.shelves import Shelf
from tests.authoring.exports.packs import make_small_version

KEY, OTHER = "aa11", "bb22"


pytestmark = pytest.mark.django_db


@pytest.fixture
def var(tmp_path, settings):
    settings.VAR = tmp_path
    return tmp_path / "exports"


@pytest.fixture
def version(author, store_world):
    return make_small_version(author, store_world)


def test_an_artifact_is_made_once_and_is_the_archive_that_its_facts_say(var, version):
    first = artifact_of(version, "bundle", with_held_out=False)
    made = first.path.stat().st_mtime_ns
    again = artifact_of(version, "bundle", with_held_out=False)

    data = first.path.read_bytes()
    assert again == first
    assert again.path.stat().st_mtime_ns == made
    assert first.name == f"{version.pack.slug}-1-bundle.zip"
    assert (first.size, first.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "manifest.json"


def test_what_is_removed_is_made_again_with_the_same_bytes(var, version):
    first = artifact_of(version, "dataset", with_held_out=False)
    first.path.unlink()

    assert artifact_of(version, "dataset", with_held_out=False) == first
    assert first.path.exists()


def test_a_truncated_artifact_is_made_again(var, version):
    first = artifact_of(version, "bundle", with_held_out=False)
    os.truncate(first.path, first.size - 1)

    again = artifact_of(version, "bundle", with_held_out=False)

    assert again == first
    assert again.path.stat().st_size == first.size


@pytest.mark.parametrize("form", ["bundle", "dataset"])
def test_what_is_held_out_is_an_artifact_of_its_own(var, version, form):
    without = artifact_of(version, form, with_held_out=False)
    whole = artifact_of(version, form, with_held_out=True)

    assert whole.path != without.path
    assert whole.size > without.size
    assert whole.name == f"{version.pack.slug}-1-{form}-heldout.zip"


def test_other_code_makes_another_artifact(var, version, monkeypatch):
    first = artifact_of(version, "bundle", with_held_out=False)
    monkeypatch.setattr(artifacts, "fingerprint", lambda: "newer code")

    assert artifact_of(version, "bundle", with_held_out=False).path != first.path


def test_an_unknown_format_is_answered_with_those_there_are(var, version):
    with pytest.raises(NotFound, match="no format 'xml'; there are bundle, dataset, parquet"):
        artifact_of(version, "xml", with_held_out=False)


def test_a_disk_that_cannot_be_written_is_ours_to_repair(var, version):
    var.write_text("a file where a folder should be")

    with pytest.raises(Unavailable, match="cannot be written: Not a directory"):
        artifact_of(version, "bundle", with_held_out=False)


def test_a_format_that_fails_leaves_nothing(var, version, monkeypatch):
    def files(contents):
        yield "README.md", [b"begun"]
        raise Unavailable("no library for it")

    assert "bundle" in EXPORTERS  # they are loaded with the first question
    monkeypatch.setitem(EXPORTERS._parts, "bundle", Exporter("Bundle", "to fail", files))

    with pytest.raises(Unavailable, match="no library"):
        artifact_of(version, "bundle", with_held_out=False)
    assert [path.name for path in var.iterdir()] == ["locks"]


def put(shelf, name, data=b"data"):
    with shelf.locked(name), shelf.placing(name) as folder:
        (folder / "file").write_bytes(data)


def test_two_at_once_make_a_thing_one_after_the_other(tmp_path):
    shelf = Shelf(tmp_path)
    inside, most = [], []
    gate = threading.Barrier(4)

    def make():
        gate.wait()
        with shelf.locked(KEY), shelf.placing(KEY) as folder:
            inside.append(1)
            most.append(len(inside))
            (folder / "file").write_bytes(b"data")
            inside.pop()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(make) for _ in range(4)]:
            done.result()
    assert most == [1, 1, 1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [KEY, "locks"]


KILLED = """
import os, signal, sys
from pathlib import Path
from simulation.shelves import Shelf
shelf = Shelf(Path(sys.argv[1]))
with shelf.locked("aa11"), shelf.placing("aa11") as folder:
    (folder / "file").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_is_never_a_thing_and_is_cleared_up(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(shelves.__file__).parents[1])}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)

    assert done.returncode == -signal.SIGKILL, done.stderr
    assert [path.name for path in tmp_path.glob("aa11*")] == ["aa11.partial"]
    put(Shelf(tmp_path), OTHER)
    assert sorted(path.name for path in tmp_path.iterdir()) == [OTHER, "locks"]


def test_what_somebody_still_writes_is_left_alone(tmp_path):
    shelf = Shelf(tmp_path)

    with shelf.locked(KEY), shelf.placing(KEY) as folder:
        put(shelf, OTHER)
        assert folder.is_dir()
    assert (tmp_path / KEY).is_dir()


def test_what_was_used_longest_ago_makes_room(tmp_path):
    shelf = Shelf(tmp_path)
    for age, name in enumerate(["cc33", KEY, OTHER]):
        put(shelf, name, bytes(100))
        os.utime(tmp_path / name, (1000 - age, 1000 - age))

    shelf.make_room(200, kept=OTHER)

    assert sorted(path.name for path in tmp_path.iterdir()) == [OTHER, "cc33", "locks"]


def test_the_newest_stays_even_where_it_is_larger_than_all_may_be(tmp_path, var, version, settings):
    settings.EXPORTS_MAX_BYTES = 10
    first = artifact_of(version, "bundle", with_held_out=False)
    second = artifact_of(version, "dataset", with_held_out=False)

    assert not first.path.exists()
    assert second.path.exists()


def archive_of(files):
    target = io.BytesIO()
    write_archive(iter(files.items()), target)
    return target.getvalue()


def test_an_archive_has_sizes_before_its_files_and_stores_them_as_they_are():
    files = {"a.txt": [b"a" * 100], "long": [bytes(IN_MEMORY)] * 2, "täglich": [], "z": [b"", b"z"]}
    data = archive_of(files)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        assert {entry.filename: archive.read(entry) for entry in entries} == {
            path: b"".join(pieces) for path, pieces in files.items()
        }
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
    assert not any(entry.flag_bits & 0x8 for entry in entries)  # no sizes behind a file
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert (
        hashlib.sha256(data).hexdigest()
        == "499849fcff1f14e5a4b5b3000f195a12c2e672ea56e2e73123d7d956a1becdd0"
    )
