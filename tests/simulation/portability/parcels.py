"""Files of a small world, as bytes, to be spoiled in one place each."""

import json
from collections.abc import Mapping
from typing import Any

from simulation.portability.files import Files, sorted_out
from simulation.portability.parcel import Parcel, read_parcel
from tests.factories import NOW, STORE

WORLD: dict[str, Any] = {
    "slug": "store",
    "version": 1,
    "title": "Store",
    "environment": "mock_store",
    "now": NOW,
    "systemPrompts": ["clerk"],
}
PROMPT = "You are a **clerk**.\n"


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def make_contents(
    more: Mapping[str, Any] | None = None, *, base: Mapping[str, Any] = STORE, **world: Any
) -> dict[str, bytes]:
    """Give the files of the small store.

    more: files on top; world: members of world.json on top. None leaves a file or member out.
    """
    members = {name: value for name, value in {**WORLD, **world}.items() if value is not None}
    files = {
        "world.json": members,
        "system-prompts/clerk.md": PROMPT.encode(),
        **{f"entities/{name}.json": rows for name, rows in base.items()},
        **(more or {}),
    }
    return {path: as_bytes(data) for path, data in files.items() if data is not None}


def make_files(more: Mapping[str, Any] | None = None, **options: Any) -> Files:
    return sorted_out(make_contents(more, **options))


def bare_files(types: Mapping[str, Any] = STORE) -> Files:
    return sorted_out({f"{name}.json": as_bytes(rows) for name, rows in types.items()})


def parcel_of(more: Mapping[str, Any] | None = None, **options: Any) -> Parcel:
    return read_parcel(make_files(more, **options))


def problems_of(files: Files, **options: str) -> list[str]:
    return [str(problem) for problem in read_parcel(files, options).problems]
