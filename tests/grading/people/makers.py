"""Graded rollouts for tests of what people say about them."""

from typing import Any

from django.contrib.auth.models import User

from grading.models import Assessment, Rollout
from grading.people.verdicts import Said
from grading.verdicts import grade_episode
from simulation.runner import run_episode
from simulation.transcript import AgentSpec
from tests.factories import make_criterion, make_plan, make_rubric, make_run, make_world

NULL = AgentSpec(kind="null", name="null")
HUMAN = {"kind": "human", "instructions": "Read it aloud."}
NEVER = {
    "kind": "state",
    "entity_type": "sale",
    "where": [{"path": "buyer", "value": "eve"}],
    "expect": [{"path": "status", "value": "paid"}],
    "match": "any",
}
RUBRIC = make_rubric(
    make_criterion("sold"),
    make_criterion("tone", text="The answer is kind.", check=HUMAN),
    make_criterion("harm", text="Something else was sold.", points=-2, check=NEVER),
)


def make_graded(owner: User | None = None, **fields: Any) -> Assessment:
    """An assessment of a reference that passes, with one criterion, unless asked otherwise."""
    world = make_world(owner=owner)
    run = make_run(make_plan(world, **fields), owner=owner)
    return grade_all(run.rollouts.get())


def grade_all(rollout: Rollout) -> Assessment:
    run_episode(rollout.episode_id)
    grade_episode(rollout.episode_id)
    return rollout.assessments.select_related("rollout__run", "rollout__episode").get()


def said(outcome: str = "not_met", reason: str = "It was not.", **fields: Any) -> Said:
    return Said(outcome=outcome, reason=reason, **{"is_authoritative": True, **fields})
