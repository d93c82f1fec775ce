"""Run in a copy of the project that has the guide's company, on an empty database.

Prints one JSON object: what each part of the system made of the company. The folder of the copy is
the working directory; the guards' migration comes in as an argument, because it can only be written
once the first migration is there.
"""

import json
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
from simulation.state import WorldState  # noqa: E402
from simulation.worlds import find_world, load_snapshot  # noqa: E402

COMPANY = Path("simulation/environments/library")


def main(guards: str) -> dict[str, Any]:
    call_command("makemigrations", "library", name="shelves", verbosity=0)
    (COMPANY / "migrations" / "0002_guards.py").write_text(guards, "utf-8")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    User.objects.create_superuser("ada", password="secret")
    call_command("generate_world", "library", owner="ada", verbosity=0)
    return {part.__name__: part() for part in (companies, engine, pages)}


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


def pages() -> dict[str, int]:
    client = Client()
    client.login(username="ada", password="secret")
    return {path: client.get(path).status_code for path in ("/",)}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))  # noqa: T201
