"""Work in a thread with a database connection of its own, while the test goes on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

PATIENCE = 10.0


def beside(work: Callable[..., Any], *arguments: Any, **options: Any) -> Future[Any]:
    """Start work beside the test."""

    def run() -> Any:
        try:
            return work(*arguments, **options)
        finally:
            connections.close_all()

    with_one_thread = ThreadPoolExecutor(1)
    future = with_one_thread.submit(run)
    with_one_thread.shutdown(wait=False)
    return future


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same moment; gives the results in order."""
    barrier = Barrier(len(works))

    def wait_and(work: Callable[[], Any]) -> Any:
        connections["default"].ensure_connection()
        barrier.wait(PATIENCE)
        return work()

    futures = [beside(wait_and, work) for work in works]
    return [future.result(PATIENCE) for future in futures]
