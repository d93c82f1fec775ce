"""The paths that a list offers as columns and filters, read from the schema of the company."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simulation.entities import EntityField
from simulation.environments import Environment
from simulation.errors import InvalidArgument
from simulation.paths import read_path, reference_at
from simulation.shapes import Shape
from simulation.titles import is_long, path_label

OWN, INSIDE, BEYOND = "its own", "inside", "of what it refers to"
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Offered:
    """A path with what stands there.

    where: whether it is a field of the row, a member inside of one, or a field of a row that the
    row refers to. target: the type of the rows that it refers to.
    """

    path: str
    label: str
    where: str
    shape: Shape
    target: str | None = None
    is_long: bool = False


@lru_cache(maxsize=512)
def offered(company: Environment, entity_type: str) -> tuple[Offered, ...]:
    """Give every path of a type that people may want to see or to filter by."""
    kind = company.entity_types[entity_type]
    found = [_offer(company, entity_type, name, OWN) for name in kind.fields]
    for field in kind.fields.values():
        found += [
            _offer(company, entity_type, f"{field.name}.{inner}", INSIDE)
            for inner in _members(field)
        ]
    for field in kind.fields.values():
        if field.target:
            others = company.entity_types[field.target].fields.values()
            found += [
                _offer(company, entity_type, f"{field.name}.{other.name}", BEYOND)
                for other in others
                if other.name != "id" and not _is_structured(other)
            ]
    return tuple(found)


@lru_cache(maxsize=4096)
def offer(company: Environment, entity_type: str, path: str) -> Offered:
    """Give one path, offered or not. Raises InvalidArgument for one that there is not."""
    known = {each.path: each for each in offered(company, entity_type)}
    return known.get(path) or _offer(company, entity_type, path, BEYOND)


@lru_cache(maxsize=512)
def places(company: Environment, entity_type: str) -> Mapping[str, int]:
    """Give the place of every path inside the fields of a type: snapshots sort by name, the schema
    says in which order people expect the members."""
    found: dict[str, int] = {}
    for each in offered(company, entity_type):
        parts = each.path.split(".") if each.where == INSIDE else []
        for length in range(1, len(parts) + 1):
            found.setdefault(".".join(parts[:length]), len(found))
    return found


def is_path(company: Environment, entity_type: str, path: str) -> bool:
    try:
        read_path(company, entity_type, path)
    except InvalidArgument:
        return False
    return True


def _offer(company: Environment, entity_type: str, path: str, where: str) -> Offered:
    kind = company.entity_types[entity_type]
    return Offered(
        path=path,
        label=path_label(path),
        where=where,
        shape=read_path(company, entity_type, path).shape,
        target=reference_at(company, entity_type, path),
        is_long=path in kind.fields and is_long(kind, path),
    )


def _is_structured(field: EntityField) -> bool:
    return field.adapter.json_schema().get("type") in ("array", "object") or any(
        "$ref" in option for option in field.adapter.json_schema().get("anyOf", ())
    )


def _members(field: EntityField) -> Iterator[str]:
    """Give the dotted names of all scalar members inside a field."""
    schema = field.adapter.json_schema()
    yield from _descend(schema, schema.get("$defs", {}), DEEPEST)


def _descend(schema: Mapping[str, Any], known: Mapping[str, Any], deep: int) -> Iterator[str]:
    for option in _options(schema, known):
        for name, member in option.get("properties", {}).items():
            inner = [*_descend(member, known, deep - 1)] if deep else []
            yield from (f"{name}.{path}" for path in inner)
            if not inner:
                yield name


def _options(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$ref" in schema:
        yield from _options(known[schema["$ref"].rsplit("/", 1)[1]], known)
    elif "anyOf" in schema:
        for option in schema["anyOf"]:
            yield from _options(option, known)
    elif schema.get("type") == "array":
        yield from _options(schema.get("items", {}), known)
    else:
        yield schema
