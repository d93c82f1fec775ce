"""Grading by ten deterministic criteria: in process, with the verdicts committed, and again."""

from collections.abc import Iterator
from functools import partial

from django.contrib.auth.models import User

from config.bench.measuring import REPETITIONS, measure, measure_each
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene, episode_ids
from grading.criteria import Outcome
from grading.graders import Evidence
from grading.models import Run
from grading.regrading.asking import Wish, ask_grading
from grading.tasks import grade_assessments
from grading.verdicts import grade, grade_episode
from simulation.runner import run_episode

GRADED = 2 * REPETITIONS


def rows(scene: Scene) -> Iterator[Row]:
    criteria = scene.rubric.criteria
    playing, outcome = scene.play()

    def decide() -> set[Outcome]:
        evidence = Evidence(scene.spec, playing.steps, outcome.final_response, playing.world)
        return {finding.outcome for finding in grade(criteria, evidence).values()}

    if decide() != {Outcome.MET}:
        raise BenchError("the benchmark's solution does not meet its own criteria")
    what = f"{len(criteria)} criteria, in process"
    yield timed("grading", what, measure(decide), Target("r", 0.02))
    run = scene.launch(GRADED)
    ids = episode_ids(run)
    for pk in ids:
        run_episode(pk)
    committed = measure_each([partial(grade_episode, pk) for pk in ids])
    what = f"{len(criteria)} criteria, from the stored episode to committed verdicts"
    yield timed("grading-committed", what, committed, Target("r", 0.5))
    yield from _again(run, scene.owner)


def _again(run: Run, owner: User) -> Iterator[Row]:
    """Grade the same stored episodes again, as a person asks for it and as workers do it."""
    wish = Wish(reason="benchmark")
    asked = measure_each([partial(ask_grading, run, wish, actor=owner)] * REPETITIONS)
    yield timed("regrading-asked", f"asking for a re-grading of {GRADED} stored episodes", asked)
    ids = ask_grading(run, wish, actor=owner).assessments.values_list("pk", flat=True)
    again = measure_each([partial(grade_assessments, [pk]) for pk in ids])
    yield timed("regrading", "one stored episode graded again, verdicts committed", again)
