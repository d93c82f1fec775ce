"""A JSON schema as fields that people fill in.

Names of inputs are a prefix and the place of the value: `arg.status`, `arg.line_items.0.qty`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulation.forms.items import ITEMS
from simulation.tools import in_words

Schema = Mapping[str, Any]
DEEPEST = 8  # no value of a row is nested deeper; a schema that refers to itself ends here
_PLAIN = ("string", "integer", "number", "boolean")
_NUMBERS = ("integer", "number")
_LISTS = ("rows", "boxes", "lines", "values")
_DEEPER = ("group", "rows", "either")
TYPED = "x-typed"  # in a schema: a value of several types that people type as one text
_INSIDE_ROWS = ("select", "truth", "number", "text", "area", "moment", "day", "boxes", "lines")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value, or a member of one.

    kind: select, truth, number, text, area, moment, day, boxes, lines, group, rows or json; value
    is one of several types in one text, values are such ones, one a line; either is a plain value
    or a group.
    typed: what a text in a value is read as: any, text, number, date or, in values, items.
    plain: the kind of the plain value of either.
    starts_empty: a repeated group shows no row until one is asked for.
    takes_one: a list that may also be written as its only item.
    keeps_empty: an empty list or object is something else than none.
    is_number: it is, or its lines are.
    target: the entity type of the row that it names.
    """

    name: str
    label: str
    kind: str
    is_required: bool
    hint: str
    expects: str
    placeholder: str = ""
    choices: tuple[str, ...] = ()
    takes_one: bool = False
    keeps_empty: bool = False
    is_number: bool = False
    is_markdown: bool = False
    is_money: bool = False
    target: str = ""
    typed: str = ""
    plain: str = ""
    starts_empty: bool = False
    members: tuple["Field", ...] = ()

    @property
    def key(self) -> str:
        """Give the name of the value in the object that it is a member of."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a schema does not say of the values at a dotted path.

    target: gives the entity type of the row that a text there names, "" for none.
    is_deep: repeated groups may hold anything, and titles in the schema are labels.
    """

    target: Callable[[str], str]
    is_long: Callable[[str, Schema], bool]
    label: Callable[[str], str]
    keeps_empty: bool = False
    is_deep: bool = False


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a field stands: the name of its input, its path without the prefix."""

    name: str
    path: str
    is_required: bool

    def member(self, key: str, *, is_required: bool) -> "Place":
        path = f"{self.path}.{key}" if self.path else key
        return Place(name=f"{self.name}.{key}", path=path, is_required=is_required)


def members(schema: Schema, place: Place, traits: Traits) -> Iterator[Field]:
    """Give the fields of an object's members."""
    required = schema.get("required", ())
    for key, inside in schema.get("properties", {}).items():
        yield field(inside, place.member(key, is_required=key in required), traits)


def field(schema: Schema, place: Place, traits: Traits) -> Field:
    """Give the field of a value; its schema has no references left, see `inlined`."""
    opened, takes_one = _open(schema)
    kind = _kind(opened, place, traits)
    plain, group = _alternatives(opened) if kind == "either" else (opened, opened)
    is_list = kind in _LISTS and TYPED not in opened
    inside = _open(opened.get("items", {}))[0] if is_list else group
    return Field(
        name=place.name,
        label=_label(schema, place, traits),
        kind=kind,
        is_required=place.is_required,
        hint=str(schema.get("description", opened.get("description", ""))),
        expects=in_words(opened),
        placeholder=_placeholder(opened, kind),
        choices=tuple(map(str, _choices(plain if kind == "either" else inside))),
        takes_one=takes_one,
        keeps_empty=traits.keeps_empty,
        is_number=inside.get("type") in _NUMBERS,
        target=traits.target(place.path) if kind in ("text", "lines") else "",
        typed=str(inside.get(TYPED, "")),
        plain=_kind(plain, place, traits) if kind == "either" else "",
        starts_empty=traits.is_deep and "." in place.path,
        members=tuple(members(inside, place, traits)) if kind in _DEEPER else (),
    )


def _label(schema: Schema, place: Place, traits: Traits) -> str:
    title = schema.get("title") if traits.is_deep else None
    return str(title or traits.label(place.path))


def inlined(schema: Schema, known: Schema | None = None, depth: int = DEEPEST) -> Schema:
    """Put what a schema refers to where it is referred to."""
    known = schema.get("$defs", {}) if known is None else known
    if "$ref" in schema:
        if not depth:
            return {}
        return inlined(known[schema["$ref"].rsplit("/", 1)[1]], known, depth - 1)
    return {name: _inlined(part, known, depth) for name, part in schema.items() if name != "$defs"}


def _inlined(part: Any, known: Schema, depth: int) -> Any:
    if isinstance(part, Mapping):
        return inlined(part, known, depth)
    return [_inlined(each, known, depth) for each in part] if isinstance(part, list) else part


def example(schema: Schema) -> Any:
    """Make up a value of a schema."""
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example(schema.get("items", {}))]
    if schema.get("type") == "object":
        return _example_object(schema)
    return {"integer": 1, "number": 1.5, "boolean": True}.get(str(schema.get("type")), "…")


def _example_object(schema: Schema) -> dict[str, Any]:
    free = schema.get("additionalProperties")
    found = {name: example(inside) for name, inside in schema.get("properties", {}).items()}
    return found or ({"name": example(free)} if isinstance(free, Mapping) else {})


def _open(schema: Schema) -> tuple[Schema, bool]:
    """Leave absence out, and give the list of a value that is one thing or a list of them."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    lists = [option for option in options if option.get("type") == "array"]
    words = {"description": schema["description"]} if "description" in schema else {}
    if len(options) == 1:
        return _open({**options[0], **words})
    if options and all(option.get("type") in _NUMBERS for option in options):
        return {**options[0], **words, "type": "number"}, False
    if len(options) == 2 and len(lists) == 1:
        return {**lists[0], **words}, True
    return schema, False


def _choices(schema: Schema) -> tuple[Any, ...]:
    return (schema["const"],) if "const" in schema else tuple(schema.get("enum", ()))


def _kind(schema: Schema, place: Place, traits: Traits) -> str:
    if marked := _marked_kind(schema, traits):
        return marked
    match schema.get("type"):
        case "boolean":
            return "truth"
        case "integer" | "number":
            return "number"
        case "string":
            return _text_kind(schema, place, traits)
        case "array":
            return _list_kind(_open(schema.get("items", {}))[0], place, traits)
        case "object" if schema.get("properties"):
            return "group"
    return "json"


def _marked_kind(schema: Schema, traits: Traits) -> str:
    """Give the kind that is seen without looking at the type, "" when there is none."""
    if TYPED in schema:
        return "values" if schema[TYPED] == ITEMS else "value"
    if _choices(schema):
        return "select"
    return "either" if traits.is_deep and _is_either(schema) else ""


def _text_kind(schema: Schema, place: Place, traits: Traits) -> str:
    """Tell instants, texts of one line (ids and what is searched for) and longer ones."""
    if in_words(schema).startswith("an instant"):
        return "moment"
    if schema.get("format") == "date":
        return "day"
    return "area" if traits.is_long(place.path, schema) else "text"


def _list_kind(items: Schema, place: Place, traits: Traits) -> str:
    if TYPED in items:
        return "values"
    if _choices(items):
        return "boxes"
    if items.get("type") in ("string", *_NUMBERS):
        return "lines"
    inside = [*members(items, place, traits)]
    fits = traits.is_deep or all(each.kind in _INSIDE_ROWS for each in inside)
    return "rows" if inside and fits else "json"


def _is_either(schema: Schema) -> bool:
    options = schema.get("anyOf", ())
    return len(options) == 2 and sum("properties" in option for option in options) == 1


def _alternatives(schema: Schema) -> tuple[Schema, Schema]:
    """Give the plain value and the group that a value may be."""
    plain, group = sorted(schema["anyOf"], key=lambda option: "properties" in option)
    return plain, group


def _placeholder(schema: Schema, kind: str) -> str:
    if kind == "json":
        return json.dumps(example(schema), ensure_ascii=False)
    default = schema.get("default")
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)
