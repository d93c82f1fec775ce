"""ETags: an answer's content hash, so that nobody is sent twice what they have, and nobody
overwrites what they have not seen."""

import hashlib
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from rest_framework.request import Request

from simulation.errors import GymError

_KEPT = (
    "Cache-Control",
    "ETag",
    "Vary",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
)


class PreconditionFailed(GymError):
    """It has changed since whoever asks saw it."""

    code = "precondition_failed"
    status = 412


class PreconditionRequired(GymError):
    """A change must say which state it is meant for."""

    code = "precondition_required"
    status = 428


def check_precondition(request: Request, etag: str, *, is_required: bool = False) -> None:
    """Refuse a change when If-Match names another state than `etag`, the current one's hash.

    is_required: whether a change without If-Match is refused, too.
    """
    given = request.headers.get("If-Match", "")
    if not given:
        if is_required:
            raise PreconditionRequired("send If-Match with the ETag that you read")
        return
    accepted = parse_etags(given)
    if "*" not in accepted and quote_etag(etag) not in accepted:
        raise PreconditionFailed(
            f"it has changed: its ETag is {quote_etag(etag)} now; read it again"
        )


def _etag(response: HttpResponse) -> str:
    """Hash an answer; that of something with a content hash begins with it."""
    digest = hashlib.sha256(response.content).hexdigest()
    data = getattr(response, "data", None)
    content_hash = data.get("hash") if isinstance(data, Mapping) else None
    return f'"{content_hash}.{digest[:16]}"' if isinstance(content_hash, str) else f'"{digest}"'


def with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give an answer its ETag, or 304 in its place to whoever has it already."""
    patch_vary_headers(response, ["Authorization"])
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("ETag", _etag(response))
    had = {
        each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))
    }
    if had.isdisjoint({"*", response["ETag"].removeprefix("W/")}):
        return response
    unchanged = HttpResponseNotModified()
    for name in _KEPT:
        if name in response:
            unchanged[name] = response[name]
    return unchanged
