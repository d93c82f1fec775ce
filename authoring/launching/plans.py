"""Revisions as rollouts: what each agent is asked, in which world, measured by what."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from authoring.content import TaskContent
from authoring.gates import asked_of, spec_of
from authoring.models import Revision, Task
from grading.runs import Plan
from simulation.agent_settings import NO_LIMITS, Limits, within
from simulation.conversation import CustomerPlayer, check_can_converse, needs_player
from simulation.errors import InvalidArgument
from simulation.faults import Faults, with_faults
from simulation.models import World
from simulation.transcript import AgentSpec, Spec
from simulation.worlds import find_world


class Actor(Protocol):
    """An agent before it is given a task."""

    @property
    def limits(self) -> Limits: ...

    def spec(self, content: TaskContent) -> AgentSpec: ...


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What decides every episode of a run besides its task and agent.

    seed: None leaves all episodes the same.
    """

    repeats: int = 1
    limits: Limits = NO_LIMITS
    faults: Faults | None = None
    player: CustomerPlayer | None = None
    seed: int | None = None


def plans_of(
    work: Iterable[tuple[Revision, Sequence[Actor]]],
    tasks: Mapping[int, Task],
    conditions: Conditions,
) -> list[Plan]:
    """work: revisions, each with who tries it. tasks: as they are held, by number."""
    worlds: dict[str, World] = {}
    plans: list[Plan] = []
    for revision, actors in work:
        content = revision.value
        if content.world not in worlds:  # one question a world, of which there are few
            worlds[content.world] = find_world(content.world)
        world = worlds[content.world]
        plans += _plans(revision, tasks[revision.task_id], content, world, actors, conditions)
    return plans


def seed_of(seed: int, subject: str, index: int) -> int:
    """Derive the seed of one rollout: the same for all agents, another for each repeat."""
    digest = hashlib.sha256(f"{seed}:{subject}:{index}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1


def _plans(
    revision: Revision,
    task: Task,
    content: TaskContent,
    world: World,
    actors: Sequence[Actor],
    conditions: Conditions,
) -> Iterator[Plan]:
    asked = spec_of(content, world)
    labels = {
        **content.labels,
        "author": revision.author.get_username(),
        "family": task.family,
        "split": task.split,
    }
    for actor in actors:
        agent = actor.spec(content)
        spec = asked_of(_under(asked, actor, conditions), agent)
        _check_can_converse(spec, agent, revision)
        for index in range(1, conditions.repeats + 1):
            yield Plan(
                subject=str(revision),
                world=world,
                spec=_seeded(spec, conditions.seed, str(revision), index),
                agent=agent,
                index=index,
                rubric=content.rubric,
                labels=labels,
            )


def _under(asked: Spec, actor: Actor, conditions: Conditions) -> Spec:
    """Set what the run decides; a task's own faults stay."""
    faults, player = conditions.faults, conditions.player
    budgets = within(asked.budgets, actor.limits, conditions.limits)
    spec = with_faults(asked, faults.model_dump() if faults else None)
    spec = spec.model_copy(update={"budgets": budgets})
    if player is None or not needs_player(spec):
        return spec
    return spec.model_copy(update={"customer_player": player.model_dump()})


def _check_can_converse(spec: Spec, agent: AgentSpec, revision: Revision) -> None:
    try:
        check_can_converse(spec, agent)
    except InvalidArgument as error:
        raise InvalidArgument(f"{revision}, {agent.name}: {error.message}") from None


def _seeded(spec: Spec, seed: int | None, subject: str, index: int) -> Spec:
    if seed is None:
        return spec
    return spec.model_copy(update={"seed": seed_of(seed, subject, index)})
