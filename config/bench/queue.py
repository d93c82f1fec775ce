"""The queue: reference episodes executed, stored and graded by two Celery worker processes."""

import os
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from django.conf import settings
from django.db.models import Max, Min

from config.bench.rows import BenchError, Row, Target
from config.bench.scene import Scene
from config.bench.scratch import database_url
from config.programs import Crew, Program
from grading.models import Assessment, Run

WORKERS = 2
WARM_UP, EPISODES = 20, 600
ROUNDS = 3
PATIENCE_SECONDS = 120
LAST_LINES = 10


def rows(scene: Scene) -> Iterator[Row]:
    with _workers() as said:
        try:
            _wait(scene.launch(WARM_UP))
            rates = sorted(_rate(scene.launch(EPISODES)) for _ in range(ROUNDS))
        except BenchError as error:
            raise BenchError("\n".join([str(error), *said])) from error
    yield Row(
        name="queue",
        what=f"episodes of 20 steps, run, stored and graded by {WORKERS} worker processes",
        unit="/s",
        median=rates[ROUNDS // 2],
        n=ROUNDS * EPISODES,
        target=Target("least", 60),
    )


def _rate(run: Run) -> float:
    """Give episodes a second, from the first claim to the last verdict by the database's clock."""
    _wait(run)
    graded = Assessment.objects.filter(rollout__run=run, passed=True)
    span = graded.aggregate(first=Min("rollout__episode__started_at"), last=Max("graded_at"))
    if graded.count() != run.rollouts.count():
        raise BenchError(f"{run}: some episodes did not pass")
    return float(graded.count() / (span["last"] - span["first"]).total_seconds())


def _wait(run: Run) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Assessment.objects.filter(rollout__run=run, status="open").exists():
        if time.monotonic() > deadline:
            raise BenchError(f"the workers did not finish within {PATIENCE_SECONDS} seconds:")
        time.sleep(0.25)


@contextmanager
def _workers() -> Iterator[deque[str]]:
    """Run workers on the scratch database and queue; give the last lines that they say."""
    said: deque[str] = deque(maxlen=LAST_LINES)
    program = Program(
        "worker",
        [sys.executable, "-m", "celery", "--app", "config", *_options()],
        environment=os.environ | _environment(),
        folder=str(settings.BASE_DIR),
    )
    crew = Crew([program], emit=lambda _, line: said.append(line), chore=lambda: None)
    crew.start()
    try:
        yield said
    finally:
        crew.stop()


def _options() -> list[str]:
    queue = current_app.conf.task_default_queue
    return [
        *("--quiet", "worker", "--concurrency", str(WORKERS), "--hostname", f"{queue}@bench"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--queues", queue),
        *("--", f"task_default_queue={queue}"),
    ]


def _environment() -> dict[str, str]:
    return {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "EG_SECRET_KEY": settings.SECRET_KEY,
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
