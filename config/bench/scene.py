"""What is measured: a published world and one task in it, in a database of the benchmark's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import User

from config.bench import corecraft
from grading.criteria import RubricContent
from grading.models import Run
from grading.runs import Plan, launch_run
from simulation.episodes import make_spec
from simulation.models import World
from simulation.play import Episode, Outcome, play, prepare
from simulation.snapshots import Snapshot
from simulation.state import WorldState
from simulation.transcript import AgentSpec, Spec
from simulation.worlds import generate_world, load_snapshot

SEED = 7
PROMPT = """A customer wants to send something back. Find the open ticket, look at the order and \
the refunds so far, take the ticket over, record what is done, tell the customer, and say what was \
ordered."""


@dataclass(frozen=True)
class Scene:
    """The world, its owner, how many episodes are stored when pages are measured, and the factor
    on the amount of the world's data."""

    world: World
    owner: User
    stored_episodes: int = 0
    size: float = 1

    @cached_property
    def snapshot(self) -> Snapshot:
        return load_snapshot(self.world)

    @cached_property
    def case(self) -> corecraft.Case:
        return corecraft.find_case(WorldState(self.snapshot))

    @cached_property
    def rubric(self) -> RubricContent:
        return corecraft.rubric(self.case, WorldState(self.snapshot))

    @cached_property
    def spec(self) -> Spec:
        prompts = self.world.prompts.values()
        return make_spec(self.world, prompt=PROMPT, system_prompt=next(iter(prompts), ""))

    @cached_property
    def agent(self) -> AgentSpec:
        config = {"solution": corecraft.solution(self.case)}
        return AgentSpec(kind="reference", name="reference", config=config)

    def play(self) -> tuple[Episode, Outcome]:
        """Play the task once, in memory."""
        playing = prepare(self.snapshot, self.spec)
        return playing, play(playing, self.agent, lambda steps: None)

    def launch(self, count: int) -> Run:
        """Queue so many reference episodes, to be graded by the ten criteria."""
        plans = [self._plan(index) for index in range(1, count + 1)]
        return launch_run(
            title="Benchmark", kind=Run.Kind.EVALUATION, owner=self.owner, plans=plans
        )

    def _plan(self, index: int) -> Plan:
        return Plan(
            subject="benchmark@1",
            world=self.world,
            spec=self.spec,
            agent=self.agent,
            index=index,
            rubric=self.rubric,
        )


def make_scene(*, size: float, stored_episodes: int) -> Scene:
    """Generate and publish the world. Call it in a database that is thrown away."""
    owner = User.objects.create_superuser("bench")
    world = generate_world(
        environment=corecraft.SLUG,
        slug=corecraft.SLUG,
        title="CoreCraft",
        owner=owner,
        seed=SEED,
        size=size,
    )
    return Scene(world, owner, stored_episodes, size)


def episode_ids(run: Run) -> Sequence[int]:
    return list(run.rollouts.values_list("episode_id", flat=True))
