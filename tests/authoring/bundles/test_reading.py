"""Bundles from outside are hostile: what is wrong is named by file and field, all at once."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from authoring.bundles.bundle import BundleProblems
from authoring.bundles.limits import BUNDLE
from authoring.bundles.reading import bundle_at, bundle_files, read_bundle
from authoring.content import TaskContent, read_content
from authoring.packs.hashes import hash_of_split, hash_of_version
from simulation.errors import InvalidArgument
from simulation.portability.files import is_litter
from simulation.portability.files import sorted_out as kept
from simulation.portability.folder import write_path
from tests.authoring.bundles.made import as_json, with_manifest, zipped

Files = dict[str, bytes]
sorted_out = partial(kept, is_ignored=is_litter)
SELL = "tasks/sell-lamps.json"


def said(files: Files) -> list[str]:
    with pytest.raises(BundleProblems) as raised:
        read_bundle(sorted_out(files))
    return list(raised.value.problems)


def changed(bundle: Mapping[str, bytes], file: str, change: Callable[[Any], Any]) -> Files:
    """Change one JSON file, with a manifest that lists what it became."""
    value = json.loads(bundle[file])
    value = change(value) or value
    files = {**bundle, file: as_json(value)}
    return files if file == "manifest.json" else with_manifest(files)


def member(path: str, value: Any) -> Callable[[Any], None]:
    *parents, last = path.split(".")

    def change(document: Any) -> None:
        for name in parents:
            document = document[int(name) if isinstance(document, list) else name]
        document[int(last) if isinstance(document, list) else last] = value

    return change


def test_a_bundle_is_read_whole(bundle):
    found = read_bundle(bundle_files(zipped(bundle)))

    assert found.name == "lamps@1"
    assert [task.slug for task in found.tasks] == ["hold-lamps", "sell-lamps"]
    assert found.worlds["store@1"].snapshot.content_hash == found.contents.worlds[0]["hash"]
    assert found.notes == ()


@pytest.mark.parametrize("name", ["lamps", "lamps.zip"])
def test_a_folder_and_a_zip_of_it_are_the_same(name, bundle, tmp_path):
    write_path(bundle, tmp_path / name)

    assert bundle_at(tmp_path / name).tasks == read_bundle(bundle_files(zipped(bundle))).tasks


def test_litter_and_a_folder_around_everything_do_no_harm(bundle):
    files = {f"lamps-1/{path}": data for path, data in bundle.items()}

    found = read_bundle(bundle_files(zipped({**files, "__MACOSX/._lamps": b"x"})))

    assert found.ignored == ("__MACOSX/._lamps",)


WRONG_MEMBERS = {
    "another format": ("pack.json", "format", "zip", "pack.json: format: "),
    "a later form": ("pack.json", "format_version", 2, "pack.json: format_version: "),
    "a number as text": ("pack.json", "version", "1", "pack.json: version: "),
    "a number of nothing": ("pack.json", "version", 0, "pack.json: version: "),
    "a hash that is none": ("pack.json", "hash", "x", "pack.json: hash: "),
    "another title": ("pack.json", "title", "Chairs", "pack.json: hash: does not fit"),
    "another canary": ("pack.json", "canary", "x", f"{SELL}: canary: is not the canary of"),
    "a title of megabytes": ("pack.json", "title", "x" * 10_000_000, "pack.json: title: "),
    "a list for an object": ("pack.json", "splits", [], "pack.json: splits: "),
    "an unknown split": ("pack.json", "splits.secret", {}, "pack.json: splits.secret"),
    "an unknown member": ("pack.json", "colour", "red", "pack.json: colour: there is no such"),
    "too many tasks said": (
        "pack.json", "splits.train.tasks", 2, "splits.train.tasks: there are 1 tasks, not 2",
    ),
    "a split with another hash": (
        "pack.json", "splits.train.hash", "0" * 64, "splits.train.hash: does not fit its tasks",
    ),
    "a split that is said to be left out": (
        "pack.json", "left_out", ["train"], "sell-lamps is of the split 'train'",
    ),
    "a world elsewhere": ("pack.json", "worlds.0.path", "../x", "pack.json: worlds: the files of"),
    "a world with another hash": ("pack.json", "worlds.0.hash", "0" * 64, "world.json: its con"),
    "a world under another name": ("pack.json", "worlds.0.name", "barn@1", "world.json: version: "),
    "a task of another content": (SELL, "prompt", "Sell nothing.", f"{SELL}: hash: does not fit"),
    "a task of another name": (SELL, "id", "buy-lamps", f"{SELL}: id: is the file of another task"),
    "a revision of nothing": (SELL, "revision", 0, f"{SELL}: revision: "),
    "a task of megabytes": (SELL, "notes", "x" * 10_000_000, f"{SELL}: is larger than 2 MB"),
    "a world that is not there": (SELL, "world", "moon@1", f"{SELL}: world: moon@1 is not in"),
    "points of nothing": (SELL, "rubric.0.points", 0, f"{SELL}: rubric.0.points: points are"),
    "a rubric of text": (SELL, "rubric", "good", f"{SELL}: rubric: write a list of criteria"),
    "an unknown field": (SELL, "colour", "red", f"{SELL}: colour: there is no such field"),
    "a number for a text": (SELL, "prompt", 7, f"{SELL}: prompt: "),
    "a setup of thousands": (SELL, "setup", [{}] * 501, f"{SELL}: setup: "),
    "too deep": (
        SELL, "notes", json.loads("[" * 40 + "]" * 40), "is nested deeper than 32 levels",
    ),
    "a row that is none": (
        "entities/item.json", "lamp.price", "dear", "entities/item.json: 'lamp': price: expected",
    ),
    "a clock that is none": ("world.json", "now", "noon", "world.json: now: "),
    "a manifest of another pack": ("manifest.json", "pack", "x@1", "manifest.json: pack: is not"),
    "a manifest of another hash": ("manifest.json", "hash", "0" * 64, "manifest.json: hash: "),
    "a file of another size": (
        "manifest.json", f"files.{SELL.replace('.', '§')}.size", 1, f"{SELL}: has ",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "path", "value", "expected"), WRONG_MEMBERS.values(), ids=WRONG_MEMBERS
)
def test_a_member_that_is_wrong_is_named(file, path, value, expected, bundle):
    def change(document: Any) -> None:
        *parents, last = (name.replace("§", ".") for name in path.split("."))
        for name in parents:
            document = document[int(name) if isinstance(document, list) else name]
        document[last] = value

    problems = said(changed(bundle, file, change))

    assert any(expected in problem for problem in problems), problems
    assert sum(map(len, problems)) < 20_000


BROKEN_FILES: dict[str, tuple[Callable[[Files], Files], str]] = {
    "no manifest": (lambda f: without(f, "manifest.json"), "manifest.json: is missing"),
    "no pack": (lambda f: with_pack(f, None), "pack.json: is missing"),
    "a file less": (lambda f: without(f, SELL), f"{SELL}: is missing: manifest.json lists it"),
    "a file more": (lambda f: {**f, "x.txt": b"x"}, "x.txt: is not listed in manifest.json"),
    "a file of no use": (
        lambda f: with_manifest({**f, "server/run.py": b"x"}), "server/run.py: is no file of a",
    ),
    "a byte else": (
        lambda f: {**f, SELL: f[SELL].replace(b"lamps", b"lumps", 1)},
        f"{SELL}: is not the file that manifest.json lists",
    ),
    "no world": (lambda f: with_manifest(without(f, "world.json")), "world.json: is missing"),
    "no JSON": (lambda f: with_manifest({**f, SELL: b"{"}), f"{SELL}: is not valid JSON"),
    "no number": (
        lambda f: with_manifest({**f, SELL: f[SELL].replace(b'"easy"', b"NaN")}),
        f"{SELL}: difficulty: NaN is not a number",
    ),
    "beyond 64 bits": (
        lambda f: with_manifest({**f, SELL: f[SELL].replace(b'"easy"', b"9" * 30)}),
        f"{SELL}: difficulty: a number is beyond 64 bits",
    ),
    "a name twice": (
        lambda f: with_manifest({**f, SELL: b'{"id": "x", "id": "y"}'}),
        f"{SELL}: id: stands there more than once",
    ),
    "no text": (lambda f: with_manifest({**f, SELL: b"\xff"}), f"{SELL}: is not UTF-8"),
    "thousands of levels": (
        lambda f: with_manifest({**f, SELL: b"[" * 900_000}), f"{SELL}: is nested deeper than",
    ),
}  # fmt: skip


def without(files: Files, path: str) -> Files:
    return {name: data for name, data in files.items() if name != path}


def with_pack(files: Files, pack: bytes | None) -> Files:
    return without(files, "pack.json") if pack is None else {**files, "pack.json": pack}


@pytest.mark.parametrize(("change", "expected"), BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_file_that_is_wrong_is_named(change, expected, bundle):
    problems = said(change(dict(bundle)))

    assert any(problem.startswith(expected) for problem in problems), problems


def entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


HOSTILE = {
    "a way out": (entry("../evil.json"), b"{}", "../evil.json: has a name that leads elsewhere"),
    "an absolute name": (entry("/etc/x"), b"{}", "/etc/x: has an absolute name"),
    "a backslash": (entry("tasks\\x.json"), b"{}", "has a backslash in its name"),
    "a link": (entry("tasks/x.json", stat.S_IFLNK | 0o777), b"/etc/passwd", "is a link or a dev"),
    "a name twice": (entry("pack.json"), b"{}", "pack.json: is there more than once"),
    "a bomb": (entry("tasks/x.json"), b" " * 8_000_000, "tasks/x.json: grows by more than"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("info", "data", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_an_archive_that_is_hostile_is_refused(info, data, expected, bundle):
    target = io.BytesIO(zipped(bundle))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(info, data, zipfile.ZIP_DEFLATED)

    with pytest.raises(BundleProblems) as raised:
        read_bundle(bundle_files(target.getvalue()))

    problems = raised.value.problems
    assert any(expected in problem for problem in problems), problems


def test_more_files_than_a_bundle_has_are_not_even_listed():
    data = zipped({f"tasks/{number}.json": b"" for number in range(BUNDLE.files + 1)})

    with pytest.raises(InvalidArgument, match="archive: holds more than 6000 files"):
        bundle_files(data)


def test_the_result_of_a_query_is_what_the_world_gives(bundle):
    query = {"entity_type": "item", "measure": {"sum": "inStock"}}
    expected = [{"path": "inStock", "op": "lte", "value": {"query": query, "value": 99}}]
    pack = json.loads(bundle["pack.json"])

    def rewritten(task: Any) -> None:
        task["rubric"][1]["check"]["expect"] = expected
        content = {name: task[name] for name in TaskContent.model_fields if name in task}
        task["hash"] = read_content({**content, "rubric": {"criteria": task["rubric"]}}).hash
        line = ["sell-lamps", 1, task["hash"], pack["worlds"][0]["hash"]]
        pack["splits"]["train"]["hash"] = hash_of_split([line])

    files = changed(bundle, SELL, rewritten)
    members = {name: pack[name] for name in ("slug", "title", "licence", "canary", "splits")}
    members |= {"number": 1, "is_for_training": False}
    worlds = [{"name": world["name"], "hash": world["hash"]} for world in pack["worlds"]]
    pack["hash"] = hash_of_version(**members, worlds=worlds)

    problems = said(with_manifest({**files, "pack.json": as_json(pack)}))

    (problem,) = problems
    assert problem.startswith(f"{SELL}: rubric.1.check: the result of a query of lamps-left")


def test_tools_that_are_not_those_of_today_are_worth_a_note(bundle):
    files = changed(bundle, "mcp-tools.json", member("default.0.description", "Else."))

    (note,) = read_bundle(sorted_out(files)).notes

    assert str(note).startswith("mcp-tools.json: the tools of today differ from those")


def test_everything_that_is_wrong_is_told_at_once(bundle):
    files = {**bundle, SELL: b"{", "world.json": b"[]", "x": b""}

    problems = said(with_manifest({**files, "tasks/hold-lamps.json": b"{}"}))

    assert {problem.split(":")[0] for problem in problems} >= {
        SELL, "world.json", "x", "tasks/hold-lamps.json",
    }  # fmt: skip
