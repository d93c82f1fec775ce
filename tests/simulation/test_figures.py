"""Counting a world, and listing a company's tools."""

import hashlib
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from simulation import worlds
from simulation.environments import environment, slugs
from simulation.text import canonical
from simulation.tools import definitions_document, tool_definitions
from tests.factories import LAMP, make_draft, make_world

# world_stats


@pytest.mark.django_db
def test_a_world_is_counted_by_type_with_the_rows_after_the_clock(capsys):
    world = make_world(slug="store")

    call_command("world_stats", "store@1", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "entities": 6,
        "entity_types": 2,
        "per_type": {"item": 2, "sale": 4},
        "tools_default": 3,
        "tools": 3,
        "content_hash": world.content_hash,
    }


@pytest.mark.django_db
def test_types_without_rows_do_not_count_and_a_draft_has_the_hash_that_it_would_get(capsys):
    draft = make_draft(slug="store")
    worlds.import_entities(draft, {"item": {"lamp": LAMP}})

    call_command("world_stats", "store", "--json")
    stats = json.loads(capsys.readouterr().out)

    assert (stats["entity_types"], stats["per_type"]) == (1, {"item": 1})
    assert stats["content_hash"] == worlds.publish_world(draft).content_hash


@pytest.mark.django_db
def test_the_table_shows_the_same(capsys):
    world = make_world(slug="store")

    call_command("world_stats", "store")
    out = capsys.readouterr().out

    assert "store@1" in out
    assert "2 types" in out
    assert "3 tools, 3 of them by default" in out
    assert world.content_hash in out


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nowhere", "store@9", "store@x"])
def test_a_world_that_is_not_there_is_named(name):
    make_world(slug="store")

    with pytest.raises(CommandError):
        call_command("world_stats", name)


@pytest.mark.django_db
def test_the_newest_version_is_meant_when_none_is_named():
    owner = make_world(slug="store").owner
    newest = make_draft(owner, slug="store", version=2)

    assert worlds.find_world("store", drafts=True) == newest
    assert worlds.find_world("store").version == 1


# tools


@pytest.mark.parametrize("company", slugs())
@pytest.mark.parametrize("toolset", ["default", "all"])
def test_the_schemas_are_the_bytes_of_a_bundle_and_nothing_else(company, toolset, capsysbinary):
    call_command("tools", company, "--json", "--toolset", toolset)
    tools = environment(company).toolsets[toolset]

    written = capsysbinary.readouterr().out
    assert written == definitions_document(tools) == canonical(tool_definitions(tools))
    assert [each["name"] for each in json.loads(written)] == sorted(tools)


def test_the_usual_company_and_toolset_are_taken_when_none_is_named(capsysbinary):
    call_command("tools", "--json")

    usual = environment("corecraft").toolsets["default"]
    assert capsysbinary.readouterr().out == definitions_document(usual)


def test_the_hash_of_tools_is_taken_over_the_same_bytes():
    company = environment("mock_store")
    document = definitions_document(company.toolsets["default"])

    hashed = hashlib.sha256(document + company._sources).hexdigest()
    assert company.tools_hash("default") == hashed


def test_the_list_says_what_each_tool_takes(capsys):
    call_command("tools", "mock_store")
    out = capsys.readouterr().out

    assert out.startswith("mock_store: toolset default, 3 tools\n")
    assert "sell (writes)\n  Sell so many of an item and take them off the shelf.\n" in out
    assert "    qty = 1  a whole number of 1 or more\n" in out
    assert "    buyer*  a non-empty string\n" in out
    assert out.count("(reads)") + out.count("(writes)") == 3
    assert all(len(line) <= 100 for line in out.splitlines())


def test_every_tool_of_the_company_is_in_the_list_once(capsys):
    call_command("tools", "corecraft")
    lines = capsys.readouterr().out.splitlines()

    listed = [line.split(" ")[0] for line in lines if line.endswith(("(reads)", "(writes)"))]
    assert sorted(listed) == sorted(environment("corecraft").tools)


def test_an_unknown_toolset_is_named():
    with pytest.raises(CommandError, match="'nope': mock_store has all, default"):
        call_command("tools", "mock_store", "--toolset", "nope")
