"""The scene of a task: its world with the setup, and what becomes of its reference there.

Whatever cannot be had is None, with the reason: an unfinished task is the normal case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import orjson

from authoring.content import DraftContent
from grading.graders import Evidence
from simulation.episodes import make_spec
from simulation.errors import GymError
from simulation.models import World
from simulation.play import play, prepare
from simulation.setup import apply_setup
from simulation.snapshots import Snapshot
from simulation.state import Change, WorldState
from simulation.text import canonical
from simulation.transcript import AgentSpec, StepRecord, tool_calls
from simulation.worlds import find_world, load_snapshot


@dataclass(frozen=True)
class Played:
    """A reference as it was played; `problem` says why it stopped early, "" when it did not."""

    evidence: Evidence
    problem: str = ""

    @cached_property
    def calls(self) -> list[StepRecord]:
        """The calls that were made, in their order: the first belongs to the first call step."""
        return tool_calls(self.evidence.steps)


@dataclass(frozen=True)
class Scene:
    """content: what is written. world: None when it names no published world.

    setup: the changes of those operations that can be applied; setup_problems name the others.
    """

    content: DraftContent
    world: World | None
    world_problem: str
    setup: tuple[Change, ...] = ()
    setup_problems: tuple[str, ...] = ()

    @cached_property
    def snapshot(self) -> Snapshot | None:
        return load_snapshot(self.world) if self.world else None

    @property
    def prompts(self) -> Mapping[str, str]:
        return self.world.prompts if self.world else {}

    @property
    def ready(self) -> WorldState | None:
        """A fresh clone after setup: what the agent begins with."""
        if self.snapshot is None:
            return None
        return WorldState(self.snapshot, self.setup, max_results=self.content.page_size)

    @cached_property
    def played(self) -> Played | None:
        """The reference, played in memory; None where it cannot be, see `play_problem`."""
        return self._play[0]

    @property
    def play_problem(self) -> str:
        """Why the reference cannot be played at all."""
        return self._play[1]

    @cached_property
    def _play(self) -> tuple[Played | None, str]:
        if self.world is None:
            return None, self.world_problem
        if self.setup_problems:
            return None, "The setup cannot be applied yet."
        if not self.content.reference:
            return None, "There is no reference solution yet."
        try:
            return _played(self.world, self.world.content_hash, _asked(self.content)), ""
        except GymError as error:
            return None, error.message


def scene_of(content: DraftContent) -> Scene:
    """Set a draft's scene, as far as that is possible."""
    try:
        world = find_world(content.world) if content.world else None
    except GymError as error:
        return Scene(content, None, error.message)
    if world is None:
        return Scene(content, None, "The task has no world yet.")
    changes, problems = apply_setup(load_snapshot(world), content.setup)
    return Scene(content, world, "", tuple(changes), tuple(problems))


def _asked(content: DraftContent) -> bytes:
    """Give all that decides what becomes of the reference, in canonical bytes."""
    names = {"prompt", "setup", "toolset", "budgets", "max_results", "mode", "reference"}
    asked = content.model_dump(mode="json", include=names)
    return canonical({**asked, "max_results": content.page_size})


@lru_cache(maxsize=64)
def _played(world: World, content_hash: str, asked: bytes) -> Played:
    """content_hash: of the world, which is published. Raises GymError for what does not fit it."""
    given = orjson.loads(asked)
    solution = given.pop("reference")
    spec = make_spec(world, **given)
    playing = prepare(load_snapshot(world), spec)
    agent = AgentSpec(kind="reference", name="reference", config={"solution": solution})
    outcome = play(playing, agent, lambda _: None)
    steps = [*playing.steps]
    evidence = Evidence(spec, steps, outcome.final_response, playing.world)
    return Played(evidence, outcome.detail)
