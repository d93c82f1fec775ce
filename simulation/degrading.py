"""Poorer descriptions of tools: what an agent is told of them, with words left out."""

import re
from collections.abc import Mapping
from typing import Any

_FIRST = re.compile(r".+?[.!?](?=\s+[A-Z(\"]|\s*$)", re.DOTALL)
_SCHEMAS = ("inputSchema", "parameters")
_BY_NAME = ("properties", "$defs", "patternProperties")  # their keys are names, not keywords


def degraded(
    definition: Mapping[str, Any], descriptions: str, argument_descriptions: bool
) -> dict[str, Any]:
    """Give one tool's definition with words left out, in the form that it has.

    descriptions: "full", "first_sentence" or "none".
    """
    if "function" in definition:
        inner = degraded(definition["function"], descriptions, argument_descriptions)
        return {**definition, "function": inner}
    made = {**definition, "description": _shorter(definition.get("description", ""), descriptions)}
    if not argument_descriptions:
        made |= {name: _wordless(made[name]) for name in _SCHEMAS if name in made}
    return made


def _shorter(text: str, descriptions: str) -> str:
    if descriptions == "full":
        return text
    first = _FIRST.match(text) if descriptions == "first_sentence" else None
    return first[0] if first else (text if descriptions == "first_sentence" else "")


def _wordless(schema: Any) -> Any:
    """Leave out the descriptions of a JSON schema; a property may be named so."""
    if isinstance(schema, list):
        return [_wordless(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    made = {}
    for key, value in schema.items():
        if key in _BY_NAME and isinstance(value, Mapping):
            made[key] = {name: _wordless(each) for name, each in value.items()}
        elif key in ("default", "enum", "const", "examples"):
            made[key] = value
        elif key != "description":
            made[key] = _wordless(value)
    return made
