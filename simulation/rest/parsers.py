"""Bodies of requests as JSON that can be stored."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework import exceptions, parsers

from simulation.errors import InvalidArgument
from simulation.text import MAX_DEPTH, clean_json


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
            value = json.loads(body.decode("utf-8"), parse_constant=_refused)
        except RecursionError:
            raise InvalidArgument(f"JSON is nested deeper than {MAX_DEPTH} levels") from None
        except ValueError as error:
            raise exceptions.ParseError(f"the body is not valid JSON: {error}") from None
        return clean_json(value)


def _refused(name: str) -> Any:
    raise exceptions.ParseError(f"{name} is not a number that JSON has")
