"""What is wrong with a value, in words for people who do not program."""

from collections.abc import Mapping
from typing import Any

_WORDS: Mapping[str, str] = {
    "missing": "is required",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "int_type": "write a whole number",
    "float_parsing": "write a number",
    "float_type": "write a number",
    "greater_than": "write more than {gt}",
    "greater_than_equal": "write {ge} or more",
    "less_than": "write less than {lt}",
    "less_than_equal": "write {le} or less",
    "string_too_long": "write at most {max_length} characters",
    "too_long": "give at most {max_length}",
}
_TOO_SHORT = ("string_too_short", "too_short")


def plain_words(problem: Mapping[str, Any]) -> str:
    """problem: one of those that a validation names. What is rare is said as it was."""
    kind, limits = problem["type"], problem.get("ctx", {})
    if kind in _TOO_SHORT and limits["min_length"] == 1:
        return "is required"
    if kind not in _WORDS:
        return str(problem["msg"]).removeprefix("Value error, ")
    shown = {name: f"{value:,g}" if _is_number(value) else value for name, value in limits.items()}
    return _WORDS[kind].format(**shown)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
