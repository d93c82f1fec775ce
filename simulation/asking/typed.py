"""What people type in the query builder, and the values that it stands for.

Inputs hold text. What cannot be read as a value stays text, and the condition that gets it says
what would fit.
"""

import re
from typing import Any

import orjson

from simulation.shapes import Shape

_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}", re.ASCII)
_TRUTH = {"true": True, "false": False}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_value(text: str, shape: Shape) -> Any:
    """Give the value that a text stands for where this shape is; the text when it stands for
    none."""
    if shape.kind == "number":
        return _number(text)
    if shape.kind == "boolean":
        return _TRUTH.get(text, text)
    return _free(text) if shape.kind == "any" else text


def write_value(value: Any, shape: Shape) -> str:
    """Write a value so that reading it gives the same one."""
    if isinstance(value, str):
        is_mistakable = shape.kind == "any" and _free(value) != value
        return orjson.dumps(value).decode() if is_mistakable else value
    return orjson.dumps(value).decode()


def split_moment(text: str) -> tuple[str, str] | None:
    """Give (date, time) for the two inputs of an instant; None for what they cannot hold."""
    if _DAY.fullmatch(text) or not text:
        return text, ""
    found = _MOMENT.fullmatch(text)
    return (found[1], found[2]) if found else None


def join_moment(day: str, time: str) -> str:
    return f"{day}T{time}Z" if day and time else day


def _number(text: str) -> Any:
    plain = text.strip()
    if _WHOLE.fullmatch(plain):
        return int(plain)
    return float(plain) if _DECIMAL.fullmatch(plain) else text


def _free(text: str) -> Any:
    """Read a free-form value: numbers, true, false; text in quotes stays text whatever it says."""
    value = _TRUTH.get(text, _number(text))
    if value is text and len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return value
