"""Fresh worlds: the clone of an episode, and the first one in a process."""

import tracemalloc
from collections.abc import Callable, Iterator

from config.bench.measuring import measure
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene
from simulation.snapshots import Snapshot, unpack
from simulation.state import WorldState

CLONES = 2000


def rows(scene: Scene) -> Iterator[Row]:
    snapshot = scene.snapshot
    clone = measure(lambda: WorldState(snapshot))
    yield timed("clone", "a fresh world, warm", clone, Target("r", 0.001))
    yield Row(
        name="clone-memory",
        what="an untouched fresh world",
        unit="KiB",
        median=_bytes_each(lambda: WorldState(snapshot)) / 1024,
        n=CLONES,
        target=Target("most", 16),
    )
    yield from _cold(scene)


def _cold(scene: Scene) -> Iterator[Row]:
    stored = scene.world.snapshot
    if stored is None:
        raise BenchError(f"{scene.world} is not published")
    data, content_hash = bytes(stored.data), stored.content_hash
    cold = measure(lambda: _read_all(unpack(data, content_hash)))
    what = "unpack the stored snapshot, read all rows (process warm, cache empty)"
    yield timed("cold-load", what, cold, Target("r", 1.5))


def _read_all(snapshot: Snapshot) -> None:
    world = WorldState(snapshot)
    for entity_type in world.entity_types:
        for _ in world.rows(entity_type):
            pass


def _bytes_each(make: Callable[[], object]) -> float:
    make()
    tracemalloc.start()
    kept = [make() for _ in range(CLONES)]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / len(kept)
