"""The boundary: every text from a model, an agent, an import or an upload passes here once.

Behind it there are no NULs, no lone surrogates, no NaN, no Infinity and no integer beyond 64 bits,
so PostgreSQL and the canonical encoder take whatever is left.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, NoReturn

import orjson

from simulation.errors import InvalidArgument

MAX_ARGUMENTS = 200_000  # characters of one tool call's arguments
MAX_TEXT = 1_000_000  # characters of one message
MAX_DEPTH = 32
REPLACEMENT = "\ufffd"
ESCAPES_NOTE = "escaped characters that cannot be stored became U+FFFD"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_EXPONENT_FROM = 1e16  # larger floats are written with an exponent


def clean_text(text: str, *, limit: int = MAX_TEXT) -> tuple[str, str]:
    """Give the storable text and a note on what was changed, "" when nothing was."""
    notes = []
    if len(text) > limit:
        notes.append(f"cut from {len(text)} to {limit} characters")
        text = text[:limit]
    if not _is_storable(text):
        text, replaced = _UNSTORABLE.subn(REPLACEMENT, text)
        notes.append(f"{replaced} characters that cannot be stored became U+FFFD")
    return text, "; ".join(notes)


def parse_object(raw: str) -> tuple[dict[str, Any], str]:
    """Read one JSON object as an agent wrote it; with a note on what was changed, "" for nothing.

    Raises InvalidArgument for everything that is not an object of storable values.
    """
    if len(raw) > MAX_ARGUMENTS:
        raise InvalidArgument(
            f"arguments are {len(raw)} characters long; {MAX_ARGUMENTS} are allowed"
        )
    try:
        value = _DECODER.decode(raw)
    except RecursionError:
        raise InvalidArgument(_too_deep()) from None
    except ValueError as error:
        raise InvalidArgument(f"arguments are not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise InvalidArgument("arguments must be one JSON object, such as {}")
    cleaned: dict[str, Any] = clean_json(value)
    return cleaned, "" if cleaned == value else ESCAPES_NOTE


def clean_json(value: Any, *, depth: int = MAX_DEPTH) -> Any:
    """Copy a JSON value into storable form. Raises InvalidArgument where there is none."""
    if depth < 0:
        raise InvalidArgument(_too_deep())
    if isinstance(value, str):
        return value if _is_storable(value) else _UNSTORABLE.sub(REPLACEMENT, value)
    if isinstance(value, Mapping):
        return {_key(key): clean_json(item, depth=depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(item, depth=depth - 1) for item in value]
    return _scalar(value)


def canonical(value: Any) -> bytes:
    """Encode for hashing and for agents: sorted keys, shortest numbers, no spaces, UTF-8."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def without_nulls(value: Any) -> Any:
    """Leave out null members: absent and null are one."""
    if isinstance(value, Mapping):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [without_nulls(item) for item in value]
    return value


def texts_in(value: Any) -> Iterator[str]:
    """Give every text in plain values, however deep; names of members are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def _is_storable(text: str) -> bool:
    """Tell whether a text may stay as it is, in a fraction of the time that a pattern takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if not _SMALLEST <= value <= _LARGEST:
            raise InvalidArgument("a number is beyond 64 bits")
        return value
    if isinstance(value, float):
        return _number(value)
    raise InvalidArgument(f"{type(value).__name__} is not a JSON value")


def _number(value: float) -> int | float:
    """Give the number in the form in which jsonb gives it back: no exponent, no signed zero."""
    if not isfinite(value):
        _no_constant(str(value))
    if abs(value) < _EXPONENT_FROM:
        return value + 0.0
    whole: int = _scalar(int(Decimal(repr(value))))
    return whole


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise InvalidArgument(f"the key {key!r} is not a string")
    return _UNSTORABLE.sub(REPLACEMENT, key)


def _no_constant(name: str) -> NoReturn:
    raise InvalidArgument(f"{name} is not a number that JSON has")


def _too_deep() -> str:
    return f"JSON is nested deeper than {MAX_DEPTH} levels"


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
