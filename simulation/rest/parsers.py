"""Bodies of requests as JSON that can be stored."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import exceptions, parsers

from simulation.errors import InvalidArgument
from simulation.text import MAX_DEPTH, clean_json

_HALF = re.compile(r"\\u[dD][89a-fA-F]")  # an escape that may be half a character
_SURROGATE = re.compile("[\ud800-\udfff]")


class StorableJson(parsers.JSONParser):
    """JSON behind the boundary: no NUL, no lone surrogate, nothing beyond 64 bits."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise RequestDataTooBig(f"the JSON is larger than {limit:,} bytes")
        try:
            text = body.decode("utf-8")
            value = json.loads(text, parse_constant=_refused, object_pairs_hook=_once_each)
        except RecursionError:
            raise InvalidArgument(f"JSON is nested deeper than {MAX_DEPTH} levels") from None
        except ValueError as error:
            raise exceptions.ParseError(f"the body is not valid JSON: {error}") from None
        storable = clean_json(value)
        if _HALF.search(text):
            _check_whole(value)
        return storable


def _refused(name: str) -> Any:
    raise exceptions.ParseError(f"{name} is not a number that JSON has")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object: of two members of one name, one would be left out without a word."""
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise exceptions.ValidationError({twice: ["write it once: it is there twice"]})
    return members


def _check_whole(value: Any, path: str = "") -> None:
    """Refuse half characters, which are no text. Raises InvalidArgument with the way to one."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            _check_whole(name, path)
            _check_whole(item, f"{path}.{name}".strip("."))
    elif isinstance(value, list):
        for item in value:
            _check_whole(item, path)
    elif isinstance(value, str) and _SURROGATE.search(value):
        raise InvalidArgument("half a surrogate pair is no character", field=path)
