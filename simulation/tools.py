"""Tools: typed functions under a decorator. Schema, validation, forms and docs come from it.

    @tool(writes=False)
    def search_orders(world: WorldState, *, customer_id: Id | None = None) -> list[Row]:
        \"\"\"Find orders, newest first.

        customer_id: whose orders.
        \"\"\"

The wire name is the camelCase of the function's, parameters keep their snake_case; both spellings
are accepted.
"""

import hashlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from django.db.models import Choices
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.alias_generators import to_camel, to_snake

from simulation.entities import shorten
from simulation.errors import InvalidArgument
from simulation.text import canonical

if TYPE_CHECKING:
    from simulation.state import WorldState

MCP_PREFIX = "mcp__"
Limit = Annotated[int, Field(ge=1, description="how many rows at most")]


@dataclass(frozen=True)
class AlsoNamed:
    """Further spellings that a parameter is accepted under."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Tool:
    """One thing that an agent can do in a world."""

    name: str
    function: Callable[..., Any]
    writes: bool
    toolsets: tuple[str, ...]

    @cached_property
    def description(self) -> str:
        return _documentation(self.function)[0]

    @cached_property
    def parameters(self) -> type[BaseModel]:
        return _parameter_model(self.name, self.function)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Give the JSON schema of the arguments, as agents see it."""
        schema = _inline(self.parameters.model_json_schema())
        schema["additionalProperties"] = False
        schema.setdefault("properties", {})
        schema.pop("description", None)
        return dict(schema)

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Give the parameter's name by every spelling that is accepted."""
        names = {to_camel(name): name for name in self.parameters.model_fields}
        for name, field in self.parameters.model_fields.items():
            also = [mark for mark in field.metadata if isinstance(mark, AlsoNamed)]
            names |= {spelling: name for mark in also for spelling in mark.names}
            names[name] = name
        return names

    def check(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Give keyword arguments for the function.

        Raises InvalidArgument that names the argument and what is allowed. A null argument is an
        absent one.
        """
        named: dict[str, Any] = {}
        for spelling, value in arguments.items():
            name = self.spellings.get(spelling)
            if name is None:
                raise InvalidArgument(self._unknown(spelling), field=spelling)
            if name in named and value is not None:
                raise InvalidArgument(f"{name} is given twice, also as {spelling}", field=name)
            if value is not None:
                named[name] = value
        try:
            checked = self.parameters.model_validate(named, strict=True)
        except ValidationError as error:
            raise self._refusal(error, named) from None
        return {name: getattr(checked, name) for name in checked.model_fields_set}

    def call(self, world: "WorldState", arguments: Mapping[str, Any]) -> Any:
        return self.function(world, **self.check(arguments))

    def _unknown(self, spelling: str) -> str:
        takes = ", ".join(self.parameters.model_fields) or "no arguments"
        return f"{self.name} has no argument {spelling!r}; it takes {takes}"

    def _refusal(self, error: ValidationError, named: Mapping[str, Any]) -> InvalidArgument:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "missing" and len(first["loc"]) == 1:
            return InvalidArgument(f"{name} is required: {self._expects(name)}", field=name)
        path = [str(part) for part in first["loc"] if not _is_branch(part)]
        place = f"{'.'.join(path)}: " if len(path) > 1 else ""
        shown = f"; {place}{_reason(first)}" if place or first["type"] in _SAY_MORE else ""
        return InvalidArgument(
            f"{name}: expected {self._expects(name)}, got {shorten(named.get(name))}{shown}",
            field=".".join(path),
        )

    def _expects(self, name: str) -> str:
        return in_words(self.schema["properties"][name])


def tool(
    *, writes: bool, toolsets: tuple[str, ...] = ("default",)
) -> Callable[[Callable[..., Any]], Tool]:
    """Make a tool of a function of the world and keyword-only arguments."""

    def make(function: Callable[..., Any]) -> Tool:
        return Tool(
            name=to_camel(function.__name__), function=function, writes=writes, toolsets=toolsets
        )

    return make


def find_tool(tools: Mapping[str, Tool], name: str) -> Tool | None:
    """Look a tool up by its wire name or its snake_case spelling.

    MCP clients put their server in front: `mcp__store__updateSale`.
    """
    own = name.rpartition("__")[2] if name.startswith(MCP_PREFIX) else name
    return tools.get(own) or tools.get(to_camel(to_snake(own)))


def tool_definitions(tools: Mapping[str, Tool]) -> list[dict[str, Any]]:
    """Give the tools as agents see them: name, description, inputSchema (the form of MCP)."""
    return [
        {"name": tool.name, "description": tool.description, "inputSchema": tool.schema}
        for tool in sorted(tools.values(), key=lambda tool: tool.name)
    ]


def function_definitions(tools: Mapping[str, Tool]) -> list[dict[str, Any]]:
    """Give the tools in the form of chat models: functions with name, description, parameters."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool["name"],
                "description": tool["description"],
                "parameters": tool["inputSchema"],
            },
        }
        for tool in tool_definitions(tools)
    ]


def definitions_document(tools: Mapping[str, Tool]) -> bytes:
    """Give the tools as agents see them in canonical bytes: a bundle's mcp-tools.json."""
    return canonical(tool_definitions(tools))


def definitions_hash(tools: Mapping[str, Tool], sources: bytes) -> str:
    """Hash what decides the result of a call: the definitions and the code behind them."""
    return hashlib.sha256(definitions_document(tools) + sources).hexdigest()


def in_words(schema: Mapping[str, Any]) -> str:
    """Say what a schema takes: "one of paid, refunded, or a list of them"."""
    if "anyOf" in schema:
        return _choice_in_words(schema["anyOf"])
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if "const" in schema:
        return repr(schema["const"])
    if schema.get("type") == "array":
        return f"a list of ({in_words(schema.get('items', {}))})"
    return _SCALARS.get(str(schema.get("type")), _text_in_words)(schema)


def _choice_in_words(options: Sequence[Mapping[str, Any]]) -> str:
    if len(options) == 2 and options[1].get("items") == options[0]:
        return f"{in_words(options[0])}, or a list of them"
    return " or ".join(map(in_words, options))


def _text_in_words(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "an instant such as 2025-09-15T19:00:00Z"
    if schema.get("format") == "date":
        return "a date such as 2025-09-15"
    if "inclusive" in str(schema.get("description")):
        return "an instant such as 2025-09-15T19:00:00Z or a date such as 2025-09-15"
    return "a non-empty string" if schema.get("minLength") else "a string"


def _number_in_words(schema: Mapping[str, Any]) -> str:
    noun = "a whole number" if schema["type"] == "integer" else "a number"
    low, high = schema.get("minimum"), schema.get("maximum")
    above = schema.get("exclusiveMinimum")
    bounds = [
        f"of {low} or more" if low is not None else "",
        f"above {above}" if above is not None else "",
        f"up to {high}" if high is not None else "",
    ]
    return " ".join([noun, *filter(None, bounds)])


def _object_in_words(schema: Mapping[str, Any]) -> str:
    return f"an object with {', '.join(schema.get('properties', {})) or 'any members'}"


_SCALARS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "integer": _number_in_words,
    "number": _number_in_words,
    "boolean": lambda _: "true or false",
    "object": _object_in_words,
}

_SAY_MORE = ("string_too_long", "value_error")  # reasons that the expectation does not name


def _parameter_model(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    texts = _documentation(function)[1]
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind is not parameter.KEYWORD_ONLY:
            raise TypeError(f"{function.__name__}: {parameter.name} must be keyword-only")
        default = ... if parameter.default is parameter.empty else parameter.default
        described = _describe(hints[parameter.name], texts.get(parameter.name, ""))
        fields[parameter.name] = (described, default)
    return create_model(name, __config__=ConfigDict(extra="forbid", strict=True), **fields)


def _describe(annotation: Any, text: str) -> Any:
    """Join the docstring's words on a parameter with those of its type."""
    wire = _wire(annotation)
    inherited = next(
        (mark.description for mark in getattr(wire, "__metadata__", ()) if _has_text(mark)), ""
    )
    words = "; ".join(part for part in (text, inherited) if part)
    return Annotated[wire, Field(description=words)] if words else wire


def _has_text(mark: Any) -> bool:
    return bool(getattr(mark, "description", None))


def _wire(annotation: Any) -> Any:
    """Rewrite an annotation as agents see it: enums by value, None as absence."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_wire(arguments[0]), *arguments[1:])]
    if origin in (Union, UnionType):
        kept = tuple(_wire(argument) for argument in arguments if argument is not NoneType)
        return Union[kept]  # noqa: UP007  made of a tuple
    if origin is list:
        return list[_wire(arguments[0])]  # type: ignore[misc]
    if isinstance(annotation, type) and issubclass(annotation, Choices):
        return Literal[tuple(annotation.values)]
    return annotation


def _documentation(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    """Split a docstring into the description and the texts of the parameters."""
    lines = inspect.cleandoc(function.__doc__ or "").splitlines()
    names = set(inspect.signature(function).parameters)
    texts: dict[str, str] = {}
    description: list[str] = []
    current = ""
    for line in lines:
        found = re.match(r"(\w+): (.+)", line)
        if found and found[1] in names:
            current, texts[found[1]] = found[1], found[2]
        elif current and line.startswith("    "):
            texts[current] += f" {line.strip()}"
        else:
            current = ""
            description.append(line)
    return " ".join(" ".join(description).split()), texts


def _inline(schema: Any, definitions: Mapping[str, Any] | None = None) -> Any:
    """Put shared definitions where they are used and drop generated titles and null defaults."""
    if isinstance(schema, list):
        return [_inline(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    definitions = schema.get("$defs", definitions) or {}
    if "$ref" in schema:
        return _inline(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    inlined: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            inlined[key] = {name: _inline(item, definitions) for name, item in value.items()}
        elif key not in {"$defs", "title"} and not (key == "default" and value is None):
            inlined[key] = _inline(value, definitions)
    return inlined


def _is_branch(part: Any) -> bool:
    """Tell whether a part of an error's place names the branch of a union, not a member."""
    return isinstance(part, str) and not part.isidentifier()


def _reason(error: Any) -> str:
    return str(error["msg"]).removeprefix("Value error, ")
