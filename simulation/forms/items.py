"""Items of a list as lines: accepted spellings, then the values that stand with them.

    Ana Lima | ana-lima-10001 = ana@mail.example | 2

A line that begins as JSON is JSON; JSON that is no item, such as a query, stands for all items.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from simulation.forms.values import NUMBER, read_value, write_line, write_value

ITEMS = "items"
_TEXT = "text"
_ITEM, _BESIDE = "item", "beside"
_EQUALS = re.compile(r"\s=\s")


def read_items(text: str) -> Any:
    """Read one item a line. Raises ValueError for what begins as JSON and is none."""
    if text.strip()[:1] in ("{", "["):
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            whole = None
        if whole is not None:
            return [whole] if isinstance(whole, dict) and _ITEM in whole else whole
    return [_read_item(line.strip()) for line in text.split("\n") if line.strip()]


def write_items(value: Any) -> str:
    if isinstance(value, Mapping):
        return write_value(dict(value), _TEXT)
    return "\n".join(map(_write_item, value if isinstance(value, list) else [value]))


def _read_item(line: str) -> Any:
    if line[:1] in ("{", "["):
        return read_value(line, _TEXT)
    own, *rest = _EQUALS.split(line, maxsplit=1)
    spellings = [read_value(part, _TEXT) for part in own.split("|")]
    item = spellings[0] if len(spellings) == 1 else spellings
    if not rest:
        return item
    return {_ITEM: item, _BESIDE: [read_value(part, NUMBER) for part in rest[0].split("|")]}


def _write_item(item: Any) -> str:
    exact = json.dumps(item, ensure_ascii=False)
    try:
        plain = _plain(item)
        is_same = json.dumps(_read_item(plain), sort_keys=True) == json.dumps(item, sort_keys=True)
    except (TypeError, ValueError):
        return exact
    return plain if is_same and "\n" not in plain and plain.strip() == plain != "" else exact


def _plain(item: Any) -> str:
    if isinstance(item, Mapping):
        values = [write_line(value, NUMBER) for value in item.get(_BESIDE, ())]
        return f"{_plain(item.get(_ITEM))} = {' | '.join(values)}"
    spellings = item if isinstance(item, list) else [item]
    return " | ".join(write_line(spelling, _TEXT) for spelling in spellings)
