"""Threads or one event loop: the same conversations with the same server, each in its own process.

Threads ask with the client that episodes use. The event loop asks with the SDK's own asynchronous
client, over connections like ours, and reads answers as ours does: nothing else is done for it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from django.conf import settings

from config.bench.rows import BenchError, Row
from config.bench.scene import Scene
from config.scripted_model import scripted_model

REQUESTS = 10  # of each conversation
SHAPES = ((200, 0.05), (1000, 1.0))  # conversations, seconds that an answer takes
PATIENCE_SECONDS = 300


def rows(scene: Scene) -> Iterator[Row]:
    for count, latency in SHAPES:
        for way in ("threads", "async"):
            with scripted_model(latency=latency, turns=REQUESTS) as address:
                yield from _rows(way, count, latency, _held(way, address, count))


def _rows(way: str, count: int, latency: float, seen: dict[str, Any]) -> Iterator[Row]:
    sent = count * REQUESTS
    told = f"{count:,} conversations of {REQUESTS} requests, {latency:g} s an answer, {way}"
    name = f"{way}-{count}"
    yield Row(name=name, what=f"{told}: requests", unit="/s", median=sent / seen["seconds"], n=sent)
    cpu = seen["cpu_seconds"] / sent * 1000
    yield Row(name=f"{name}-cpu", what=f"{told}: processor of each", median=cpu, n=sent)
    added = seen["added_kib"] / count
    yield Row(name=f"{name}-memory", what=f"{told}: memory", unit="KiB", median=added, n=count)


def _held(way: str, address: str, count: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "config.bench.talking", way, address, str(count)]
    done = subprocess.run(  # noqa: S603
        [*command, str(REQUESTS)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{way}: {done.stderr[-1000:]}")
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
