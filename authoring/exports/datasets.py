"""A pack as a data set for the library `datasets`: the same files, whatever holds the rows."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from authoring.exports import Files
from authoring.exports.contents import PackContents
from authoring.exports.heads import given_splits, head, introduction, one_line
from authoring.exports.json_files import json_file
from authoring.exports.packed_worlds import packed_worlds
from authoring.exports.rows import COLUMNS, Row, rows_of

Writing = Callable[[Iterator[Row], PackContents], Iterable[bytes]]
# the names that the hub has for licences; another one is `other`, with its own name beside it
_LICENCES = frozenset({
    "apache-2.0", "bsd-2-clause", "bsd-3-clause", "cc0-1.0", "cc-by-3.0", "cc-by-4.0",
    "cc-by-nc-4.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-sa-4.0",
    "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0", "gpl-3.0", "isc", "mit",
    "mpl-2.0", "odbl", "odc-by", "pddl", "unlicense",
})  # fmt: skip


def dataset_files(contents: PackContents, form: str, suffix: str, write: Writing) -> Files:
    """Give README.md, data/SPLIT.SUFFIX for each split that has tasks here, and pack.json.

    write: makes pieces of the rows of a split, without having all of them in memory.
    """
    splits = given_splits(contents)
    worlds = packed_worlds(contents)
    yield "README.md", [_readme(contents, {split: _path(split, suffix) for split in splits})]
    listed: dict[str, Any] = {}
    for split in splits:
        rows = _noted(rows_of(contents, worlds, split), listed)
        yield _path(split, suffix), write(rows, contents)
    yield "pack.json", [json_file({**head(contents, form), "tasks": listed})]


def _path(split: str, suffix: str) -> str:
    return f"data/{split}.{suffix}"


def _noted(rows: Iterator[Row], listed: dict[str, Any]) -> Iterator[Row]:
    for row in rows:
        listed[row["task_id"]] = {"revision": row["version"], "split": row["split"]}
        yield row


def _readme(contents: PackContents, paths: dict[str, str]) -> bytes:
    front = yaml.safe_dump(
        _front_matter(contents, paths), allow_unicode=True, sort_keys=False, width=math.inf
    )
    columns = [f"| `{name}` | {words} |" for name, words in COLUMNS.items()]
    parts = [
        f"---\n{front}---",
        introduction(contents),
        "\n".join(["## Columns", "", "| column | what |", "|---|---|", *columns]),
        "## Load\n\n```python\nfrom datasets import load_dataset\n\n"
        'tasks = load_dataset("path/to/this/folder")\n```\n',
    ]
    return "\n\n".join(parts).encode()


def _front_matter(contents: PackContents, paths: dict[str, str]) -> dict[str, Any]:
    licence = contents.licence.lower()
    named = {"license": licence} if licence in _LICENCES else _own_licence(contents.licence)
    data_files = [{"split": split, "path": path} for split, path in paths.items()]
    configs = [{"config_name": "default", "data_files": data_files}] if data_files else []
    return {
        **named,
        "pretty_name": one_line(contents.title),
        "tags": ["enterprisegym", "agents", "tool-use", "rubrics"],
        "configs": configs,
        "pack": contents.name,
        "canary": one_line(contents.canary),
    }


def _own_licence(name: str) -> dict[str, str]:
    return {"license": "other", "license_name": one_line(name)}
