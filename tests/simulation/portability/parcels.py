"""Files of a small world, as bytes, to be spoiled in one place each."""

import json
from typing import Any

from simulation.models import World
from simulation.portability.files import Files, sorted_out
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


def make_contents(**world: Any) -> dict[str, bytes]:
    """Give the files of the small store; members of world.json may be replaced, None leaves out."""
    members = {name: value for name, value in {**WORLD, **world}.items() if value is not None}
    return {
        "world.json": as_bytes(members),
        "system-prompts/clerk.md": PROMPT.encode(),
        **{f"entities/{name}.json": as_bytes(rows) for name, rows in STORE.items()},
    }


def make_files(contents: dict[str, Any] | None = None, **world: Any) -> Files:
    """Give them as they were read; `contents` come on top, None takes a file away."""
    merged = {**make_contents(**world), **(contents or {})}
    return sorted_out({path: as_bytes(d) for path, d in merged.items() if d is not None})


def bare_files(**types: Any) -> Files:
    given = types or STORE
    return sorted_out({f"{name}.json": as_bytes(rows) for name, rows in given.items()})


def rows_of_no_world() -> int:
    """Count the worlds that an import left behind."""
    return World.objects.count()
