"""Runs that were graded, and other rubrics for them."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from grading.criteria import Criterion
from grading.models import Assessment, Grading, Run, Verdict
from grading.regrading.asking import Wish, ask_grading
from grading.regrading.measures import Measure, setup_hash
from grading.tasks import grade_assessments
from grading.verdicts import grade_episode, settle
from simulation.models import World
from simulation.runner import run_episode
from simulation.transcript import AgentSpec
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world, reference

NULL = AgentSpec(kind="null", name="null")
NEVER = {
    "kind": "state",
    "entity_type": "sale",
    "where": [{"path": "buyer", "value": "nobody"}],
    "expect": [{"path": "status", "value": "paid"}],
    "match": "any",
}
HUMAN = {"kind": "human"}
SUBJECT = "sell-lamps@1"


def make_measure(world: World, *criteria: Criterion, name: str = "sell-lamps@2") -> Measure:
    rubric = make_rubric(*criteria)
    return Measure(rubric=rubric, world=str(world), setup=setup_hash(()), name=name)


def finish(run: Run) -> Run:
    for rollout in run.rollouts.all():
        run_episode(rollout.episode_id)
        grade_episode(rollout.episode_id)
    return run


def make_graded_run(
    *criteria: Criterion,
    agents: Sequence[AgentSpec] = (reference(), NULL),
    repeats: int = 2,
    owner: User | None = None,
    **fields: Any,
) -> Run:
    """A run whose rollouts are decided: a reference that passes and an agent that does nothing."""
    world = make_world(owner=owner)
    rubric = make_rubric(*criteria)
    plans = [
        make_plan(world, agent=agent, index=n, rubric=rubric, **fields)
        for agent in agents
        for n in range(1, repeats + 1)
    ]
    return finish(make_run(*plans, owner=owner))


def wish_for(run: Run, *criteria: Criterion, **fields: Any) -> Wish:
    """Ask for other criteria; none are those of the launch."""
    world = run.rollouts.first().episode.world
    rubrics = {SUBJECT: make_measure(world, *criteria)} if criteria else None
    return Wish(**{"reason": "the rubric was wrong", "rubrics": rubrics, **fields})


def ask(run: Run, *criteria: Criterion, actor: User | None = None, **fields: Any) -> Grading:
    return ask_grading(run, wish_for(run, *criteria, **fields), actor=actor or run.owner)


def decide(grading: Grading) -> Grading:
    """Do what the workers do."""
    grade_assessments(list(grading.assessments.values_list("pk", flat=True)))
    return grading


def regrade(run: Run, *criteria: Criterion, **fields: Any) -> Grading:
    return decide(ask(run, *criteria, **fields))


@transaction.atomic
def say(
    assessment: Assessment, author: User, outcome: str = "met", *, key: str = "lamp-sold",
    final: bool = True, **fields: Any,
) -> Verdict:  # fmt: skip
    """Let a person give a verdict."""
    verdict = Verdict.objects.create(
        assessment=assessment,
        criterion_key=key,
        outcome=outcome,
        source="human",
        author=author,
        is_authoritative=final,
        rationale="I read it.",
        **fields,
    )
    settle(assessment.pk)
    return verdict


def results(grading: Grading) -> list[tuple[Any, ...]]:
    rows = grading.assessments.order_by("rollout__agent", "rollout__index")
    return list(rows.values_list("rollout__agent", "status", "reward", "passed"))


def never(key: str = "lamp-sold", **fields: Any) -> Criterion:
    """A criterion that no rollout of these tests meets."""
    return make_criterion(key, **{"check": NEVER, **fields})
