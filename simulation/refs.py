"""References to earlier results inside planned calls: {"$ref": "3.0.id"}.

The path starts with a call's number, counted from 1; then keys, and positions counted from 0.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.errors import InvalidArgument

REF = "$ref"
MAX_DIGITS = 9


def resolve(value: Any, results: Sequence[Any]) -> Any:
    """Put earlier results where they are referred to.

    results: one a call, in order; None for a call that failed.
    Raises InvalidArgument when a reference leads nowhere.
    """
    if isinstance(value, Mapping):
        if set(value) == {REF}:
            return _follow(value[REF], results)
        return {key: resolve(item, results) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, results) for item in value]
    return value


def _follow(path: Any, results: Sequence[Any]) -> Any:
    number, *rest = str(path).split(".")
    if not _is_position(number) or not 1 <= int(number) <= len(results):
        raise InvalidArgument(
            f"$ref {path!r}: there is no call {number} before it; calls count from 1"
        )
    value = results[int(number) - 1]
    if value is None:
        raise InvalidArgument(f"$ref {path!r}: call {number} failed and has no result")
    for part in rest:
        value = _member(value, part, str(path))
    return value


def _member(value: Any, part: str, path: str) -> Any:
    if isinstance(value, list) and _is_position(part) and int(part) < len(value):
        return value[int(part)]
    if isinstance(value, Mapping) and part in value:
        return value[part]
    raise InvalidArgument(f"$ref {path!r}: the result has no {part!r} there")


def _is_position(text: str) -> bool:
    return text.isdecimal() and len(text) <= MAX_DIGITS
