"""Episodes that a model plays: what one that waits costs, and groups of rollouts a minute.

The model is scripted: a server of its own that answers after a fixed time what the solution says.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from config.bench import corecraft
from config.bench.measuring import status_of
from config.bench.queue import rate_of, wait_for
from config.bench.rows import BenchError, Row
from config.bench.scene import Scene
from config.bench.workers import conversations, processes, running
from config.programs import Program
from config.scripted_model import script_line, scripted_model
from grading.models import Run
from grading.runs import Plan, launch_run
from simulation import waiting
from simulation.models import Episode, ModelEndpoint
from simulation.models.endpoints import LONGEST_TIMEOUT
from simulation.transcript import AgentSpec

GROUP, GROUPS, ROUNDS = 16, 8, 3
LATENCY, FOREVER = 0.05, 600.0  # seconds
HELD = 500  # conversations that wait at the same time
THREADS = 64  # as `manage.py up` has them
PATIENCE_SECONDS = 120
MODEL = "scripted"


@dataclass(frozen=True)
class Player:
    """The task of the scene, played by a model at an endpoint."""

    scene: Scene
    endpoint: ModelEndpoint

    def launch(self, count: int) -> Run:
        plans = [self._plan(index) for index in range(1, count + 1)]
        owner = self.scene.owner
        return launch_run(title="Model", kind=Run.Kind.EVALUATION, owner=owner, plans=plans)

    def _plan(self, index: int) -> Plan:
        scene, endpoint = self.scene, self.endpoint
        script = script_line(corecraft.solution(scene.case))
        prompt = f"{scene.spec.prompt}\n{script}"
        asked = {"endpoint_id": endpoint.pk, "endpoint": endpoint.name, "model": MODEL}
        return Plan(
            subject="benchmark@1",
            world=scene.world,
            spec=scene.spec.model_copy(update={"prompt": prompt}),
            agent=AgentSpec(kind="chat", name=endpoint.name, config=asked),
            index=index,
            rubric=scene.rubric,
        )


def rows(scene: Scene) -> Iterator[Row]:
    with scripted_model(latency=LATENCY) as quick, scripted_model(latency=FOREVER) as slow:
        yield from _held(scene, quick, slow)
        yield _groups(scene, quick)


def _groups(scene: Scene, address: str) -> Row:
    player = Player(scene, _endpoint(scene, "groups", address))
    with running(processes(2), conversations(THREADS)):
        wait_for(player.launch(GROUP))
        rates = sorted(rate_of(player.launch(GROUP * GROUPS)) for _ in range(ROUNDS))
    return Row(
        name="groups",
        what=f"groups of {GROUP} rollouts a minute: 20 answers of a model that takes "
        f"{LATENCY * 1000:.0f} ms; {THREADS} threads in one process, grading in two more",
        unit="/min",
        median=rates[ROUNDS // 2] * 60 / GROUP,
        n=ROUNDS * GROUPS * GROUP,
    )


def _held(scene: Scene, quick: str, slow: str) -> Iterator[Row]:
    """Fill a process with conversations that wait, and see how it grew."""
    worker = conversations(HELD)
    with running(processes(1), worker):
        wait_for(Player(scene, _endpoint(scene, "once", quick)).launch(1))
        before = _status(worker)
        begun = time.perf_counter()
        Player(scene, _endpoint(scene, "held", slow)).launch(HELD)
        _wait_until_held(HELD)
        seconds, after = time.perf_counter() - begun, _status(worker)
        sessions = _sessions()
    told = f"a process that holds {HELD} conversations with a model that does not answer"
    added = (after["VmRSS"] - before["VmRSS"]) / HELD
    yield Row(name="held", what=f"{told}: memory of each", unit="KiB", median=added, n=HELD)
    whole = after["VmRSS"] / 1024
    yield Row(name="held-process", what=f"{told}: all its memory", unit="MB", median=whole, n=1)
    yield Row(name="held-threads", what=f"{told}: threads", unit="", median=after["Threads"], n=1)
    what = "connections to the database meanwhile, of all that run"
    yield Row(name="held-connections", what=what, unit="", median=sessions, n=1)
    what = f"{HELD} conversations begun by one process"
    yield Row(name="held-begun", what=what, unit="/s", median=HELD / seconds, n=HELD)


def _wait_until_held(count: int) -> None:
    """Return when so many episodes have stored their prompt and wait for the first answer."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    running_ones = Episode.objects.filter(status="running", step_count__gte=1)
    while (held := running_ones.count()) < count:
        if time.monotonic() > deadline:
            raise BenchError(f"{held} of {count} conversations were begun:")
        waiting.repeat_lost_hints()
        time.sleep(0.25)


def _endpoint(scene: Scene, name: str, address: str) -> ModelEndpoint:
    return ModelEndpoint.objects.create(
        name=name, base_url=address, timeout_s=LONGEST_TIMEOUT, created_by=scene.owner
    )


def _status(program: Program) -> dict[str, int]:
    if program.pid is None:
        raise BenchError(f"{program.name} does not run:")
    return dict(status_of(program.pid))


def _sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])
