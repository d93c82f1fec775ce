"""The guide to a second company, carried out to the letter in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from config import embedded

GUIDE = settings.BASE_DIR / "docs" / "second-company.md"
BLOCK = re.compile(r"^`([\w/.]+)`\n\n```\w+\n(.*?)```", re.MULTILINE | re.DOTALL)
GUARDS = "migrations/0002_guards.py"
PARTS = ("authoring", "config", "grading", "simulation", "static", "templates", "tests")


def files_of_the_guide() -> dict[str, str]:
    return dict(BLOCK.findall(GUIDE.read_text("utf-8")))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the guide's company in it, and nothing else changed."""
    copy = tmp_path_factory.mktemp("checkout")
    without = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        shutil.copytree(settings.BASE_DIR / part, copy / part, ignore=without)
    shutil.copy(settings.BASE_DIR / "manage.py", copy)
    company = copy / "simulation" / "environments" / "library"
    for name, text in files_of_the_guide().items():
        if name != GUARDS:
            (company / name).parent.mkdir(parents=True, exist_ok=True)
            (company / name).write_text(text, "utf-8")
    (company / "migrations").mkdir()
    (company / "migrations" / "__init__.py").touch()
    return copy


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The URL of an empty database, dropped at the end."""
    name = f"second_company_{os.getpid()}"
    given = connection.settings_dict
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield make_conninfo(
        "",
        dbname=name,
        **{key.lower(): given[key] for key in ("USER", "PASSWORD", "HOST", "PORT") if given[key]},
    )
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def seen(checkout: Path, database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the parts of the system made of the company."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database,
        "REDIS_URL": f"{embedded.redis_url(settings.VAR)}?virtual_host=15",
        "EG_SECRET_KEY": "for-tests-only",
        "EG_VAR": str(tmp_path_factory.mktemp("var")),
        "EG_STATIC_HASHED": "false",
        "EG_ALLOWED_HOSTS": "testserver",
        "PYTHONPATH": str(checkout),
    }
    program = [sys.executable, "-m", "tests.simulation.second_company.at_work"]
    done = subprocess.run(
        [*program, files_of_the_guide()[GUARDS]],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_company_is_found_beside_the_others(seen):
    companies = seen["companies"]

    assert companies["slugs"] == ["corecraft", "library", "mock_store"]
    assert companies["types"] == ["book", "loan"]
    assert companies["tools"] == ["lendBook", "searchBooks"]
    assert "three books at home" in companies["prompt"]


def test_the_engine_plays_in_it(seen):
    engine = seen["engine"]
    loan, refusal = engine["results"]

    assert engine["name"] == "library@1"
    assert loan["id"] == "loan-250915-001"
    assert refusal["error"]["code"] == "conflict"
    assert [change["id"] for change in engine["changes"]] == [loan["id"]]


def test_its_rows_are_checked(seen):
    assert seen["integrity"] == {"errors": 0, "warnings": 0}


def test_the_playground_has_its_tools(seen):
    playground = seen["playground"]

    assert playground["form"] == ["arg.book_id", "arg.reader"]
    assert playground["answer"] == 200
    assert playground["calls"] == ["lendBook"]
    assert playground["changes"] == ["loan-250915-001"]
    assert "loan-250915-001" not in playground["loans"]


def test_it_is_exported_and_imported_again(seen):
    portability = seen["portability"]

    assert portability["files"] == [
        "entities/book.json",
        "entities/loan.json",
        "system-prompts/desk.md",
        "world.json",
    ]
    assert portability["differing"] == ["world.json"]  # it names the slug
    assert portability["same_content"]


def test_its_pages_open(seen):
    assert {path: status for path, status in seen["pages"].items() if status != 200} == {}
