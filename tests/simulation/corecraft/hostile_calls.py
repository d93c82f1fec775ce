"""Calls of a tool, made from its JSON schema: as it wants them, nearly so, and hostile ones."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st
from pydantic.alias_generators import to_camel

from simulation.text import MAX_ARGUMENTS
from simulation.tools import Tool

from .rich_world import Scene, anchors, names, rich_snapshot, scene, words

Draw = Callable[[st.SearchStrategy[Any]], Any]
Schema = Mapping[str, Any]
NOT_SAID_BY_NAME = {"component": "product", "resolved_by": "employee", "author": "employee"}
HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    chr(0xD800),
    "a" + chr(0xDFFF),
    chr(0xD83D) + chr(0xDE00),
    "\u202e\u2066gpj.exe",
    "שלום \u200f",
    "👩‍👩‍👧‍👦" * 50,
    "Z\u0300\u0301\u0302" * 200,
    "ß",
    "\r\n\t\x0b\x1b[31m",
    "'; DROP TABLE corecraft_order; --",
    "1 OR 1=1",
    "<script>alert(1)</script>{{ x }}{% y %}",
    "%s %(name)s {0} {prompt} ${x}",
    "../../etc/passwd",
    "x" * 301,
    "x" * 10_000,
    "x" * 100_001,
    "__class__",
    "null",
    "2025-09-15T19:00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00:00+14:00",
    "٣",
]
RAW = [
    "",
    "null",
    "[]",
    "{",
    '{"NAME": NaN}',
    '{"NAME": -Infinity}',
    '{"NAME": 1e999}',
    '{"NAME": -0.0}',
    '{"NAME": ' + "9" * 5000 + "}",
    '{"NAME": ' + '{"a": ' * 40 + "1" + "}" * 41,
    "[" * 100_000,
    '{"NAME": "' + "x" * MAX_ARGUMENTS + '"}',
    '{"NAME": "\\ud800", "NAME": "\\u0000"}',
    '{"\\u0000": 1}',
    '{"NAME": "a\x00b"}',
    '{"self": 1, "world": 2, "NAME": 3}',
]
DATES = ["2025-08-01", "2024-11-30T23:59:59Z", "2025-09-15T21:00:00+02:00", "2025-02-30", "soon"]
NUMBERS = [0, 1, 2, 3, 5, 0.01, 9.99, 100.0, 10_000, -1, 0.005, 1e9, 2**31, 2**63 - 1, 2**63, 1e300]

ONE_IN_FOUR, ONE_IN_TEN, ONE_IN_TWENTY = ([True] + [False] * n for n in (3, 9, 19))
NEAREST = [0] * 8 + [1, 2]
bits = st.integers(0, 2**24 - 1)  # for each parameter
small = st.sampled_from([1, 1, 1, 2, 3, 10])
cents = st.integers(1, 50_000).map(lambda amount: amount / 100)
numbers = st.sampled_from(NUMBERS)
any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
texts = st.sampled_from(HOSTILE) | any_text
garbage = st.recursive(
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=5,
)


@st.composite
def calls_of(draw: Draw, tool: Tool) -> str:
    """Make the arguments of one call, as the text that an agent sends."""
    manner = draw(st.sampled_from(["fitting"] * 7 + ["broken"] * 2 + ["raw"]))
    spelled = [*tool.schema["properties"], "unknown"]
    if manner == "raw":
        return str(draw(st.sampled_from(RAW))).replace("NAME", _one(draw, spelled))
    arguments = _fitting(draw, tool.schema, scene(_one(draw, _anchors(tool))))
    if manner == "broken":
        arguments[_one(draw, spelled)] = draw(garbage)
    return json.dumps(_spelled(draw, arguments), ensure_ascii=draw(st.booleans()))


@cache
def _anchors(tool: Tool) -> Sequence[tuple[str, str]]:
    """Give the rows that calls start from: all kinds, those that the arguments name more often."""
    kinds = {kind for name in tool.schema["properties"] for kind in _kinds(name)}
    return [*anchors(), *(anchor for anchor in anchors() if anchor[0] in kinds)]


@cache
def _kinds(name: str) -> Sequence[str]:
    """Give the entity types that a name such as ticket_id or product_ids can speak of."""
    role = name.removesuffix("s").removesuffix("_id")
    noun = NOT_SAID_BY_NAME.get(role, role.split("_")[-1])
    return [kind for kind in rich_snapshot().company.entity_types if kind.split("_")[-1] == noun]


def _spelled(draw: Draw, arguments: dict[str, Any]) -> dict[str, Any]:
    """Write all names in camelCase now and then."""
    is_camel = _one(draw, ONE_IN_FOUR)
    return {to_camel(name) if is_camel else name: value for name, value in arguments.items()}


def _fitting(draw: Draw, schema: Schema, here: Scene) -> dict[str, Any]:
    """Give an object with all that is required and some of the rest: half where nothing is."""
    required, wanted = schema.get("required", ()), draw(bits)
    chosen = 3 if required else 1
    return {
        name: _value(draw, name, part, here)
        for place, (name, part) in enumerate(schema["properties"].items())
        if name in required or (wanted >> place) & chosen == chosen
    }


def _value(draw: Draw, name: str, schema: Schema, here: Scene) -> Any:
    if "anyOf" in schema:
        return _value(draw, name, _one(draw, schema["anyOf"]), here)
    if "enum" in schema:
        return _one(draw, schema["enum"])
    return _KINDS[schema["type"]](draw, name, schema, here)


def _list(draw: Draw, name: str, schema: Schema, here: Scene) -> list[Any]:
    length = _one(draw, [schema.get("minItems", 0), 1, 1, 2, 3])
    return [_value(draw, name.removesuffix("s"), schema["items"], here) for _ in range(length)]


def _text(draw: Draw, name: str, schema: Schema, here: Scene) -> str:
    if name.endswith("_id"):
        return _id(draw, _kinds(name), here)
    if name.endswith(("_after", "_before", "date")):
        return str(_one(draw, DATES))
    known = _known_words(name) if not _one(draw, ONE_IN_FOUR) else ()
    return str(_one(draw, known)) if known else str(draw(texts))


def _known_words(name: str) -> Sequence[str]:
    """Give what could be meant: texts of fields named so, and names of rows of that noun."""
    known = [*words(to_camel(name)), *words(name.split("_")[-1])]
    return known + [word for kind in _kinds(name) for word in names(kind)]


def _id(draw: Draw, kinds: Sequence[str], here: Scene) -> str:
    """Give an id of one of these types that belongs to the scene; now and then another one."""
    near = [key for kind in kinds for key in here.get(kind, ())]
    luck = not _one(draw, ONE_IN_TWENTY)
    if near and luck:  # the nearest of each type belong together
        return str(near[_one(draw, NEAREST) % len(near)])
    everywhere = [key for kind in kinds for key in rich_snapshot().rows(kind)]
    if everywhere and luck:
        return str(_one(draw, everywhere))
    return str(_one(draw, ["ord-250915-001", "ghost", "future", *HOSTILE]))


def _number(draw: Draw, name: str, schema: Schema, here: Scene) -> Any:
    """Give a number that is small and allowed, as a rule."""
    if _one(draw, ONE_IN_TEN):
        return draw(numbers)
    return draw(small if schema["type"] == "integer" else cents)


_KINDS: Mapping[str, Callable[..., Any]] = {
    "array": _list,
    "boolean": lambda draw, *_: draw(st.booleans()),
    "integer": _number,
    "null": lambda *_: None,
    "number": _number,
    "object": lambda draw, name, schema, here: _fitting(draw, schema, here),
    "string": _text,
}


def _one(draw: Draw, among: Sequence[Any]) -> Any:
    return draw(st.sampled_from(among))
