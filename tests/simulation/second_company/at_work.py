"""Run in a copy of the project that has the guide's company, on an empty database.

Prints one JSON object: what each part of the system made of the company. The folder of the copy is
the working directory; the guards' migration comes in as an argument, because it can only be written
once the first migration is there.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402  needs the set-up above
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from simulation.calls import call_tool  # noqa: E402
from simulation.environments import environment, slugs  # noqa: E402
from simulation.playground.scratch import read_scratch  # noqa: E402
from simulation.portability.archive import read_archive  # noqa: E402
from simulation.state import WorldState  # noqa: E402
from simulation.worlds import check_world, find_world, load_snapshot  # noqa: E402

COMPANY = Path("simulation/environments/library")
NAMES = ("first", "second")
PAGES = (
    "/world/",
    "/world/library@1/",
    "/world/library@1/book/",
    "/world/library@1/book/book-1/",
    "/world/library@1/search/?q=Book",
    "/world/library@1/policies/",
    "/world/library@1/query/?type=loan",
    "/world/library@1/tools/",
    "/world/library@1/changes/",
    "/api/v1/worlds/library@1/",
)


def main(guards: str) -> dict[str, Any]:
    call_command("makemigrations", "library", name="shelves", verbosity=0)
    (COMPANY / "migrations" / "0002_guards.py").write_text(guards, "utf-8")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    User.objects.create_superuser("ada", password="secret")
    call_command("generate_world", "library", owner="ada", verbosity=0)
    parts = (companies, engine, integrity, playground, portability, pages)
    return {part.__name__: part() for part in parts}


def companies() -> dict[str, Any]:
    company = environment("library")
    return {
        "slugs": slugs(),
        "types": list(company.entity_types),
        "tools": list(company.tools),
        "prompt": find_world("library").prompts["desk"],
    }


def engine() -> dict[str, Any]:
    """Lend the last copy, and try it once more."""
    world = find_world("library")
    state = WorldState(load_snapshot(world))
    arguments = '{"book_id": "book-2", "reader": "ines"}'
    calls = [call_tool(state, world.company.tools, "lendBook", arguments) for _ in range(2)]
    return {
        "name": str(world),
        "results": [json.loads(call.text) for call in calls],
        "changes": [change.as_json() for change in state.diff()],
    }


def integrity() -> dict[str, Any]:
    report = check_world(find_world("library"))
    return {"errors": len(report.errors), "warnings": len(report.warnings)}


def playground() -> dict[str, Any]:
    """Lend a book in a scratch clone, by the form of the page."""
    client = signed_in()
    page = client.get("/world/library@1/tools/lendBook/").content.decode()
    call_id = re.search(r'name="call_id" value="([^"]+)"', page)
    typed = {
        "arg.book_id": "book-2",
        "arg.reader": "ines",
        "call_id": call_id[1] if call_id else "",
    }
    answer = client.post("/world/library@1/tools/lendBook/", typed, follow=True)
    scratch = read_scratch(find_world("library"), User.objects.get(username="ada"))
    return {
        "form": [name for name in ("arg.book_id", "arg.reader") if f'name="{name}"' in page],
        "answer": answer.status_code,
        "calls": [step.tool for step in scratch.steps] if scratch else [],
        "loans": sorted(scratch.state.snapshot.rows("loan")) if scratch else [],
        "changes": [change.id for change in scratch.state.diff()] if scratch else [],
    }


def portability() -> dict[str, Any]:
    """Export, import under another name, and export again."""
    call_command("export_world", "library", "first.zip", verbosity=0)
    call_command("import_world", "first.zip", slug="branch", owner="ada", verbosity=0)
    call_command("export_world", "branch", "second.zip", verbosity=0)
    first, second = (read_archive(Path(f"{name}.zip").read_bytes()).contents for name in NAMES)
    return {
        "files": sorted(first),
        "differing": sorted(name for name in first if first[name] != second.get(name)),
        "same_content": find_world("library").content_hash == find_world("branch").content_hash,
    }


def pages() -> dict[str, int]:
    client = signed_in()
    return {path: client.get(path).status_code for path in PAGES}


def signed_in() -> Client:
    client = Client()
    client.login(username="ada", password="secret")
    return client


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))  # noqa: T201
