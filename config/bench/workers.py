"""Celery workers on the scratch database and queue, and what can be seen of them."""

import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from celery import current_app
from django.conf import settings

from config.bench.rows import BenchError
from config.bench.scratch import database_url
from config.programs import Crew, Program

LAST_LINES = 10
MODELS = "models"  # the queue of episodes whose agents ask models


def default_queue() -> str:
    return str(current_app.conf.task_default_queue)


def processes(count: int) -> Program:
    """Take from the scratch queue: what asks no model, and all grading by rules."""
    queue = default_queue()
    return _worker("worker", ["--concurrency", str(count), "--queues", queue])


def conversations(count: int) -> Program:
    """Hold so many conversations with models, each in a thread that waits."""
    options = ["--pool", "threads", "--concurrency", str(count), "--queues", MODELS]
    return _worker(MODELS, options, EG_DATABASE_POOL="true")


@contextmanager
def running(*programs: Program) -> Iterator[None]:
    """Run workers; when what is measured fails, tell what they said last."""
    said: deque[str] = deque(maxlen=LAST_LINES)
    crew = Crew(programs, emit=lambda _, line: said.append(line), chore=lambda: None)
    crew.start()
    try:
        yield
    except BenchError as error:
        raise BenchError("\n".join([str(error), *said])) from error
    finally:
        crew.stop()


def _worker(name: str, options: Sequence[str], **environment: str) -> Program:
    queue = default_queue()
    command = [
        *(sys.executable, "-m", "celery", "--app", "config", "--quiet", "worker", *options),
        *("--hostname", f"{queue}-{name}@bench"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--", f"task_default_queue={queue}"),
    ]
    added = {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "EG_SECRET_KEY": settings.SECRET_KEY,
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
    return Program(
        name, command, environment=os.environ | added | environment, folder=str(settings.BASE_DIR)
    )
