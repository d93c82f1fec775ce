"""The queue: reference episodes executed, stored and graded by two Celery worker processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from celery import current_app
from django.conf import settings
from django.db.models import Max, Min

from config.bench.rows import Row, Target
from config.bench.scene import Scene
from config.bench.scratch import database_url
from config.processes import leashed
from grading.models import Assessment, Run

WORKERS = 2
WARM_UP, EPISODES = 20, 600
ROUNDS = 3
PATIENCE_SECONDS = 120
FAREWELL_SECONDS = 10


def rows(scene: Scene) -> Iterator[Row]:
    with _workers():
        _wait(scene.launch(WARM_UP))
        rates = sorted(_rate(scene.launch(EPISODES)) for _ in range(ROUNDS))
    yield Row(
        name="queue",
        what=f"episodes of 20 steps, run, stored and graded by {WORKERS} worker processes",
        unit="/s",
        median=rates[ROUNDS // 2],
        n=ROUNDS * EPISODES,
        target=Target("least", 60),
    )


def _rate(run: Run) -> float:
    """Give episodes a second, from the first claim to the last verdict by the clock of the database."""
    _wait(run)
    graded = Assessment.objects.filter(rollout__run=run, passed=True)
    span = graded.aggregate(first=Min("rollout__episode__started_at"), last=Max("graded_at"))
    if graded.count() != run.rollouts.count():
        raise ValueError(f"{run}: some episodes did not pass")
    return float(graded.count() / (span["last"] - span["first"]).total_seconds())


def _wait(run: Run) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Assessment.objects.filter(rollout__run=run, status="open").exists():
        if time.monotonic() > deadline:
            raise TimeoutError(f"the workers did not finish within {PATIENCE_SECONDS} seconds")
        time.sleep(0.25)


@contextmanager
def _workers() -> Iterator[None]:
    """Run workers on the scratch database and queue. They end with this process, whatever happens."""
    process = subprocess.Popen(
        leashed([sys.executable, "-m", "celery", "--app", "config", *_options()]),
        cwd=settings.BASE_DIR,
        env=os.environ | _environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(FAREWELL_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _options() -> list[str]:
    queue = current_app.conf.task_default_queue
    return [
        *("--quiet", "worker", "--concurrency", str(WORKERS), "--hostname", f"{queue}@bench"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--loglevel", "ERROR", "--", f"task_default_queue={queue}"),
    ]


def _environment() -> dict[str, str]:
    return {
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "EG_SECRET_KEY": settings.SECRET_KEY,
        "EG_LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }
