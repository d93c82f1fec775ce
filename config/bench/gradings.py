"""Grading by ten deterministic criteria: in process, and with the verdicts committed."""

from collections.abc import Iterator
from functools import partial

from config.bench.measuring import REPETITIONS, measure, measure_each
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene, episode_ids
from grading.criteria import Outcome
from grading.graders import Evidence
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
    ids = episode_ids(scene.launch(GRADED))
    for pk in ids:
        run_episode(pk)
    committed = measure_each([partial(grade_episode, pk) for pk in ids])
    what = f"{len(criteria)} criteria, from the stored episode to committed verdicts"
    yield timed("grading-committed", what, committed, Target("r", 0.5))
