"""Many stored episodes, made by SQL from one that was really played and graded."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import cycle, islice
from typing import Any

import yaml
from django.db import connection, models

from authoring.loading import LIBRARY, PlainLoader
from authoring.models import Draft, Revision, Task
from config.bench.rows import BenchError
from config.bench.scene import PROMPT, Scene, episode_ids
from grading.models import Assessment, Grading, Rollout, Run, Verdict
from grading.verdicts import grade_episode
from simulation.episodes import claim_episode, record_steps
from simulation.models import Episode, Lane, Step
from simulation.runner import run_episode

FIRST = 1_000_000  # copies are numbered from here
TASKS = 1000
ROLLOUTS_A_RUN = 1000
AGENTS = ("reference", "null", "echo", "claims_only")
FILLED = (Lane, Run, Grading, Rollout, Episode, Step, Assessment, Verdict)
SHOWN = 300  # characters that copies keep of long texts: real ones would only fill the disk

RUN = f"{FIRST} + (n - 1) / {ROLLOUTS_A_RUN}"
PLACE = f"mod(n - 1, {ROLLOUTS_A_RUN})"  # inside its run
COPY = f"{FIRST} + n"


def fill(scene: Scene, count: int) -> Rollout:
    """Store so many episodes in runs of a thousand, and a thousand tasks; give the one that was
    played."""
    run = scene.launch(1)
    (pk,) = episode_ids(run)
    run_episode(pk)
    grade_episode(pk)
    rollout = Rollout.objects.get(episode=pk)
    with connection.cursor() as cursor:
        _copy_runs(cursor, run, count)
        _copy_episodes(cursor, rollout, count)
        _copy_tasks(cursor, scene)
    for model in (*FILLED, Task, Revision, Draft):
        _analyze(model)
    return rollout


def long_episode(scene: Scene, steps: int) -> Rollout:
    """Store an episode of so many steps: those of one that was really played, over and over."""
    run = scene.launch(1)
    rollout = run.rollouts.get()
    playing, _ = scene.play()
    opening = [step for step in playing.steps if not step.turn]
    played = playing.steps[len(opening) :]
    lease = claim_episode(rollout.episode_id)
    if lease is None:
        raise BenchError("the long episode could not be claimed")
    many = [*opening, *islice(cycle(played), steps - len(opening))]
    numbered = [replace(step, index=index, changes=()) for index, step in enumerate(many)]
    record_steps(rollout.episode_id, numbered, lease=lease)
    return rollout


def _copy_runs(cursor: Any, run: Run, count: int) -> None:
    last = (count - 1) // ROLLOUTS_A_RUN
    number = f"{FIRST} + n"
    named: dict[str, str | None] = {
        "id": number,
        "lane_id": number,
        "title": "'Benchmark ' || n",
        "official_id": None,
    }
    _copy(cursor, Lane, run.lane_id or 0, {"id": number}, first=0, last=last)
    _copy(cursor, Run, run.pk, named, first=0, last=last)
    same = {"id": number, "run_id": number}
    original = Grading.objects.get(run=run).pk
    _copy(cursor, Grading, original, same, first=0, last=last)
    cursor.execute("UPDATE grading_run SET official_id = id WHERE official_id IS NULL")


def _copy_episodes(cursor: Any, rollout: Rollout, count: int) -> None:
    agents = ", ".join(f"'{name}'" for name in AGENTS)
    is_first = f"mod({PLACE}, {len(AGENTS)}) = 0"
    assessment = Assessment.objects.get(rollout=rollout)
    _copy(cursor, Episode, rollout.episode_id, {"id": COPY, "lane_id": RUN}, last=count)
    columns = {
        "id": COPY,
        "run_id": RUN,
        "episode_id": COPY,
        "subject": f"'task-' || {PLACE} / {len(AGENTS)} || '@1'",
        "agent": f"(ARRAY[{agents}])[1 + mod({PLACE}, {len(AGENTS)})]",
    }
    _copy(cursor, Rollout, rollout.pk, columns, last=count)
    result = {"reward": f"CASE WHEN {is_first} THEN 1 ELSE 0.3 END", "passed": is_first}
    graded = {"id": COPY, "rollout_id": COPY, "grading_id": RUN, **result}
    _copy(cursor, Assessment, assessment.pk, graded, last=count)
    for step in Step.objects.filter(episode=rollout.episode_id).values_list("pk", flat=True):
        texts = {name: f"left({name}, {SHOWN})" for name in ("content", "result")}
        _copy(cursor, Step, step, {"id": None, "episode_id": COPY, **texts}, last=count)
    for verdict in Verdict.objects.filter(assessment=assessment).values_list("pk", flat=True):
        _copy(cursor, Verdict, verdict, {"id": None, "assessment_id": COPY}, last=count)


def _copy_tasks(cursor: Any, scene: Scene) -> None:
    """Store tasks whose content is as long as that of real ones; the first have the rollouts."""
    task = Task.objects.create(slug="benchmark", owner=scene.owner)
    sample = next(LIBRARY.glob("**/task.yaml")).read_text("utf-8")
    content = {**yaml.load(sample, PlainLoader), "prompt": PROMPT}  # noqa: S506  a SafeLoader
    revision = Revision.objects.create(
        task=task, number=1, content=content, hash="", author=scene.owner, state="approved"
    )
    draft = Draft.objects.create(
        task=task,
        content=content,
        hash="ahead",
        findings={"errors": 1, "warnings": 2, "hints": 0},
        updated_by=scene.owner,
    )
    _copy(cursor, Task, task.pk, {"id": COPY, "slug": "'task-' || n"}, last=TASKS)
    _copy(cursor, Revision, revision.pk, {"id": COPY, "task_id": COPY}, last=TASKS)
    later = f"now() - mod(n * 7919, {TASKS}) * interval '1 minute'"
    same = {"id": COPY, "task_id": COPY, "updated_at": later}
    _copy(cursor, Draft, draft.pk, same, last=TASKS)


def _copy(
    cursor: Any,
    model: type[models.Model],
    pk: int,
    changed: Mapping[str, str | None],
    *,
    last: int,
    first: int = 1,
) -> None:
    """Copy a row for every n. changed: SQL by column; None leaves a column to its default."""
    columns = [str(field.column) for field in model._meta.concrete_fields]
    written = {column: changed.get(column, f'"{column}"') for column in columns}
    kept = {column: value for column, value in written.items() if value is not None}
    names = ", ".join(f'"{column}"' for column in kept)
    table = f'"{model._meta.db_table}"'
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(kept.values())}"  # noqa: S608  constants
        f" FROM {table}, generate_series(%s, %s) AS n WHERE id = %s",
        [first, last, pk],
    )


def _analyze(model: type[models.Model]) -> None:
    """Do now what the server would do in a while by itself."""
    with connection.cursor() as cursor:
        cursor.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')
