"""A model's server for tests: real HTTP, and the answers that a test wrote down.

    with ModelServer() as server:
        server.replies.append(Reply(text="Hello"))     # taken one after the other, then
        server.answer = lambda body: Reply(text="…")   # asked for every request that is left

Without either it answers "ok". `server.url` is the address of an endpoint, `server.requests` what
was asked.
"""

import itertools
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from simulation.chat import wire

PATH = "/v1/chat/completions"
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer.

    tool_calls: (name, arguments as written), or whole objects of the protocol.
    usage: None leaves it out. status: an error has `error` as its body, or `text` as its message.
    delay: seconds before the first byte. drop: close the connection instead of answering.
    raw: the whole body, whatever it is. cut: bytes of the body that are sent, of those promised.
    pace: seconds between single bytes of the body.
    message, body: members that are added to the message or the body, or replace theirs.
    """

    text: str | None = "ok"
    tool_calls: Sequence[Any] = ()
    finish: str | None = "stop"
    usage: Mapping[str, Any] | None = field(default_factory=lambda: dict(USAGE))
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False
    raw: bytes | str | None = None
    reasoning: str = ""
    error: Mapping[str, Any] | None = None
    cut: int | None = None
    pace: float = 0.0
    message: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def content(self, model: str) -> bytes:
        if self.raw is not None:
            return self.raw if isinstance(self.raw, bytes) else self.raw.encode()
        if self.status >= 400:
            error = self.error or {"message": self.text, "type": "error", "code": None}
            return json.dumps({"error": error}).encode()
        return json.dumps({**self._success(model), **self.body}).encode()

    def _success(self, model: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.text}
        if self.tool_calls:
            calls = enumerate(self.tool_calls, 1)
            message["tool_calls"] = [_call(number, call) for number, call in calls]
        if self.reasoning:
            message["reasoning_content"] = self.reasoning
        choice = {"index": 0, "message": {**message, **self.message}, "finish_reason": self.finish}
        body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model}
        usage = {} if self.usage is None else {"usage": dict(self.usage)}
        return {**body, "choices": [choice], **usage}


def _call(number: int, call: Any) -> dict[str, Any]:
    if isinstance(call, Mapping):
        return dict(call)
    name, arguments = call
    function = {"name": name, "arguments": arguments}
    return {"id": f"call_{number}", "type": "function", "function": function}


@dataclass(frozen=True)
class Request:
    """One request as it came. headers: names in lower case. connection: its number, from 1."""

    body: dict[str, Any]
    headers: dict[str, str]
    path: str
    connection: int


Answer = Callable[[dict[str, Any]], Reply]


class ModelServer:
    def __init__(self, path: str = PATH) -> None:
        self.path = path
        self.replies: deque[Reply] = deque()
        self.answer: Answer = lambda body: Reply()
        self.requests: list[Request] = []
        self.lock = threading.Lock()
        self.connections = itertools.count(1)
        self.is_over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.model = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> "ModelServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.end_connections()
        self._server.server_close()
        wire.hang_up(self.url)

    def reply_to(self, request: Request) -> Reply:
        with self.lock:
            self.requests.append(request)
            if self.replies:
                return self.replies.popleft()
        return self.answer(request.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64
    model: ModelServer

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.sockets: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.sockets.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.sockets.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Wake the threads that wait for a further request on a connection that is kept."""
        for kept in tuple(self.sockets):
            try:
                kept.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client was faster

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for a packet to be confirmed
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.model.connections)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(json.loads(raw), headers, self.path, self.number)
        reply = Reply(status=404, text=f"there is no {self.path}")
        if self.path == self.server.model.path:
            reply = self.server.model.reply_to(request)
        self.server.model.is_over.wait(reply.delay)
        if reply.drop:
            self.close_connection = True
            return
        self._send(reply, reply.content(str(request.body.get("model", ""))))

    def do_GET(self) -> None:
        """Nobody should come here; a redirect that is followed does."""
        raw = b"{}"
        self.server.model.requests.append(Request({}, {}, self.path, self.number))
        self._send(Reply(raw=raw), raw)

    def _send(self, reply: Reply, content: bytes) -> None:
        self.send_response(reply.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        for name, value in {**headers, **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        sent = content if reply.cut is None else content[: reply.cut]
        if reply.pace:
            self._drip(sent, reply.pace)
        else:
            self.wfile.write(sent)
        self.wfile.flush()
        if reply.cut is not None:
            self.close_connection = True

    def _drip(self, content: bytes, pace: float) -> None:
        for byte in content:
            if self.server.model.is_over.is_set():
                return
            self.wfile.write(bytes([byte]))
            time.sleep(pace)

    def log_message(self, *_: Any) -> None:
        """Keep the output of tests clean."""
