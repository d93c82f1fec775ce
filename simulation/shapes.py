"""Shapes: what stands at a place inside a value, read from the JSON schema of the value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulation.errors import InvalidArgument

Schema = Mapping[str, Any]
_KINDS = {"integer": "number", "number": "number", "boolean": "boolean", "object": "object"}
_FORMATS = {"date-time": "instant", "date": "day"}
IN_WORDS = {
    "text": "text",
    "number": "a number",
    "boolean": "true or false",
    "instant": "an instant",
    "day": "a date",
    "object": "an object",
    "any": "free-form",
}


@dataclass(frozen=True)
class Shape:
    """What stands somewhere.

    many: there may be several, because a list is on the way or stands there (is_list).
    choices: the only words that it may be.
    """

    kind: str
    many: bool = False
    choices: tuple[Any, ...] = ()
    is_list: bool = False

    @property
    def in_words(self) -> str:
        return f"a list of {self.kind}s" if self.is_list else IN_WORDS[self.kind]


def shape_at(schema: Schema, parts: Sequence[str]) -> Shape:
    """Descend by member names; a list on the way stands for each of its members.

    Raises InvalidArgument that names the members there are.
    """
    found, many, is_list = _descend(schema, parts)
    kind, choices = _kind_and_choices(found)
    return Shape(kind, many, choices, is_list)


def members_at(schema: Schema, parts: Sequence[str]) -> tuple[str, ...]:
    """Name the members of the objects at a place; none where something plain stands.

    Raises InvalidArgument that names the members there are.
    """
    found, _, _ = _descend(schema, parts)
    return tuple(dict.fromkeys(name for option in found for name in option.get("properties", {})))


def _descend(schema: Schema, parts: Sequence[str]) -> tuple[list[Schema], bool, bool]:
    """Give what may stand at a place, whether there may be several, and whether it is a list."""
    definitions = schema.get("$defs", {})
    found, is_list = _open([schema], definitions)
    many = is_list
    for part in parts:
        members = [_member(option, part) for option in found]
        inside = [member for member in members if member is not None]
        if not inside:
            raise InvalidArgument(f"there is no {part!r}; {_there_is(found)}")
        found, is_list = _open(inside, definitions)
        many = many or is_list
    return found, many, is_list


def _open(schemas: Sequence[Schema], definitions: Schema) -> tuple[list[Schema], bool]:
    """Give what a value may be once references, alternatives and lists are opened; and whether it
    is a list."""
    options: list[Schema] = []
    many = False
    waiting = list(schemas)
    while waiting:
        schema = waiting.pop(0)
        if "$ref" in schema:
            waiting.append(definitions[schema["$ref"].rsplit("/", 1)[1]])
        elif "anyOf" in schema:
            waiting.extend(schema["anyOf"])
        elif schema.get("type") == "array":
            many = True
            waiting.append(schema.get("items", {}))
        elif schema.get("type") != "null":
            options.append(schema)
    return options, many


def _member(schema: Schema, name: str) -> Schema | None:
    """Give the schema of a member; None when there cannot be one of that name."""
    properties: Mapping[str, Schema] = schema.get("properties", {})
    if name in properties:
        return properties[name]
    others = schema.get("additionalProperties", _kind(schema) == "any")
    if others is True:
        return {}
    return others or None


def _kind_and_choices(options: Sequence[Schema]) -> tuple[str, tuple[Any, ...]]:
    kinds = {_kind(option) for option in options}
    if len(kinds) != 1:
        return "any", ()
    choices = [tuple(_choices(option)) for option in options]
    known = tuple(choice for group in choices for choice in group) if all(choices) else ()
    return kinds.pop(), known


def _kind(schema: Schema) -> str:
    if schema.get("type") == "string":
        return _FORMATS.get(str(schema.get("format")), "text")
    return _KINDS.get(str(schema.get("type")), "any")


def _choices(schema: Schema) -> Iterator[Any]:
    if "const" in schema:
        yield schema["const"]
    yield from schema.get("enum", ())


def _there_is(options: Sequence[Schema]) -> str:
    names = sorted({name for option in options for name in option.get("properties", {})})
    return f"there is {', '.join(names)}" if names else "nothing is inside"
