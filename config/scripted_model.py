"""A model's server without a model: `python -m config.scripted_model --port 0 --latency 0.05`.

It speaks chat completions over real HTTP, to hundreds of connections at a time, and what it answers
follows from the conversation alone. A message that holds a line "Script: […]" is obeyed: a list of
{"call", "arguments"}, {"calls": [those]} and {"message"}, one item an answer, arguments as a
reference solution may have them ({"$ref": "1.id"}). Otherwise it calls tools in turn that need no
arguments, and with the last of its turns it says that it is done.

What came is written to a log, one line of JSON each: the number of the request, a hash of its
conversation, and whether it was "asked" or "answered". The number comes with the answer as its
reasoning, so that what was stored can be held against what was asked.
"""

import argparse
import asyncio
import contextlib
import hashlib
import itertools
import json
import re
import select
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import orjson
import uvicorn

from config import processes
from simulation import refs
from simulation.errors import InvalidArgument

PATH = "/v1/chat/completions"
BACKLOG = 1024
START_SECONDS = 30.0
_SCRIPT = re.compile(r"(?m)^Script: (\[.*\])$")
_SENT = re.compile(r"request (\d+)")

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]


def script_line(script: Sequence[Mapping[str, Any]]) -> str:
    """Write the line of a prompt that tells the model what to do."""
    return f"Script: {json.dumps(list(script))}"


def number_of(reasoning: str) -> int | None:
    """Read the number of the request that an answer belongs to."""
    found = _SENT.fullmatch(reasoning)
    return int(found[1]) if found else None


def answer(body: Mapping[str, Any], *, turns: int) -> dict[str, Any]:
    """Give the message that follows a conversation."""
    messages = body["messages"]
    said = sum(message["role"] == "assistant" for message in messages)
    script = _script_of(messages)
    if script is None:
        script = _looking_round(body.get("tools", ()), turns)
    item = script[said] if said < len(script) else {"message": "Done."}
    calls = item.get("calls", [item] if "call" in item else [])
    try:
        asked = _calls(calls, _results(messages), place=len(messages))
    except InvalidArgument as error:
        return {"role": "assistant", "content": error.message}
    message = {"role": "assistant", "content": item.get("message")}
    return {**message, "tool_calls": asked} if asked else message


def _script_of(messages: Sequence[Mapping[str, Any]]) -> Any:
    for message in messages:
        found = _SCRIPT.search(str(message.get("content") or ""))
        if found and message["role"] in {"system", "user"}:
            return json.loads(found[1])
    return None


def _looking_round(tools: Sequence[Mapping[str, Any]], turns: int) -> list[dict[str, Any]]:
    functions = [tool["function"] for tool in tools]
    names = [one["name"] for one in functions if not one.get("parameters", {}).get("required")]
    calls = [{"call": name} for name in itertools.islice(itertools.cycle(names), turns - 1)]
    return [*calls, {"message": f"Done after {len(calls)} calls."}]


def _results(messages: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Read what the calls so far gave; None for what is no JSON."""
    results: list[Any] = []
    for message in messages:
        if message["role"] == "tool":
            with contextlib.suppress(ValueError):
                results.append(json.loads(message["content"]))
                continue
            results.append(None)
    return results


def _calls(
    calls: Sequence[Mapping[str, Any]], results: Sequence[Any], *, place: int
) -> list[dict[str, Any]]:
    """Write calls as the protocol has them. Raises InvalidArgument when a reference leads nowhere.

    place: of the answer in the conversation; it makes the calls' ids.
    """
    written = []
    for number, call in enumerate(calls, 1):
        arguments = json.dumps(refs.resolve(call.get("arguments", {}), results))
        function = {"name": call["call"], "arguments": arguments}
        written.append({"id": f"call_{place}_{number}", "type": "function", "function": function})
    return written


@dataclass
class Server:
    """The ASGI application."""

    latency: float
    turns: int
    log: TextIO | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        content = await _read(receive)
        if scope["path"] != PATH:
            await _reply(send, 404, {"error": {"message": f"there is only {PATH}"}})
            return
        body, number = orjson.loads(content), next(self.numbers)
        digest = hashlib.sha256(orjson.dumps(body["messages"])).hexdigest()[:32]
        self._note(number, digest, "asked")
        await asyncio.sleep(self.latency)
        await _reply(send, 200, self._completion(body, number, len(content)))
        self._note(number, digest, "answered")

    def _completion(self, body: Mapping[str, Any], number: int, size: int) -> dict[str, Any]:
        message = answer(body, turns=self.turns)
        message["reasoning_content"] = f"request {number}"
        asked, written = size // 4, len(orjson.dumps(message)) // 4
        usage = {"prompt_tokens": asked, "completion_tokens": written}
        finish = "tool_calls" if "tool_calls" in message else "stop"
        return {
            "id": f"chatcmpl-{number}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body.get("model", "scripted"),
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {**usage, "total_tokens": asked + written},
        }

    def _note(self, number: int, digest: str, event: str) -> None:
        if self.log is not None:
            self.log.write(json.dumps({"number": number, "hash": digest, "event": event}) + "\n")
            self.log.flush()


async def _read(receive: Receive) -> bytes:
    content = b""
    while True:
        part = await receive()
        content += bytes(part.get("body", b""))
        if not part.get("more_body"):
            return content


async def _reply(send: Send, status: int, body: Mapping[str, Any]) -> None:
    content = orjson.dumps(body)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


@contextlib.contextmanager
def scripted_model(
    *, latency: float = 0.05, turns: int = 6, log: Path | None = None
) -> Iterator[str]:
    """Run the server as a process of its own; gives the address for an endpoint."""
    options = ["--latency", str(latency), "--turns", str(turns)]
    command = [sys.executable, "-m", "config.scripted_model", *options]
    if log is not None:
        command += ["--log", str(log)]
    folder = str(Path(__file__).resolve().parent.parent)
    with subprocess.Popen(  # noqa: S603
        processes.leashed(command), cwd=folder, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield _first_line(process)
        finally:
            process.kill()


def _first_line(process: "subprocess.Popen[str]") -> str:
    stream = process.stdout
    if stream is None or not select.select([stream], [], [], START_SECONDS)[0]:
        raise TimeoutError("the scripted model does not start")
    if not (line := stream.readline().strip()):
        raise RuntimeError("the scripted model ended at once")
    return line


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser("config.scripted_model")
    parser.add_argument("--port", type=int, default=0, help="port of 127.0.0.1; 0 takes a free one")
    parser.add_argument("--latency", type=float, default=0.05, help="seconds an answer takes")
    parser.add_argument("--turns", type=int, default=6, help="answers in all, where no script is")
    parser.add_argument("--log", type=Path, help="file to which requests are added")
    given = parser.parse_args(arguments)
    listener = socket.create_server(("127.0.0.1", given.port), backlog=BACKLOG)
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}/v1\n")
    sys.stdout.flush()
    with given.log.open("a") if given.log else contextlib.nullcontext() as log:
        server = Server(given.latency, given.turns, log)
        options = uvicorn.Config(server, log_config=None, access_log=False, lifespan="off")
        uvicorn.Server(options).run(sockets=[listener])


if __name__ == "__main__":
    main(sys.argv[1:])
