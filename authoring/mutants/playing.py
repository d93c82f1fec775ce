"""Playing solutions in clones of a world, in memory.

Unlike the agent `reference` a solution goes on after a failed call: an argument that took its value
from one that failed is left out, as by an agent that could not look it up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from authoring.content import CallStep, MessageStep, TaskContent
from authoring.gates import spec_of
from authoring.mutants import Steps
from grading.graders import Evidence
from simulation import refs
from simulation.agents.reference import Results
from simulation.errors import InvalidArgument
from simulation.faults import calmed, page_size
from simulation.play import Episode, make_call
from simulation.setup import setup_changes
from simulation.snapshots import Snapshot
from simulation.state import Change, WorldState
from simulation.transcript import Call, Spec, StepRecord, tool_calls
from simulation.worlds import find_world, load_snapshot


@dataclass(frozen=True)
class Stage:
    """A world prepared once, in which many solutions are played."""

    spec: Spec
    snapshot: Snapshot
    setup: Sequence[Change]

    def clone(self) -> WorldState:
        return WorldState(self.snapshot, self.setup, max_results=page_size(self.spec))


@dataclass(frozen=True)
class Played:
    """What became of a solution."""

    evidence: Evidence

    @cached_property
    def calls(self) -> Sequence[StepRecord]:
        return tool_calls(self.evidence.steps)

    @property
    def answer(self) -> str:
        return self.evidence.final_response

    @cached_property
    def state_hash(self) -> str:
        return self.evidence.world.hash()


def stage_of(content: TaskContent) -> Stage:
    """Prepare a task's world: its snapshot with the setup. Raises GymError."""
    snapshot = load_snapshot(find_world(content.world))
    return Stage(calmed(spec_of(content)), snapshot, setup_changes(snapshot, content.setup))


def play_solution(stage: Stage, steps: Steps) -> Played:
    """Play a solution in a fresh clone. Raises ToolCrashed when a tool is broken."""
    episode = Episode(stage.spec, stage.clone())
    episode.steps.append(StepRecord(0, 0, "user", content=stage.spec.prompt))
    answer = ""
    for step in steps:
        index, turn = len(episode.steps), episode.turns + 1
        if isinstance(step, MessageStep):
            answer = step.message
            episode.steps.append(StepRecord(index, turn, "assistant", content=answer))
        else:
            call = Call(step.call, json.dumps(_arguments(step, episode), ensure_ascii=False))
            episode.steps.append(make_call(episode, call, index=index, turn=turn))
    return Played(Evidence(stage.spec, episode.steps, answer, episode.world))


def _arguments(step: CallStep, episode: Episode) -> dict[str, Any]:
    results = Results(tool_calls(episode.steps))
    arguments: dict[str, Any] = {}
    for name, value in step.arguments.items():
        try:
            arguments[name] = refs.resolve(value, results)
        except InvalidArgument:
            continue
    return arguments
