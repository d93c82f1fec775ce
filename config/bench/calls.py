"""Tool calls in process: from the text that an agent sent to the text that it sees."""

import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial

from config.bench.corecraft import Case
from config.bench.measuring import Timing, measure
from config.bench.questions import questions
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene
from simulation.calls import call_tool
from simulation.snapshots import Snapshot
from simulation.state import MAX_RESULTS, WorldState

TOOLSET = "all"
Calls = Mapping[tuple[str, str], Callable[[], object]]  # by tool and arguments


def rows(scene: Scene) -> Iterator[Row]:
    calls = accepted(scene.snapshot, scene.case)
    timings = {place: measure(do) for place, do in calls.items()}
    by_tool = {tool: _of_tool(timings, tool) for tool, _ in timings}
    middle = statistics.median(timing.median for timing in by_tool.values())
    everything = Timing([sample for timing in by_tool.values() for sample in timing.samples])
    yield Row(
        name="call",
        what=f"one call: median over the {len(by_tool)} tools of the toolset {TOOLSET}",
        median=middle * 1000,
        p99=everything.p99 * 1000,
        n=everything.n,
        target=Target("r", 0.012),
    )
    yield _worst("call-worst", timings, Target("r", 0.05))
    yield from _widest(scene)
    yield unasked(scene.snapshot, set(by_tool))
    for tool, timing in by_tool.items():
        yield timed(f"call-{tool}", f"{tool}, median over its arguments", timing)


def accepted(snapshot: Snapshot, case: Case, **added: int) -> Calls:
    """Give every call that is answered, each in a clone of its own. added: only to tools that take
    it."""
    made: dict[tuple[str, str], Callable[[], object]] = {}
    for name, tool in snapshot.company.toolsets[TOOLSET].items():
        if added.keys() <= tool.parameters.model_fields.keys():
            for given in questions(tool, case, WorldState(snapshot)):
                raw = json.dumps({**given, **added}, ensure_ascii=False)
                do = partial(call_once, snapshot, name, raw)
                if not do():
                    made[name, raw] = do
    if not made:
        raise BenchError("no tool answers what config/bench/questions.py asks")
    return made


def call_once(snapshot: Snapshot, name: str, raw: str) -> bool:
    """Make a call in a fresh clone. True when it is refused."""
    result = call_tool(WorldState(snapshot), snapshot.company.toolsets[TOOLSET], name, raw)
    return result.is_error


def _widest(scene: Scene) -> Iterator[Row]:
    wide = accepted(scene.snapshot, scene.case, limit=MAX_RESULTS)
    timings = {place: measure(do) for place, do in wide.items()}
    yield _worst("call-limit-200", timings, Target("r", 0.08))


def unasked(snapshot: Snapshot, asked: Set[str]) -> Row:
    """Own up to the tools that the figures do not speak of."""
    missing = sorted(snapshot.company.toolsets[TOOLSET].keys() - asked)
    named = f": {', '.join(missing)}; config/bench/questions.py must ask them" if missing else ""
    what = f"tools of the toolset {TOOLSET} that were not measured{named}"
    return Row(
        name="call-unasked", what=what, unit="", median=len(missing), n=1, target=Target("most", 0)
    )


def _of_tool(timings: Mapping[tuple[str, str], Timing], wanted: str) -> Timing:
    return Timing(
        [s for (tool, _), timing in timings.items() if tool == wanted for s in timing.samples]
    )


def _worst(name: str, timings: Mapping[tuple[str, str], Timing], target: Target) -> Row:
    """Give the slowest call of all, tool and arguments together."""
    (tool, raw), timing = max(timings.items(), key=lambda item: item[1].median)
    return timed(name, f"the slowest call: {tool} {raw}", timing, target)
