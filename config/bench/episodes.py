"""Whole episodes of 20 steps: in memory, committed to PostgreSQL, and rebuilt from there."""

from collections.abc import Iterator
from functools import partial

from config.bench.measuring import REPETITIONS, measure, measure_each
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene, episode_ids
from simulation.models import Episode
from simulation.replay import rebuild
from simulation.runner import run_episode

COMMITTED = 2 * REPETITIONS


def rows(scene: Scene) -> Iterator[Row]:
    in_memory = measure(scene.play)
    yield timed("episode", "20 steps, in memory", in_memory, Target("r", 0.2))
    ids = episode_ids(scene.launch(COMMITTED))
    committed = measure_each([partial(run_episode, pk) for pk in ids])
    what = "20 steps, committed to PostgreSQL (claim, steps, end, message)"
    yield timed("episode-committed", what, committed, Target("r", 1.0))
    stored = Episode.objects.get(pk=ids[0])
    if rebuild(stored).hash() != stored.state_hash:
        raise BenchError(f"{stored} does not rebuild to its hash")
    yield timed("rebuild", "its world, from the stored steps", measure(lambda: rebuild(stored)))
