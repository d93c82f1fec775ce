"""The queue: reference episodes executed, stored and graded by two Celery worker processes."""

import time
from collections.abc import Iterator

from django.db.models import Max, Min

from config.bench.rows import BenchError, Row, Target
from config.bench.scene import Scene
from config.bench.workers import processes, running
from grading.models import Assessment, Run
from simulation import waiting

WORKERS = 2
WARM_UP, EPISODES = 20, 600
ROUNDS = 3
PATIENCE_SECONDS = 120


def rows(scene: Scene) -> Iterator[Row]:
    with running(processes(WORKERS)):
        wait_for(scene.launch(WARM_UP))
        rates = sorted(rate_of(scene.launch(EPISODES)) for _ in range(ROUNDS))
    yield Row(
        name="queue",
        what=f"episodes of 20 steps, run, stored and graded by {WORKERS} worker processes",
        unit="/s",
        median=rates[ROUNDS // 2],
        n=ROUNDS * EPISODES,
        target=Target("least", 60),
    )


def rate_of(run: Run) -> float:
    """Give episodes a second, from the first claim to the last verdict by the database's clock."""
    wait_for(run)
    graded = Assessment.objects.filter(rollout__run=run, passed=True)
    span = graded.aggregate(first=Min("rollout__episode__started_at"), last=Max("graded_at"))
    if graded.count() != run.rollouts.count():
        raise BenchError(f"{run}: some episodes did not pass")
    return float(graded.count() / (span["last"] - span["first"]).total_seconds())


def wait_for(run: Run) -> None:
    """Return when everything of a run is decided."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Assessment.objects.filter(rollout__run=run, status="open").exists():
        if time.monotonic() > deadline:
            raise BenchError(f"the workers did not finish within {PATIENCE_SECONDS} seconds:")
        waiting.repeat_lost_hints()  # as beat does
        time.sleep(0.25)
