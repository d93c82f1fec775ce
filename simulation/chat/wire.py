"""One request to a model's server, and what came back. This module alone needs the OpenAI SDK.

It takes half a second to import, so `client` loads it with the first question: no other command
and no other page pays for it.

Connections are kept for each process and address. A forked worker begins with none of its own.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Any, cast

import httpx2
from openai import APIConnectionError, APIStatusError, OpenAI

from simulation.chat.addresses import is_refused
from simulation.chat.failures import ModelFailed, ModelUnreadable

MAX_ANSWER = 16_000_000  # bytes
PATH = "/chat/completions"
# What the SDK would tell about this machine, what its variables add and cookies stay here.
_SENT = ("host", "accept", "authorization", "content-length", "content-type", "transfer-encoding")
# How many may ask at one time is decided by those who ask: nobody waits here for the others.
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=500, keepalive_expiry=30)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. answer: from the request's end to the first byte, and from there to the last."""

    connect: float
    answer: float


@dataclass(frozen=True, slots=True)
class Received:
    """What a server sent. status: None when it sent nothing whole; `error` then says why."""

    status: int | None
    headers: Mapping[str, str]
    body: bytes = b""
    error: str = ""


def post(address: str, key: str, body: Mapping[str, Any], timeouts: Timeouts) -> Received:
    """Send one request. Raises ModelFailed where sending it again cannot help."""
    timeout = httpx2.Timeout(timeouts.answer, connect=timeouts.connect)
    headers = {"Authorization": f"Bearer {key}" if key else ""}
    try:
        answer = _sdk(address).post(
            PATH,
            body=body,
            cast_to=httpx2.Response,
            options={"timeout": timeout, "headers": headers},
        )
    except APIStatusError as error:
        answer = error.response
    except APIConnectionError as error:
        return Received(None, {}, error=_why(error.__cause__, timeouts))
    return Received(answer.status_code, dict(answer.headers), answer.content)


def _why(cause: BaseException | None, timeouts: Timeouts) -> str:
    if isinstance(cause, httpx2.ConnectTimeout):
        return f"no connection within {timeouts.connect:g} s"
    if isinstance(cause, httpx2.TimeoutException):
        return f"no answer within {timeouts.answer:g} s"
    if isinstance(cause, httpx2.ConnectError):
        return f"no connection: {cause}"
    return f"the connection broke: {cause or 'for no known reason'}"


@cache
def _tls() -> SSLContext:
    """Give what all addresses share: reading the certificates takes longer than a request."""
    return httpx2.create_ssl_context(trust_env=False)


class _Guarded(httpx2.BaseTransport):
    """Sends little, looks where a connection leads, and reads no more and no longer than agreed."""

    def __init__(self) -> None:
        self._inner = httpx2.HTTPTransport(verify=_tls(), trust_env=False, limits=_LIMITS)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        told = {name: request.headers[name] for name in _SENT if request.headers.get(name)}
        request.headers = httpx2.Headers({**told, "accept-encoding": "identity"})
        request.extensions = {**request.extensions, "trace": _look_where_it_leads}
        response = self._inner.handle_request(request)
        encoding = response.headers.get("content-encoding", "identity")
        if encoding != "identity":
            response.close()
            raise ModelUnreadable(f"the answer is compressed ({encoding!r}), which was not asked")
        stream = cast(httpx2.SyncByteStream, response.stream)
        response.stream = _Bounded(stream, request.extensions["timeout"]["read"])
        return response

    def close(self) -> None:
        self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, inner: httpx2.SyncByteStream, seconds: float) -> None:
        self._inner = inner
        self._end = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._inner:
            size += len(part)
            if size > MAX_ANSWER:
                raise ModelUnreadable(f"the answer is longer than {MAX_ANSWER:,} bytes")
            if time.monotonic() > self._end:
                raise httpx2.ReadTimeout("the answer did not end in time")
            yield part

    def close(self) -> None:
        self._inner.close()


def _look_where_it_leads(event: str, about: Mapping[str, Any]) -> None:
    """Look at the address that a name led to, before anything is sent there."""
    if event != "connection.connect_tcp.complete":
        return
    stream = about["return_value"]
    peer = stream.get_extra_info("server_addr")[0]
    if is_refused(peer):
        stream.close()
        words = f"the name leads to {peer}, where clouds keep their metadata"
        raise ModelFailed(words, needs_admin=True)


_kept: dict[str, OpenAI] = {}
_lock = threading.Lock()


def _sdk(address: str) -> OpenAI:
    """Give the connections to one address; threads share them, processes do not.

    No key is kept with them: each request brings its own.
    """
    with _lock:
        if address not in _kept:
            connections = httpx2.Client(transport=_Guarded(), trust_env=False)
            _kept[address] = OpenAI(
                api_key="none", base_url=address, max_retries=0, http_client=connections
            )
        return _kept[address]


def hang_up(address: str) -> None:
    """Close the connections that are kept to an address; the next question makes new ones."""
    with _lock:
        kept = _kept.pop(address, None)
    if kept is not None:
        kept.close()


def _begin_anew() -> None:
    """Leave the parent's connections to it, and its lock, which a thread of it may hold."""
    global _kept, _lock
    _left_to_the_parent.append(_kept)
    _kept, _lock = {}, threading.Lock()


_left_to_the_parent: list[dict[str, OpenAI]] = []
os.register_at_fork(after_in_child=_begin_anew)
