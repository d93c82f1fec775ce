"""Tool calls in process: from the text that an agent sent to the text that it sees."""

import json
import statistics
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from config.bench import corecraft
from config.bench.measuring import Timing, measure
from config.bench.rows import BenchError, Row, Target, timed
from config.bench.scene import Scene
from simulation.calls import call_tool
from simulation.snapshots import Snapshot
from simulation.state import MAX_RESULTS, WorldState

TOOLSET = "default"
Calls = Mapping[tuple[str, str], Callable[[], object]]  # by tool and arguments


def rows(scene: Scene) -> Iterator[Row]:
    timings = {place: measure(do) for place, do in _calls(scene.snapshot, scene.case, {}).items()}
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
    for tool, timing in by_tool.items():
        yield timed(f"call-{tool}", f"{tool}, median over its arguments", timing)


def _widest(scene: Scene) -> Iterator[Row]:
    wide = _calls(scene.snapshot, scene.case, {"limit": MAX_RESULTS})
    timings = {place: measure(do) for place, do in wide.items()}
    yield _worst("call-limit-200", timings, Target("r", 0.08))


def _calls(snapshot: Snapshot, case: corecraft.Case, added: Mapping[str, int]) -> Calls:
    """Give every call, each in a clone of its own. added: only to tools that take it."""
    tools = snapshot.company.toolsets[TOOLSET]
    arguments = corecraft.calls(case)
    if missing := sorted(tools.keys() - arguments.keys()):
        raise BenchError(f"config/bench/corecraft.py has no calls of {', '.join(missing)}")
    made: dict[tuple[str, str], Callable[[], object]] = {}
    for name, tool in tools.items():
        if added.keys() <= tool.parameters.model_fields.keys():
            for given in arguments[name]:
                raw = json.dumps({**given, **added}, ensure_ascii=False)
                made[name, raw] = _checked(partial(_call, snapshot, name, raw))
    return made


def _call(snapshot: Snapshot, name: str, raw: str) -> bool:
    result = call_tool(WorldState(snapshot), snapshot.company.toolsets[TOOLSET], name, raw)
    return result.is_error


def _checked(call: Callable[[], bool]) -> Callable[[], bool]:
    if call():
        raise BenchError(f"{call} is refused: config/bench/corecraft.py must ask for what works")
    return call


def _of_tool(timings: Mapping[tuple[str, str], Timing], wanted: str) -> Timing:
    return Timing(
        [s for (tool, _), timing in timings.items() if tool == wanted for s in timing.samples]
    )


def _worst(name: str, timings: Mapping[tuple[str, str], Timing], target: Target) -> Row:
    """Give the slowest call of all, tool and arguments together."""
    (tool, raw), timing = max(timings.items(), key=lambda item: item[1].median)
    return timed(name, f"the slowest call: {tool} {raw}", timing, target)
