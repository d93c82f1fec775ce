"""Files as downloads that can be resumed: with length, hash and ranges (RFC 9110, RFC 9530)."""

import asyncio
import base64
import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from simulation.errors import Unavailable

PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]{0,100})-(?P<last>[0-9]{0,100})[ \t]*", re.I)


def download(
    request: HttpRequest, path: Path, *, name: str, media_type: str, sha256: str
) -> HttpResponseBase:
    """Answer with a file, a part of it (Range, If-Range), 304 or 416. ETag: its sha256.

    Several ranges at once get the whole file. Raises Unavailable where the file is gone.
    """
    etag = f'"{sha256}"'
    unchanged = get_conditional_response(request, etag=etag)
    answer = unchanged or _file_answer(request, path, name, etag)
    if answer.status_code in (200, 206):
        answer["Content-Type"] = media_type
        answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        answer["Repr-Digest"] = f"sha-256=:{_base64(sha256)}:"
    answer["ETag"] = etag
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private, no-cache"
    return answer


@dataclass(frozen=True)
class _Part:
    """Bytes of a file, from `first` to before `end`. is_whole: nobody asked for a range."""

    first: int
    end: int
    is_whole: bool = False


class FilePart(StreamingHttpResponse):
    """Bytes of a file, read piece by piece, under an asynchronous server as well."""

    def __init__(self, pieces: "_Pieces", **options: Any) -> None:
        super().__init__(pieces, **options)
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Read in threads: what Django does by itself is to read all of it first."""
        try:
            while piece := await asyncio.to_thread(next, self._pieces, b""):
                yield piece
        finally:
            self._pieces.close()


class _Pieces(Iterator[bytes]):
    """So many bytes of a file from its present place on. Read to the end it is closed, else by
    the answer."""

    def __init__(self, file: IO[bytes], count: int) -> None:
        self._file, self._left = file, count
        self.close = file.close

    def __next__(self) -> bytes:
        if not self._left:
            self.close()
            raise StopIteration
        piece = self._file.read(min(PIECE, self._left))
        if not piece:
            raise OSError(f"{self._file.name} became shorter while it was sent")
        self._left -= len(piece)
        return piece


def _file_answer(request: HttpRequest, path: Path, name: str, etag: str) -> HttpResponseBase:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise Unavailable(f"{name} was removed just now: ask for it again") from None
    size = os.fstat(file.fileno()).st_size
    part = _asked_part(request, size, etag)
    if part is None:
        file.close()
        return _beyond(name, size)
    length = part.end - part.first
    file.seek(part.first)
    pieces = _Pieces(file, 0 if request.method == "HEAD" else length)
    answer = FilePart(pieces, status=200 if part.is_whole else 206)
    answer["Content-Length"] = str(length)
    if not part.is_whole:
        answer["Content-Range"] = f"bytes {part.first}-{part.end - 1}/{size}"
    return answer


def _asked_part(request: HttpRequest, size: int, etag: str) -> _Part | None:
    """Give the part that is asked for, None where the file has no such part.

    Only GET has ranges. If-Range: an ETag that is no longer the file's, or a date, gets the whole.
    """
    whole = _Part(0, size, is_whole=True)
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None:
        return whole
    if request.headers.get("If-Range", etag).strip() != etag:
        return whole
    first, last = (int(text) if text else None for text in found.groups())
    if first is None:
        part = None if last is None else _Part(max(0, size - last), size)
    elif last is not None and last < first:
        part = None  # no range at all, so there is nothing to refuse
    else:
        part = _Part(first, size if last is None else min(size, last + 1))
    if part is None:
        return whole
    return part if part.first < part.end else None


def _beyond(name: str, size: int) -> HttpResponseBase:
    message = f"{name} has {size} bytes; the range that was asked for is not in it"
    error = {"code": "invalid_argument", "message": message, "field": "Range"}
    response = JsonResponse({"error": error}, status=416)
    response["Content-Range"] = f"bytes */{size}"
    return response


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()
