"""Every format: the same bytes, a true manifest, the canary, nothing of what is held out."""

import hashlib
import io
import json

import pytest
import yaml
from pyarrow import json as arrow_json
from pyarrow import parquet

from authoring.exports import EXPORTERS
from authoring.exports.contents import contents_of
from authoring.exports.formats import parquet as parquet_format
from authoring.exports.manifests import exported_files
from authoring.exports.parquet_tables import SCHEMA
from authoring.exports.rows import COLUMNS
from authoring.models import Revision
from simulation.errors import NotFound, Unavailable
from simulation.models import World
from tests.authoring.conftest import PROMPTS
from tests.authoring.exports.packs import (
    CANARY,
    SECRET,
    make_small_version,
    make_version,
)
from tests.authoring.tasks import make_revision, make_task
from tests.factories import make_world

pytestmark = pytest.mark.django_db
SPLITS = ("train", "test", "heldout")
HOSTILE = (
    '"quoted" \\ \n---\n</script><b>& \u202eright to left\u2066 \u0085\u2028\u2029\ufeff'
    " =SUM(A1) {{x}} \U0001f4a3 " + "long " * 5000
)
CHANGES = [
    {"task": "sell-lamps", "changed": ["prompt"]},
    {"task": "hidden-lantern", "changed": ["rubric"]},
]


@pytest.fixture
def version(author, store_world):
    return make_small_version(author, store_world, changelog=CHANGES)


def exported(version, form, *, with_held_out=False):
    contents = contents_of(version, with_held_out=with_held_out)
    return {path: b"".join(pieces) for path, pieces in exported_files(form, contents)}


def lines(data):
    return [json.loads(line) for line in data.decode().splitlines()]


@pytest.mark.parametrize("form", EXPORTERS)
def test_an_export_has_the_same_bytes_twice(version, form):
    assert exported(version, form) == exported(version, form)


@pytest.mark.parametrize("form", EXPORTERS)
def test_the_manifest_names_size_and_hash_of_every_other_file(version, form):
    files = exported(version, form)

    *_, last = files
    manifest = json.loads(files.pop("manifest.json"))

    assert last == "manifest.json"
    assert (manifest["pack"], manifest["hash"]) == (str(version), version.hash)
    assert manifest["files"] == {
        path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for path, data in files.items()
    }


def test_a_manifest_is_not_made_of_files_that_nobody_read(version):
    files = exported_files("bundle", contents_of(version, with_held_out=False))

    with pytest.raises(RuntimeError, match="was not read to its end"):
        list(files)


@pytest.mark.parametrize("form", EXPORTERS)
def test_the_canary_is_in_every_file_that_can_hold_it(version, form):
    files = exported(version, form, with_held_out=True)

    without = {path for path, data in files.items() if CANARY.encode() not in data}

    rows = {path for path in files if path.startswith(("entities/", "system-prompts/"))}
    assert without == rows | ({"world.json", "mcp-tools.json"} if form == "bundle" else set())
    for path, data in files.items():
        if path.endswith(".jsonl"):
            assert {row["canary"] for row in lines(data)} == {CANARY}


@pytest.mark.parametrize("form", EXPORTERS)
@pytest.mark.parametrize("text", [SECRET, "hidden-lantern"])
def test_nothing_of_what_is_held_out_is_given_without_the_right_to_it(version, form, text):
    files = exported(version, form)
    whole = exported(version, form, with_held_out=True)

    shown = [path for path, data in files.items() if text in f"{path} {plain(path, data)}"]
    assert shown == []
    assert any(text in f"{path} {plain(path, data)}" for path, data in whole.items())
    assert json.loads(files["pack.json"])["left_out"] == ["heldout"]
    assert json.loads(whole["pack.json"])["left_out"] == []


def plain(path, data):
    """Give the text of a file; parquet is compressed."""
    if path.endswith(".parquet"):
        return str(parquet.read_table(io.BytesIO(data)).to_pylist())
    return data.decode()


def test_held_out_entries_stay_hidden_where_the_counts_say_nothing_of_them(author, store_world):
    version = make_small_version(author, store_world, splits={})

    assert contents_of(version, with_held_out=False).left_out == ("heldout",)
    assert "tasks/hidden-lantern.json" not in exported(version, "bundle")


def test_a_split_that_was_never_imported_is_left_out_of_every_export(author, store_world):
    splits = {split: {"tasks": 1, "hash": "0" * 64} for split in SPLITS}
    task = make_task(author, store_world)
    make_revision(task, "approved")
    version = make_version(author, {task: "train"}, splits=splits)

    contents = contents_of(version, with_held_out=True)

    assert contents.left_out == ("test", "heldout")
    assert "data/test.jsonl" not in exported(version, "dataset", with_held_out=True)


def test_a_bundle_has_the_files_of_the_one_world_at_its_top(version):
    files = exported(version, "bundle", with_held_out=True)

    assert list(files) == [
        "README.md",
        "pack.json",
        "tasks/hidden-lantern.json",
        "tasks/sell-lamps.json",
        "tasks/sell-lamps-b.json",
        "entities/item.json",
        "entities/sale.json",
        "mcp-tools.json",
        "system-prompts/clerk.md",
        "world.json",
        "manifest.json",
    ]
    pack = json.loads(files["pack.json"])
    assert (pack["format"], pack["format_version"]) == ("enterprisegym-bundle", 1)
    assert (pack["slug"], pack["version"]) == (version.pack.slug, 1)
    assert pack["worlds"] == [{**version.worlds[0], "path": ""}]
    assert pack["changelog"] == CHANGES
    tools = json.loads(files["mcp-tools.json"])
    assert list(tools) == ["default"]
    assert {"name", "description", "inputSchema"} == tools["default"][0].keys()


def test_a_bundle_of_several_worlds_has_a_folder_for_each(author, store_world):
    tasks = {}
    for slug, world in (
        ("one", store_world),
        ("two", make_world(owner=author, slug="store", version=2, prompts=PROMPTS)),
    ):
        task = make_task(author, world, slug, toolset="all" if slug == "two" else "default")
        make_revision(task, "approved")
        tasks[task] = "train"
    files = exported(make_version(author, tasks), "bundle")

    paths = [world["path"] for world in json.loads(files["pack.json"])["worlds"]]
    assert paths == ["worlds/store@1", "worlds/store@2"]
    assert list(json.loads(files["worlds/store@2/mcp-tools.json"])) == ["all"]
    assert "world.json" not in files
    assert json.loads(files["worlds/store@1/world.json"])["slug"] == "store"


def test_a_world_may_get_another_title_and_its_bundle_stays_the_same(version, store_world):
    before = exported(version, "bundle")
    World.objects.filter(pk=store_world.pk).update(title="Renamed")

    assert exported(version, "bundle") == before


def test_a_task_says_all_that_decides_it_and_keeps_a_null_that_takes_a_value_away(
    author, store_world
):
    setup = [{"op": "update", "entity_type": "item", "id": "chair", "fields": {"note": None}}]
    task = make_task(author, store_world, setup=setup)
    revision = make_revision(task, "approved")
    version = make_version(author, {task: "train"})

    said = json.loads(exported(version, "bundle")["tasks/sell-lamps.json"])

    identity = ("id", "revision", "hash", "split", "family", "canary")
    assert [said[name] for name in identity] == [
        "sell-lamps", 1, revision.hash, "train", "", CANARY,
    ]  # fmt: skip
    assert said["setup"] == setup
    assert "asker" not in said
    assert [criterion["key"] for criterion in said["rubric"]] == [
        criterion.key for criterion in revision.value.rubric.criteria
    ]


def test_rows_of_every_split_have_every_column_and_one_schema(version):
    files = exported(version, "dataset", with_held_out=True)

    tables = [arrow_json.read_json(io.BytesIO(files[f"data/{split}.jsonl"])) for split in SPLITS]

    assert tables[0].schema.names == list(COLUMNS)
    assert all(table.schema == tables[0].schema == SCHEMA for table in tables)
    assert sum(table.num_rows for table in tables) == 3
    row = tables[0].to_pylist()[0]
    assert [message["role"] for message in row["prompt"]] == ["system", "user"]
    assert row["environment"] == "mock_store"
    assert (row["split"], row["target_level"], row["n_criteria"]) == ("train", 0, 2)
    assert json.loads(row["world"])["name"] == "store@1"
    assert json.loads(row["info"])["reference"][0]["call"] == "sell"
    assert json.loads(row["rubric"][0]["check"])["kind"] == "state"


def test_parquet_has_the_same_rows_as_the_json_lines(version):
    files = exported(version, "parquet")
    expected = exported(version, "dataset")

    for split in ("train", "test"):
        table = parquet.read_table(io.BytesIO(files[f"data/{split}.parquet"]))
        assert table.to_pylist() == lines(expected[f"data/{split}.jsonl"])
        assert table.schema.metadata[b"canary"] == CANARY.encode()


def test_without_its_library_parquet_says_what_to_install(version, monkeypatch):
    monkeypatch.setattr(parquet_format, "LIBRARY", "no_such_library")

    with pytest.raises(Unavailable, match=r'pip install "enterprisegym\[parquet\]"'):
        exported(version, "parquet")


@pytest.mark.parametrize("form", EXPORTERS)
def test_hostile_text_survives_and_breaks_nothing(author, store_world, form):
    changes = {"prompt": HOSTILE, "notes": HOSTILE, "tags": [HOSTILE]}
    task = make_task(author, store_world, **changes)
    make_revision(task, "approved")
    said = {"title": 'A "title": {x}\n---\nlicense: mit', "description": HOSTILE[:200]}
    version = make_version(author, {task: "train"}, licence="x\n- y: 'z", **said)

    files = exported(version, form)

    stored = Revision.objects.get(task=task).content["prompt"]
    assert stored == HOSTILE
    if form == "bundle":
        assert json.loads(files["tasks/sell-lamps.json"])["prompt"] == HOSTILE
        assert files["README.md"].startswith(b'# A "title": {x} --- license: mit\n')
        return
    _, front, _ = files["README.md"].decode().split("---\n", 2)
    assert yaml.safe_load(front)["license"] == "other"
    (row,) = (
        lines(files["data/train.jsonl"])
        if form == "dataset"
        else parquet.read_table(io.BytesIO(files["data/train.parquet"])).to_pylist()
    )
    assert row["prompt"][1]["content"] == HOSTILE
    assert json.loads(row["info"])["notes"] == HOSTILE


def test_the_readme_of_a_data_set_tells_the_library_where_the_rows_are(version):
    text = exported(version, "dataset")["README.md"].decode()
    front = yaml.safe_load(text.split("---\n", 2)[1])

    assert (front["license"], front["canary"]) == ("cc-by-4.0", CANARY)
    assert front["configs"] == [
        {
            "config_name": "default",
            "data_files": [
                {"split": "train", "path": "data/train.jsonl"},
                {"split": "test", "path": "data/test.jsonl"},
            ],
        }
    ]
    assert "| heldout | 1 | no |" in text


def test_an_unknown_format_is_answered_with_those_there_are(version):
    with pytest.raises(NotFound, match="there are bundle, dataset, parquet"):
        exported(version, "xml")
