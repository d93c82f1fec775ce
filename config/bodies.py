"""A bound on every request's body, before anything reads or stores it.

Django's ASGI handler writes a whole body to a temporary file before a view is asked.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class BoundedBodies:
    """Answers 413 and reads no further when a body is larger than any address takes."""

    def __init__(self, application: Application, limit: int) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif _said_length(scope) > self._limit:
            await _refuse(send, self._limit)
        else:
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._limit

        async def bounded() -> Message:
            """Count what comes; beyond the limit, tell the application that nobody is there."""
            nonlocal left
            if left < 0:
                return {"type": "http.disconnect"}
            message = await receive()
            left -= len(message.get("body", b""))
            if left >= 0:
                return message
            await _refuse(send, self._limit)
            return {"type": "http.disconnect"}

        async def unless_refused(message: Message) -> None:
            if left >= 0:
                await send(message)

        await self._application(scope, bounded, unless_refused)


def _said_length(scope: Scope) -> int:
    said = dict(scope["headers"]).get(b"content-length", b"0")
    return int(said) if said.isdigit() else 0


async def _refuse(send: Send, limit: int) -> None:
    message = f"the request is larger than {limit // 1_000_000} MB"
    body = orjson.dumps({"error": {"code": "too_large", "message": message}})
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
