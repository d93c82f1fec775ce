"""JSON as it stands in a file, with what lenient readers pass over: doubled names, no-numbers.

Such things are kept in the tree where they were found, so that they can be named with their place.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import isinf
from typing import Any

from simulation.errors import InvalidArgument
from simulation.portability.limits import MAX_VALUES
from simulation.text import MAX_DEPTH

BOM = b"\xef\xbb\xbf"
_LONGEST_INTEGER = 20  # characters of the longest one of 64 bits, with its sign
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Doubled(dict[str, Any]):
    """An object in which some names stood more than once."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoNumber:
    """Something written where a number is expected; `text` says why it is none."""

    text: str


def read_text(data: bytes) -> str:
    """Decode a file; a byte order mark at its start is left out.

    Raises InvalidArgument that says where it is not UTF-8.
    """
    try:
        return data.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        at = error.start + (len(BOM) if data.startswith(BOM) else 0)
        raise InvalidArgument(f"is not UTF-8: byte {at} cannot be read; save it as UTF-8") from None


def read_json(data: bytes) -> Any:
    """Parse a file. Raises InvalidArgument that says where it is no JSON."""
    text = read_text(data)
    # a guess from above, before a few bytes each become objects of many
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        raise InvalidArgument(f"holds more than {MAX_VALUES:,} values")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise InvalidArgument(f"is nested deeper than {MAX_DEPTH} levels") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        said = error.msg.removesuffix(" at")
        raise InvalidArgument(f"is not valid JSON: {said} in {place}") from None


def faults(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Find (dotted path, what is wrong) inside a value that was read."""
    if isinstance(value, NoNumber):
        yield path, value.text
    elif isinstance(value, float) and isinf(value):
        yield path, "a number is too large"
    elif isinstance(value, dict | list) and depth > MAX_DEPTH:
        yield path, f"is nested deeper than {MAX_DEPTH} levels"
    elif isinstance(value, dict):
        yield from _object_faults(value, path, depth)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, f"{path}.{index}".lstrip("."), depth + 1)


def has_more_values(value: Any, limit: int) -> bool:
    """Tell whether a value holds more values than that, at all its levels together."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        items = list(found.values()) if isinstance(found, dict) else found
        if not isinstance(items, list):
            continue
        limit -= len(items)
        if limit < 0:
            return True
        waiting += [item for item in items if isinstance(item, dict | list)]
    return False


def _object_faults(value: dict[str, Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    for name in value.names if isinstance(value, Doubled) else ():
        yield f"{path}.{name}".lstrip("."), "stands there more than once"
    for name, item in value.items():
        yield from faults(item, f"{path}.{name}".lstrip("."), depth + 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    doubled = Doubled(made)
    times = Counter(name for name, _ in pairs)
    doubled.names = tuple(name for name, count in times.items() if count > 1)
    return doubled


def _integer(digits: str) -> int | NoNumber:
    if len(digits) <= _LONGEST_INTEGER and _SMALLEST <= (number := int(digits)) <= _LARGEST:
        return number
    return NoNumber("a number is beyond 64 bits")


def _constant(name: str) -> NoNumber:
    return NoNumber(f"{name} is not a number that JSON has")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_constant=_constant)
