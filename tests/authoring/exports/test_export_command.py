"""`manage.py export`: a folder or a zip, which nothing half-written ever takes the place of."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from authoring.exports import EXPORTERS, Exporter
from authoring.models import Pack
from config.bench.scratch import database_url
from tests.authoring.exports.packs import make_small_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(author, store_world):
    return make_small_version(author, store_world, slug="lamps")


def export(*arguments, **options):
    out = io.StringIO()
    call_command("export", *map(str, arguments), stdout=out, **options)
    return out.getvalue().strip()


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_and_a_zip_hold_the_same_files(version, tmp_path):
    said = export("lamps@1", "bundle", tmp_path / "new" / "lamps")
    export("lamps", "bundle", tmp_path / "lamps.zip")

    files = tree(tmp_path / "new" / "lamps")
    assert said == f"lamps@1 {tmp_path}/new/lamps {len(files)} files"
    with zipfile.ZipFile(tmp_path / "lamps.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lamps.zip", "new"]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["lamps"]


def test_the_held_out_split_comes_along_only_when_asked_for(version, tmp_path):
    export("lamps", "bundle", tmp_path / "without")
    export("lamps", "bundle", tmp_path / "whole", "--held-out")

    extra = tree(tmp_path / "whole").keys() - tree(tmp_path / "without").keys()
    assert extra == {"tasks/hidden-lantern.json"}


@pytest.mark.parametrize(
    ("pack", "form", "said"),
    [
        ("lamps@2", "bundle", "there is no frozen version 'lamps@2' of a pack"),
        ("chairs", "bundle", "there is no frozen version 'chairs' of a pack"),
        ("unfrozen", "bundle", "there is no frozen version 'unfrozen' of a pack"),
        ("lamps@0", "bundle", "write SLUG or SLUG@VERSION, such as support@1"),
        ("lamps@²", "bundle", "write SLUG or SLUG@VERSION"),
        ("../lamps", "bundle", "write SLUG or SLUG@VERSION"),
        ("lamps", "xml", "there is no format 'xml'; there are bundle, dataset, parquet"),
    ],
)
def test_what_cannot_be_exported_is_said_and_nothing_is_written(
    version, tmp_path, pack, form, said
):
    Pack.objects.create(slug="unfrozen", title="Unfrozen", owner=version.frozen_by, canary="other")

    with pytest.raises(CommandError, match=said):
        export(pack, form, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_others_is_never_touched(version, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(CommandError, match="is not empty"):
        export("lamps", "bundle", tmp_path)
    with pytest.raises(CommandError, match="holds something else than an export"):
        export("lamps", "bundle", tmp_path, "--replace")
    with pytest.raises(CommandError, match="is a file"):
        export("lamps", "bundle", tmp_path / "notes.txt", "--replace")
    assert tree(tmp_path) == {"notes.txt": b"mine"}


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../outside"])
def test_a_manifest_that_leads_elsewhere_removes_nothing(version, tmp_path, path):
    outside, folder = tmp_path / "outside", tmp_path / "out"
    outside.write_text("mine")
    folder.mkdir()
    manifest = {"format": "enterprisegym-bundle", "files": {path: {}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="holds something else"):
        export("lamps", "bundle", folder, "--replace")
    assert outside.exists()


def test_an_earlier_export_gives_way_and_files_beside_it_stay(version, tmp_path):
    folder = tmp_path / "out"
    export("lamps", "bundle", folder, "--held-out")
    (folder / "mine.txt").write_text("mine")

    export("lamps", "dataset", folder, "--replace")

    files = tree(folder)
    assert files.pop("mine.txt") == b"mine"
    assert sorted(files) == [
        "README.md", "data/test.jsonl", "data/train.jsonl", "manifest.json", "pack.json",
    ]  # fmt: skip
    assert not (folder / "tasks").exists()


def test_a_zip_is_replaced_only_when_asked_for(version, tmp_path):
    path = tmp_path / "out.zip"
    path.write_bytes(b"mine")

    with pytest.raises(CommandError, match="exists: choose another name, or replace it"):
        export("lamps", "bundle", path)
    assert path.read_bytes() == b"mine"
    export("lamps", "bundle", path, "--replace")
    assert zipfile.is_zipfile(path)


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_an_export_that_fails_half_way_leaves_what_was_there(version, tmp_path, monkeypatch, name):
    export("lamps", "bundle", tmp_path / name)
    before = tree(tmp_path)

    def files(contents):
        yield "README.md", [b"begun"]
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(EXPORTERS._parts, "bundle", Exporter("Bundle", "to fail", files))

    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        export("lamps", "bundle", tmp_path / name, "--replace")
    assert tree(tmp_path) == before


OTHER_PROCESS = """
import hashlib, sys
import django; django.setup()
from authoring.exports.artifacts import artifact_of
from authoring.exports.versions import find_version
for form in ("bundle", "dataset", "parquet"):
    print(artifact_of(find_version("lamps@1"), form, with_held_out=True).sha256)
"""


@pytest.mark.django_db(transaction=True)
def test_another_process_makes_the_same_bytes(version, tmp_path):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EG_VAR": str(tmp_path / "var"),
        "PYTHONHASHSEED": "1",
    }
    command = [sys.executable, "-c", OTHER_PROCESS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    ours = []
    for form in EXPORTERS:
        path = tmp_path / f"{form}.zip"
        export("lamps@1", form, path, "--held-out")
        ours.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert done.stdout.split() == ours, done.stderr
