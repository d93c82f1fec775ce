"""What no module can promise: migrations, checks, promises of every company, lengths."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models

from simulation.environments import environment, slugs
from simulation.fields import Reference
from simulation.models import Entity
from simulation.text import canonical
from simulation.worlds import generate_world
from tests.factories import make_user

APPS = ("authoring", "config", "grading", "simulation")
COMPANIES = slugs()
DOCS = sorted(f"docs/{each.name}" for each in (settings.BASE_DIR / "docs").glob("*.md"))
TYPES = [(slug, name) for slug in COMPANIES for name in environment(slug).entity_types]
TOOLS = [(slug, name) for slug in COMPANIES for name in environment(slug).tools]
LONGEST_FUNCTION, USUAL_FUNCTION, LONG_FUNCTION, LONGEST_FILE = 50, 8, 25, 500


# Django


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_system_checks_find_nothing():
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_migrations_can_be_taken_back_and_made_again():
    """The guards are SQL: undoing and redoing them must work without naming what is there."""
    before = triggers("mock_store_item"), foreign_keys("mock_store_sale")

    call_command("migrate", "mock_store", "0001", verbosity=0)
    assert triggers("mock_store_item") == set()
    call_command("migrate", "mock_store", verbosity=0)

    assert (triggers("mock_store_item"), foreign_keys("mock_store_sale")) == before


# imports


def test_imports_point_one_way():
    pytest.importorskip("importlinter", reason="import-linter comes with the extra dev")
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports as lint; exit(lint())",
    ]

    checked = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout


# companies


@pytest.mark.parametrize("slug", COMPANIES)
def test_a_company_has_a_policy_and_prompts_that_are_not_empty(slug):
    company = environment(slug)

    assert company.policy
    assert company.prompts
    assert all(text.strip() for text in company.prompts.values())
    assert not [name for name, text in company.prompts.items() if "{{policy}}" in text]


@pytest.mark.parametrize("slug", COMPANIES)
def test_a_companys_generator_says_when_and_by_whom_and_gives_the_same_bytes(slug):
    generator = environment(slug).generator

    one, other = (generator.generate(seed=7, size=0.1) for _ in range(2))

    assert generator.VERSION
    assert generator.NOW.endswith("Z")
    assert isinstance(generator.AGENT_EMPLOYEE_ID, str)
    assert canonical(one.entities) == canonical(other.entities)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", COMPANIES)
def test_a_companys_world_can_be_published_and_its_prompts_are_filled_in(slug):
    world = generate_world(
        environment=slug, slug=slug, version=1, title=slug, owner=make_user(), seed=7, size=0.1
    )

    assert world.content_hash
    assert all("{{" not in text for text in world.prompts.values())


@pytest.mark.parametrize(("slug", "name"), TOOLS)
def test_a_tool_is_described_and_each_of_its_parameters_is_typed(slug, name):
    tool = environment(slug).tools[name]

    assert tool.description.endswith(".")
    assert set(tool.toolsets) <= {"default"}  # those without one are in `all` alone
    for parameter, schema in tool.schema["properties"].items():
        assert schema.keys() & {"type", "anyOf", "enum", "const"}, parameter


@pytest.mark.parametrize(("slug", "name"), TYPES)
def test_an_entity_type_has_wire_forms_and_existing_targets(slug, name):
    company = environment(slug)
    kind = company.entity_types[name]

    assert issubclass(kind.model, Entity)
    assert all(field.adapter.json_schema() is not None for field in kind.fields.values())
    assert all(target in company.entity_types for _, target in kind.references)
    assert all(stamp in kind.fields for stamp in kind.stamps)


@pytest.mark.parametrize(("slug", "name"), TYPES)
def test_an_id_pattern_reads_what_it_writes_and_fits_its_column(slug, name):
    pattern = environment(slug).entity_types[name].model.id_pattern

    if pattern:
        key = pattern.write(pattern.date_part("2025-09-15T19:00:00Z"), 12)
        assert pattern.read(key) == ("250915", 12)
        assert len(key) <= 200


@pytest.mark.parametrize("slug", COMPANIES)
def test_id_patterns_of_a_company_are_all_different(slug):
    kinds = environment(slug).entity_types.values()
    prefixes = [kind.model.id_pattern.prefix for kind in kinds if kind.model.id_pattern]

    assert len(prefixes) == len(set(prefixes))


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "name"), TYPES)
def test_the_table_of_an_entity_type_is_guarded(slug, name):
    model = environment(slug).entity_types[name].model
    table = model._meta.db_table

    assert "eg_published" in triggers(table)
    assert {("key", "world_id"), ("id", "world_id")} <= unique_columns(table)
    assert references_of(model) == {
        columns for columns in foreign_keys(table) if "world_id" in columns and len(columns) == 2
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "trigger"),
    [
        ("simulation_snapshot", "eg_append_only"),
        ("simulation_step", "eg_append_only"),
        ("simulation_world", "eg_final"),
        ("simulation_episode", "eg_final"),
        ("simulation_episode", "eg_final_cancelled"),
        ("simulation_episode", "eg_frozen_columns"),
        ("grading_rubric", "eg_append_only"),
        ("grading_verdict", "eg_append_only"),
        ("authoring_reviewevent", "eg_append_only"),
        ("authoring_revision", "eg_final"),
    ],
)
def test_tables_that_are_written_once_have_their_trigger(table, trigger):
    assert trigger in triggers(table)


def triggers(table):
    return column(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
        " AND tgenabled = 'O'",
        table,
    )


def foreign_keys(table):
    return constrained(table, "f")


def unique_columns(table):
    return constrained(table, "u")


def constrained(table, kind):
    """The columns of each constraint of one kind, deferrable for foreign keys, sorted by name."""
    statement = """
        SELECT array_to_string(ARRAY(
            SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)
            ORDER BY attname), ',')
        FROM pg_constraint WHERE conrelid = %s::regclass AND contype = %s
            AND (contype <> 'f' OR condeferred)"""
    return {tuple(names.split(",")) for names in column(statement, table, kind)}


def references_of(model: type[models.Model]) -> set[tuple[str, ...]]:
    return {
        tuple(sorted((field.column, "world_id")))
        for field in model._meta.concrete_fields
        if isinstance(field, Reference)
    }


def column(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return {value for (value,) in cursor.fetchall()}


# lengths


def sources() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def functions() -> list[tuple[int, str]]:
    """Every function with its number of lines, from its `def`."""
    found = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append((lines, f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"))
    return found


def test_functions_are_short():
    lengths = sorted(functions())

    assert [place for lines, place in lengths if lines > LONGEST_FUNCTION] == []
    assert median(lines for lines, _ in lengths) <= USUAL_FUNCTION
    assert quantiles([lines for lines, _ in lengths], n=10)[-1] <= LONG_FUNCTION


def test_files_are_short():
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources()}

    assert [path for path, lines in lengths.items() if lines > LONGEST_FILE] == []


# the map


def said_of(app: str) -> str:
    """What CONTRIBUTING.md says of the folders of an app."""
    text = (settings.BASE_DIR / "CONTRIBUTING.md").read_text("utf-8")
    return re.split(rf"[Ii]n `{app}/`", text)[1].split("\n\n")[0]


@pytest.mark.parametrize("app", APPS)
def test_the_map_names_every_folder_of_modules_and_only_what_exists(app):
    home = settings.BASE_DIR / app
    of_django = {"migrations", "management"}
    folders = {each.parent.name for each in home.glob("*/*.py")} - of_django
    named = set(re.findall(r"`(\w+(?:/|\.py))`", said_of(app)))

    assert folders - {name.rstrip("/") for name in named} == set()
    assert [name for name in sorted(named) if not (home / name).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *DOCS])
def test_links_between_documents_lead_somewhere(page):
    file = settings.BASE_DIR / page
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", file.read_text("utf-8"))

    assert [link for link in links if not (file.parent / link).exists()] == []
