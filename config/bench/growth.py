"""A world of ten times the size beside the usual one: what stays as it is, and what grows.

Calls that an index answers cost the same, and a process grows by the snapshot alone: clones and
episodes are no larger in a larger world.
"""

import gc
import json
import statistics
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import truediv

from config.bench import corecraft
from config.bench.calls import TOOLSET, call_once
from config.bench.measuring import Timing, measure_beside
from config.bench.questions import indexed
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import PROMPT, SEED, Scene
from simulation.environments import environment
from simulation.play import play, prepare
from simulation.snapshots import Snapshot, pack, unpack
from simulation.state import WorldState
from simulation.transcript import AgentSpec, Spec

TIMES = 10
SAME = Target("most", 1.25)  # times as much at ten times the world: what a repetition may differ by
EPISODES = 40
KIB = 1024


@dataclass(frozen=True)
class Figures:
    """A world in memory, in KiB: its own rows and indexes, and what each episode's clone adds."""

    snapshot: Snapshot
    entities: int
    own: float
    kept: float


def rows(scene: Scene) -> Iterator[Row]:
    usual, larger = (_load(scene.size * times) for times in (1, TIMES))
    timings = measure_beside(*(_calls(figures.snapshot) for figures in (usual, larger)))
    yield from _of_world("usual", usual, timings[0])
    yield from _of_world("larger", larger, timings[1])
    slower = statistics.median(map(truediv, timings[1].samples, timings[0].samples))
    yield _times("indexed-growth", "calls that an index answers", slower)
    yield _times("kept-growth", "memory of an episode's clone", larger.kept / usual.kept)


def _of_world(name: str, figures: Figures, timing: Timing) -> Iterator[Row]:
    at = f"at {figures.entities:,} rows"
    yield timed(f"indexed-{name}", f"calls that an index answers, one of each, {at}", timing)
    yield _memory(f"snapshot-{name}", f"the snapshot and its indexes, {at}", figures.own)
    yield _memory(f"kept-{name}", f"the clone of an episode of 20 steps, {at}", figures.kept)


def _load(size: float) -> Figures:
    """Load a world as a process does, play in it, and see what either takes."""
    data, content_hash, entities = _stored(size)
    gc.collect()
    tracemalloc.start()
    try:
        snapshot = unpack(data, content_hash)
        task = _Task(snapshot)
        task.play()
        own = _traced()
        kept = [task.play() for _ in range(EPISODES)]
        added = (_traced() - own) / len(kept)
    finally:
        tracemalloc.stop()
    return Figures(snapshot, entities, own, added)


def _calls(snapshot: Snapshot) -> Callable[[], None]:
    """Give one function that makes every indexed call, each in a clone of its own."""
    tools = snapshot.company.toolsets[TOOLSET]
    case = corecraft.find_case(WorldState(snapshot))
    calls = [
        partial(call_once, snapshot, name, json.dumps(arguments))
        for name, given in indexed(case).items()
        if name in tools
        for arguments in given
    ]
    if refused := [call for call in calls if call()]:
        raise BenchError(f"{refused[0]} is refused: config/bench/questions.py must ask what works")

    def call_all() -> None:
        for call in calls:
            call()

    return call_all


class _Task:
    """The benchmark's task in a world that no database holds."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._spec = Spec(prompt=PROMPT)
        case = corecraft.find_case(WorldState(snapshot))
        config = {"solution": corecraft.solution(case)}
        self._agent = AgentSpec(kind="reference", name="reference", config=config)

    def play(self) -> WorldState:
        """Play it, and give the clone that is left; the texts of its steps depend on the task."""
        episode = prepare(self._snapshot, self._spec)
        play(episode, self._agent, lambda steps: None)
        return episode.world


def _stored(size: float) -> tuple[bytes, str, int]:
    """Make a world as it is stored; give (bytes, hash, rows)."""
    generator = environment(corecraft.SLUG).generator
    entities = generator.generate(seed=SEED, size=size).entities
    document = {
        "agentEmployeeId": generator.AGENT_EMPLOYEE_ID,
        "entities": entities,
        "environment": corecraft.SLUG,
        "now": generator.NOW,
    }
    content_hash, data, _ = pack(document)
    return data, content_hash, sum(map(len, entities.values()))


def _traced() -> float:
    gc.collect()
    return tracemalloc.get_traced_memory()[0] / KIB


def _memory(name: str, what: str, kib: float) -> Row:
    return Row(name=name, what=what, unit="KiB", median=kib, n=1)


def _times(name: str, what: str, times: float) -> Row:
    words = f"{what} at {TIMES} times the world, as a multiple"
    return Row(name=name, what=words, unit="×", median=times, n=1, target=SAME)
