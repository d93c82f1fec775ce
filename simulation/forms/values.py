"""Values of several types as one text: "paid", 153.5, true, a list with one item a line, JSON.

What begins with { or [ or a quotation mark is JSON where it can be read as such, so that everything
can be typed: "12" in quotes is text.
"""

import json
import re
from typing import Any

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,99})(\.\d{1,99})?(e[+-]\d{1,3})?", re.ASCII)
_WORDS = {"true": True, "false": False}
ANY, NUMBER = "any", "number"


def read_value(text: str, typed: str) -> Any:
    """Read what was typed. typed: any, text, number or date; only "any" has lists and true.

    Raises ValueError for what begins as JSON and is none.
    """
    text = text.strip()
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if text[:1] in ("{", "["):
        return _json(text)
    if typed == ANY and len(lines) > 1:
        return [_read_line(line, typed) for line in lines]
    return _read_line(text, typed)


def read_values(text: str, typed: str) -> list[Any]:
    """Read one value a line; a JSON list, or one JSON object on several lines, is read as such."""
    if text.strip()[:1] in ("{", "["):
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            whole = None
        if whole is not None:
            return whole if isinstance(whole, list) else [whole]
    return [_read_line(line.strip(), typed) for line in text.split("\n") if line.strip()]


def write_value(value: Any, typed: str) -> str:
    """Write a value so that it is read back as it is, as plainly as that is possible."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, indent=2)
    if typed == ANY and isinstance(value, list) and len(value) > 1:
        text = "\n".join(write_line(item, typed) for item in value)
        return text if _reads_as(text, typed, value) else json.dumps(value, ensure_ascii=False)
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return plain if _reads_as(plain, typed, value) else json.dumps(value, ensure_ascii=False)


def write_line(value: Any, typed: str) -> str:
    """Write a value on one line."""
    plain = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    is_line = "\n" not in plain and plain == plain.strip() != ""
    return (
        plain
        if is_line and _reads_as(plain, typed, value)
        else json.dumps(value, ensure_ascii=False)
    )


def _reads_as(text: str, typed: str, value: Any) -> bool:
    try:
        return json.dumps(read_value(text, typed)) == json.dumps(value)
    except ValueError:
        return False


def _read_line(text: str, typed: str) -> Any:
    if text[:1] in ("{", "["):
        return _json(text)
    if text[:1] == '"' and text[-1:] == '"' and len(text) > 1:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    found = _NUMBER.fullmatch(text) if typed in (ANY, NUMBER) else None
    if found:
        return float(text) if found[2] or found[3] else int(text)
    return _WORDS.get(text, text) if typed == ANY else text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is no JSON: {error}; put a text that begins so in quotes") from None
