"""A draft's content as a JSON document, and the parts of it by their path.

A path is a field ("prompt"), or one item of a list: "rubric/KEY" is the criterion of that key,
"setup/N", "reference/N" and "near_misses/N" count from 1. An item that is not there is None; to
write None removes it, to write behind the last one adds it.
"""

import hashlib
import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from authoring.content import DraftContent
from simulation.errors import InvalidArgument
from simulation.text import canonical

Document = dict[str, Any]
LISTS = ("setup", "reference", "near_misses")
FIELDS = frozenset(DraftContent.model_fields)
MAX_KEY = 80


def blank_document(*, title: str, category: str, world: str, system_prompt: str) -> Document:
    """Begin a task: its name, its world, and nothing else."""
    content = DraftContent.model_validate(
        {"title": title, "category": category, "world": world, "system_prompt": system_prompt}
    )
    return content.model_dump(mode="json")


def fingerprint(value: Any) -> str:
    """Name the state of a part: what a form carries to say which one it changes."""
    return hashlib.sha256(canonical(value)).hexdigest()[:16]


def read_part(document: Mapping[str, Any], path: str) -> Any:
    """Give a part of a document; None for an item that is not there.

    Raises InvalidArgument for a path of no part.
    """
    name, item = _split(path)
    if not item:
        return document[name]
    if name == "rubric":
        criteria = document["rubric"]["criteria"]
        return next((each for each in criteria if each["key"] == item), None)
    items, place = document[name], int(item) - 1
    return items[place] if place < len(items) else None


def with_part(document: Mapping[str, Any], path: str, value: Any) -> Document:
    """Copy a document with one part changed. Raises InvalidArgument for a path of no part."""
    name, item = _split(path)
    changed = deepcopy(dict(document))
    if not item:
        changed[name] = value
    elif name == "rubric":
        _put_criterion(changed["rubric"]["criteria"], item, value)
    else:
        _put(changed[name], int(item) - 1, value)
    return changed


def new_key(document: Mapping[str, Any], text: str) -> str:
    """Make a key for a new criterion of its first words; the rubric has none like it."""
    words = re.findall(r"[a-z0-9]+", text.lower())[:6]
    stem = "-".join(words)[: MAX_KEY - 4].strip("-") or "criterion"
    known = {each["key"] for each in document["rubric"]["criteria"]}
    tries = [stem, *(f"{stem}-{number}" for number in range(2, len(known) + 3))]
    return next(key for key in tries if key not in known)


def _split(path: str) -> tuple[str, str]:
    name, slash, item = path.partition("/")
    is_place = item.isdecimal() and item.isascii() and len(item) < 6 and int(item) > 0
    is_item = (name == "rubric" and item) or (name in LISTS and is_place)
    if name not in FIELDS or (slash and not is_item):
        raise InvalidArgument(f"{path!r} is no part of a task: write a field, or FIELD/ITEM")
    return name, item


def _put_criterion(criteria: list[Any], key: str, value: Any) -> None:
    place = next((n for n, each in enumerate(criteria) if each["key"] == key), len(criteria))
    _put(criteria, place, None if value is None else {**value, "key": key})


def _put(items: list[Any], place: int, value: Any) -> None:
    if place > len(items):
        raise InvalidArgument(f"there are {len(items)} items: the next is {len(items) + 1}")
    items[place : place + 1] = [] if value is None else [value]
