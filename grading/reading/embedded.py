"""Embedded JSON: a text that is JSON, or that has JSON in fences.

What is nested too deeply is no JSON that anybody asked for, and whoever walks it may recurse."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from grading.reading.plain import LIMIT
from simulation.text import MAX_DEPTH

_FENCED = re.compile(r"(?:```|~~~)[ \t]*\w*[ \t]*\n(.*?)(?:```|~~~)", re.DOTALL)


class Embedded(NamedTuple):
    """A JSON value of a text. `is_all`: the text says nothing besides."""

    value: Any
    source: str
    is_all: bool


@lru_cache(maxsize=64)
def embedded_in(raw: str) -> tuple[Embedded, ...]:
    """Give the JSON values of a text: all of it, or each fenced part."""
    return tuple(_embedded(raw[: LIMIT + 1]))


def _embedded(raw: str) -> Iterator[Embedded]:
    if len(raw) > LIMIT:
        return
    text = raw.strip("\ufeff \t\r\n")
    yield from _read(text, is_all=True)
    if "```" not in text and "~~~" not in text:
        return
    parts = [found[1] for found in _FENCED.finditer(text)]
    is_all = len(parts) == 1 and bool(_FENCED.fullmatch(text))
    for part in parts:
        yield from _read(part.strip(), is_all=is_all)


def _read(text: str, *, is_all: bool) -> Iterator[Embedded]:
    if text[:1] not in ("[", "{"):
        return
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return
    if not is_deep(value):
        yield Embedded(value, text, is_all)


def is_deep(value: Any) -> bool:
    """Tell whether a JSON value is nested more deeply than values of the engine may be."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner for each in level if isinstance(each, dict | list) for inner in _inside(each)
        ]
        if not level:
            return False
    return True


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value
