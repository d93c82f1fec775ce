"""JSON schemas of authors, held to what is safe on hostile values: nothing is fetched, patterns
have a time limit, and no schema goes round in circles."""

from collections.abc import Iterator, Mapping
from typing import Any

import regex
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from grading.claims.patterns import timed_out
from grading.reading.embedded import is_deep
from simulation.operators import MATCH_SECONDS
from simulation.patterns import pattern_problem
from simulation.text import canonical

LONGEST = 20_000  # bytes of a schema
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFS = ("$ref", "$dynamicRef")
_REFUSED = {
    "$id": "leave it out: references are local, such as #/$defs/order",
    "$recursiveRef": "write $ref",
    "patternProperties": "write properties, or propertyNames with a pattern",
}
_SAMPLES: tuple[Any, ...] = (None, True, 0, "", [], {}, [[]], {"a": {}})
_LONGEST_REASON = 200


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, str):
        return
    try:
        found = regex.search(pattern, instance, timeout=MATCH_SECONDS)
    except TimeoutError:
        raise timed_out(pattern) from None
    if not found:
        yield ValidationError(f"{instance[:80]!r} does not match {pattern!r}")


def _unique(
    validator: Any, is_asked: bool, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    """Compare in linear time, where the library may compare each member with each other."""
    if is_asked and isinstance(instance, list):
        seen = set(map(canonical, instance))
        if len(seen) != len(instance):
            yield ValidationError("its members are not unique")


_Validator: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}
)


def make_validator(schema: Mapping[str, Any]) -> Any:
    return _Validator(dict(schema), registry=Registry())


def schema_problem(schema: Mapping[str, Any]) -> str:
    """Say why a schema cannot be used, "" when it can."""
    if is_deep(schema) or len(canonical(schema)) > LONGEST:
        return f"write at most {LONGEST:,} characters, nested less deeply"
    if schema.get("$schema", _DIALECT) != _DIALECT:
        return f"$schema: write {_DIALECT}, or nothing"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return f"{_place(error.path)}: {error.message[:_LONGEST_REASON]}"
    return next(_problems(schema), "") or _circle(schema)


def first_problem(validator: Any, value: Any) -> str:
    """Say where a value does not fit first, "" when it fits."""
    error = next(validator.iter_errors(value), None)
    if error is None:
        return ""
    message = str(error.message)
    shown = message if len(message) <= _LONGEST_REASON else f"{message[:_LONGEST_REASON]}…"
    return f"{_place(error.absolute_path)}: {shown}"


def _problems(schema: Mapping[str, Any]) -> Iterator[str]:
    registry: Registry[Any] = Registry()
    resource = DRAFT202012.create_resource(schema)
    resolver = registry.with_resource("", resource).resolver()
    for place, name, value in _members(schema, ""):
        if name in _REFUSED:
            yield f"{place}: {_REFUSED[name]}"
        elif name == "pattern" and isinstance(value, str):
            if problem := pattern_problem(value):
                yield f"{place}: {problem}"
        elif name in _REFS and isinstance(value, str):
            if not value.startswith("#"):
                yield f"{place}: {value} is not fetched; write a local reference such as #/$defs/x"
                return
            try:
                resolver.lookup(value)
            except Unresolvable:
                yield f"{place}: there is no {value} in the schema"


def _members(value: Any, place: str, *, is_schema: bool = True) -> Iterator[tuple[str, str, Any]]:
    """Give (place, keyword, value) of every keyword; names of properties are no keywords."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _members(item, f"{place}.{number}", is_schema=is_schema)
    elif isinstance(value, dict):
        for name, item in value.items():
            here = f"{place}.{name}".lstrip(".")
            if is_schema:
                yield here, name, item
            if not is_schema or name not in ("const", "enum", "default", "examples"):
                has_names = is_schema and name in ("properties", "$defs", "dependentSchemas")
                yield from _members(item, here, is_schema=not has_names)


def _circle(schema: Mapping[str, Any]) -> str:
    """Refuse a schema that refers to itself at the same place, as {"$ref": "#"} does."""
    validator = make_validator(schema)
    try:
        for sample in _SAMPLES:
            validator.is_valid(sample)
    except RecursionError:
        return "it refers to itself without an end"
    return ""


def _place(path: Any) -> str:
    return ".".join(map(str, path)) or "the value"
