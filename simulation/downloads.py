"""Files as downloads that can be resumed: with length, hash and ranges."""

from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase


def download(
    request: HttpRequest, path: Path, *, name: str, media_type: str, sha256: str
) -> HttpResponseBase:
    """Answer with a file, a part of it (Range, If-Range), 304 or 416. ETag: its sha256."""
    raise NotImplementedError
