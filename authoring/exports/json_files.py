"""JSON as it stands in exports: readable, and the same bytes for the same value."""

from typing import Any

import orjson

_FORM = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def json_file(value: Any) -> bytes:
    return orjson.dumps(value, option=_FORM)


def json_text(value: Any) -> str:
    """Give a value as the text of one cell: what is free in form would change a column's type."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
