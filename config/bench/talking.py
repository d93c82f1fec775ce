"""`python -m config.bench.talking threads|async URL CONVERSATIONS REQUESTS`: hold them, tell what
that took as one line of JSON."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
import httpx2
from openai import AsyncOpenAI

from config.bench.measuring import status_of

MODEL = "scripted"
SYSTEM, QUESTION = "p" * 6000, "What came of it? " * 20
TOOLS = tuple(
    {
        "type": "function",
        "function": {
            "name": f"tool{number}",
            "description": "d" * 200,
            "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
        },
    }
    for number in range(20)
)
Messages = list[dict[str, Any]]


def first() -> Messages:
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": QUESTION}]


def following(text: str, calls: Any) -> Messages:
    """Give what a conversation has more of after an answer."""
    said: dict[str, Any] = {"role": "assistant", "content": text or "…"}
    return [said, {"role": "user", "content": QUESTION}]


def by_threads(address: str, count: int, requests: int) -> None:
    from simulation.chat import ChatRequest, client_for
    from simulation.models import ModelEndpoint

    client = client_for(ModelEndpoint(name="bench", base_url=address, timeout_s=300))

    def talk(number: int) -> None:
        messages = first()
        for _ in range(requests):
            answer = client.ask(ChatRequest(model=MODEL, messages=tuple(messages), tools=TOOLS))
            messages += following(answer.text, answer.tool_calls)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(talk, range(count)))


def by_event_loop(address: str, count: int, requests: int) -> None:
    asyncio.run(_all(address, count, requests))


async def _all(address: str, count: int, requests: int) -> None:
    from simulation.chat.answers import Boundary, read_message
    from simulation.chat.body import written
    from simulation.chat.capabilities import Capabilities
    from simulation.chat.exchange import ChatRequest

    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=3)
    http = httpx2.AsyncClient(limits=limits, timeout=300, trust_env=False)
    client, can = (
        AsyncOpenAI(api_key="none", base_url=address, http_client=http, max_retries=2),
        Capabilities(),
    )

    async def talk() -> None:
        messages = first()
        for _ in range(requests):
            asked = ChatRequest(model=MODEL, messages=tuple(messages), tools=TOOLS)
            answer = await client.post(
                "/chat/completions", body=written(asked, can), cast_to=httpx2.Response
            )
            message = read_message(answer.content, Boundary(""))
            messages.extend(following(message.text, message.tool_calls))

    await asyncio.gather(*(talk() for _ in range(count)))


WAYS: dict[str, Callable[[str, int, int], None]] = {"threads": by_threads, "async": by_event_loop}


def main(way: str, address: str, count: int, requests: int) -> None:
    WAYS[way](address, 1, 1)  # loads what is loaded once
    before, cpu, begun = status_of(os.getpid()), time.process_time(), time.perf_counter()
    WAYS[way](address, count, requests)
    taken = {
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - cpu,
        "added_kib": status_of(os.getpid())["VmHWM"] - before["VmRSS"],
    }
    sys.stdout.write(json.dumps(taken) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
