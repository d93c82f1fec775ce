"""The OpenAPI document, made once in a process, and what its making complained of."""

from functools import cache
from typing import Any

from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator


@cache
def api_document() -> tuple[dict[str, Any], tuple[str, ...]]:
    with GENERATOR_STATS.silence():
        document = SchemaGenerator().get_schema(request=None, public=True)
        complaints = (*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache)
    return document, complaints
