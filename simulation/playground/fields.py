"""The form of a tool: its JSON schema as fields that people fill in.

Names of inputs are `arg.` and the place of the value: `arg.status`, `arg.line_items.0.qty`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simulation.environments import Environment
from simulation.tools import Tool, in_words

PREFIX = "arg"
Schema = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One argument, or a member of one.

    kind: select, truth, number, text, area, moment, boxes, lines, group, rows or json.
    takes_one: a list that may also be written as its only item.
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
    is_whole: bool = False
    target: str = ""
    members: tuple["Field", ...] = ()


@lru_cache(maxsize=512)
def form_of(tool: Tool, company: Environment) -> tuple[Field, ...]:
    """Give the form of a tool; ids are those of a company's rows."""
    return tuple(_members(tool.schema, PREFIX, tool, company))


def _members(schema: Schema, prefix: str, tool: Tool, company: Environment) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, inside in schema.get("properties", {}).items():
        yield _field(inside, f"{prefix}.{name}", name in required, tool, company)


def _field(schema: Schema, name: str, is_required: bool, tool: Tool, company: Environment) -> Field:
    opened, takes_one = _open(schema)
    kind = _kind(opened, tool)
    last = name.rpartition(".")[2]
    inside = opened.get("items", {}) if kind in ("rows", "boxes", "lines") else opened
    return Field(
        name=name,
        label=last.replace("_", " "),
        kind=kind,
        is_required=is_required,
        hint=str(schema.get("description", "")),
        expects=in_words(opened),
        placeholder=_placeholder(opened, kind),
        choices=tuple(map(str, inside.get("enum", ()))),
        takes_one=takes_one,
        is_whole=inside.get("type") == "integer",
        target=_target(last, company) if kind in ("text", "lines") else "",
        members=tuple(_members(inside, name, tool, company)) if kind in ("group", "rows") else (),
    )


def _open(schema: Schema) -> tuple[Schema, bool]:
    """Leave absence out, and give the list of a value that is one thing or a list of them."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    lists = [option for option in options if option.get("type") == "array"]
    words = {"description": schema["description"]} if "description" in schema else {}
    if len(options) == 1:
        return {**options[0], **words}, False
    if len(options) == 2 and len(lists) == 1:
        return {**lists[0], **words}, True
    return schema, False


def _kind(schema: Schema, tool: Tool) -> str:
    if "enum" in schema:
        return "select"
    match schema.get("type"):
        case "boolean":
            return "truth"
        case "integer" | "number":
            return "number"
        case "string":
            return _text_kind(schema, tool)
        case "array":
            return _list_kind(schema.get("items", {}))
        case "object" if schema.get("properties"):
            return "group"
    return "json"


def _text_kind(schema: Schema, tool: Tool) -> str:
    """Tell instants, texts of one line (ids and what is searched for) and longer ones."""
    if in_words(schema).startswith("an instant"):
        return "moment"
    return "area" if tool.writes and "maxLength" not in schema else "text"


def _list_kind(items: Schema) -> str:
    if "enum" in items:
        return "boxes"
    if items.get("type") in ("string", "integer", "number"):
        return "lines"
    members = [_open(member)[0] for member in items.get("properties", {}).values()]
    plain = ("string", "integer", "number", "boolean")
    is_flat = all("enum" in member or member.get("type") in plain for member in members)
    return "rows" if members and is_flat else "json"


def _placeholder(schema: Schema, kind: str) -> str:
    if kind == "json":
        return str(example(schema)).replace("'", '"')
    default = schema.get("default")
    return "" if default is None or kind == "truth" else str(default)


def example(schema: Schema) -> Any:
    """Make up a value of a schema."""
    if "anyOf" in schema:
        return example(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [example(schema.get("items", {}))]
    if schema.get("type") == "object":
        return {name: example(inside) for name, inside in schema.get("properties", {}).items()}
    return {"integer": 1, "number": 1.5, "boolean": True}.get(str(schema.get("type")), "…")


def _target(name: str, company: Environment) -> str:
    """Guess the entity type that an id names, by its words: `assigned_employee_id`."""
    noun, is_id, _ = name.removesuffix("s").rpartition("_id")
    if not is_id:
        return ""
    kinds = company.entity_types
    words: Sequence[str] = noun.split("_")
    tails = ["_".join(words[start:]) for start in range(len(words))]
    exact = (tail for tail in tails if tail in kinds)
    ends = (kind for kind in kinds if kind.endswith(f"_{words[-1]}"))
    return next(exact, None) or next(ends, "")
