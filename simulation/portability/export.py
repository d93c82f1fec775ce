"""A world as files: a pure function of its document, the same bytes every time."""

from collections.abc import Mapping
from typing import Any

import orjson

from simulation.errors import NotFound
from simulation.models import World
from simulation.portability.archive import write_archive
from simulation.portability.files import ENTITIES
from simulation.portability.problems import NOISE_FILE, WORLD_FILE
from simulation.portability.prompts import prompt_path
from simulation.worlds import find_world, world_document, world_head

_FORM = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def export_files(world: World, *, with_manifest: bool = True) -> dict[str, bytes]:
    """Give the files of a published world or of a draft as it stands.

    with_manifest: what is untidy on purpose gives tasks away, so not everybody gets it.
    Raises InvalidArgument for a prompt whose name cannot be a file's.
    """
    document = world_document(world)
    files = _head_files(world, document)
    files |= {f"{ENTITIES}/{name}.json": _json(rows) for name, rows in document["entities"].items()}
    if world.manifest and with_manifest:
        files[NOISE_FILE] = _json(world.manifest)
    return dict(sorted(files.items()))


def head_files(world: World) -> dict[str, bytes]:
    """Give of the same files those that say what the world is: they need none of its rows."""
    return _head_files(world, world_head(world))


def export_archive(world: World, *, with_manifest: bool = True) -> bytes:
    return write_archive(export_files(world, with_manifest=with_manifest))


def archive_name(world: World) -> str:
    return f"{world.slug}-{world.version}.zip"


def named_world(name: str) -> World:
    """Find a world to export: SLUG is the newest published version, SLUG@VERSION any version."""
    slug, _, version = name.partition("@")
    if not version.isdecimal():
        return find_world(name)
    world = World.objects.filter(slug=slug, version=int(version)).first()
    if world is None:
        raise NotFound(f"there is no world {name!r}")
    return world


def _head_files(world: World, document: Mapping[str, Any]) -> dict[str, bytes]:
    prompts: Mapping[str, str] = document["systemPrompts"]
    files = {prompt_path(name): text.encode() for name, text in prompts.items()}
    return {**files, WORLD_FILE: _json(_members(world, document))}


def _members(world: World, document: Mapping[str, Any]) -> dict[str, Any]:
    members = {
        "slug": world.slug,
        "version": world.version,
        "title": world.title,
        "environment": document["environment"],
        "now": document["now"],
        "agentEmployeeId": document["agentEmployeeId"],
        "systemPrompts": sorted(document["systemPrompts"]),
    }
    return {name: value for name, value in members.items() if value != ""}


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=_FORM)
