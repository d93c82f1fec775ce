"""Going through an episode again: by its recorded changes, or by executing its calls once more."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulation.calls import call_tool
from simulation.episodes import read_steps
from simulation.faults import fault_of
from simulation.models import Episode
from simulation.play import Episode as Playing
from simulation.play import prepare
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.transcript import Call, Spec, StepRecord, tool_calls
from simulation.worlds import snapshot_of


@dataclass(frozen=True)
class Rerun:
    """How executing the calls again compares.

    comparable: False when the tools have changed since; differences then mean nothing.
    """

    comparable: bool
    hash: str
    differing_steps: tuple[int, ...]

    def is_same(self, recorded_hash: str) -> bool:
        return self.hash == recorded_hash and not self.differing_steps


def state_at(
    snapshot: Snapshot, spec: Spec, steps: Sequence[StepRecord], *, step: int | None = None
) -> WorldState:
    """Give the world as it was after a step, or at the end: snapshot + setup + changes up to it."""
    kept = [s for s in steps if step is None or s.index <= step]
    return prepare(snapshot, spec, kept).world


def rebuild(episode: Episode, *, step: int | None = None) -> WorldState:
    """Give an episode's world from the recorded changes. Its hash is the recorded one, always."""
    spec = Spec.model_validate(episode.spec)
    return state_at(snapshot_of(episode.world_id), spec, read_steps(episode), step=step)


def rerun(episode: Episode) -> Rerun:
    """Execute the recorded calls again in a fresh clone and compare what agents would see.

    What was made to fail is not executed this time either, and nothing is held up.
    """
    spec = Spec.model_validate(episode.spec)
    snapshot = snapshot_of(episode.world_id)
    playing = prepare(snapshot, spec)
    differing = []
    for number, step in enumerate(tool_calls(read_steps(episode)), start=1):
        if _once_more(playing, number, step) != (step.fault, step.result):
            differing.append(step.index)
    comparable = snapshot.company.tools_hash(spec.toolset) == spec.tools_hash
    return Rerun(comparable, playing.world.hash(), tuple(differing))


def _once_more(playing: Playing, number: int, step: StepRecord) -> tuple[str, str]:
    """Make a recorded call again; gives what was made to go wrong and what an agent would see."""
    fault = fault_of(playing.spec, playing.tools, number, step.tool)
    call = Call(step.tool, step.arguments_raw)
    result = fault.result(call, sleep=lambda _: None) if fault else None
    if result is None:
        result = call_tool(playing.world, playing.tools, call.name, call.arguments_raw)
    return fault.kind if fault else "", result.text
