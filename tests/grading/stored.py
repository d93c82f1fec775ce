"""Runs as the database holds them after their end, written down instead of played."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from grading.criteria import reward_of
from grading.models import Assessment, Rollout, Run, Verdict
from grading.runs import launch_run
from simulation.models import Episode, Step
from simulation.transcript import AgentSpec
from tests.factories import make_criterion, make_plan, make_rubric, make_world

THEN = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
RUBRIC = make_rubric(
    make_criterion("paid"),
    make_criterion("told", category="completeness", points=2),
    make_criterion("harm", category="constraint_satisfaction", points=-2),
)
PASS, FAIL = {"paid": "met", "told": "met"}, {"paid": "met", "told": "not_met"}
Result = Mapping[str, str] | str  # outcomes by criterion, "not_met" for others; or a stop reason


def make_stored_run(
    agents: Mapping[str, Mapping[str, Sequence[Result]]],
    *,
    owner: User | None = None,
    labels: Mapping[str, Mapping[str, Any]] | None = None,
    stops: Mapping[str, str] | None = None,
    **fields: Any,
) -> Run:
    """agents: agent → task → what became of each repeat; labels and stops by task."""
    world = make_world(**({"owner": owner} if owner else {}))
    plans = [
        make_plan(
            world,
            subject=f"{task}@1",
            agent=AgentSpec(kind="null", name=agent, config={}),
            index=index,
            rubric=RUBRIC,
            labels=(labels or {}).get(task, {}),
        )
        for agent, tasks in agents.items()
        for task, results in tasks.items()
        for index, _ in enumerate(results, 1)
    ]
    given = {"title": "Stored", "kind": Run.Kind.EVALUATION, **fields}
    run = launch_run(owner=owner or world.owner, plans=plans, **given)
    for rollout in run.rollouts.all():
        result = agents[rollout.agent][rollout.task][rollout.index - 1]
        settle(rollout, result, (stops or {}).get(rollout.task, "done"))
    return run


def settle(rollout: Rollout, result: Result, stop: str) -> None:
    """Write the end of an episode, and its verdicts unless it ended for a reason of ours."""
    is_masked = isinstance(result, str)
    Episode.objects.filter(pk=rollout.episode_id).update(
        status="ended", stop_reason=result if is_masked else stop, state_hash="0" * 64,
        started_at=THEN, ended_at=THEN,
    )  # fmt: skip
    if is_masked:
        return
    outcomes = {
        criterion.key: result.get(criterion.key, "not_met") for criterion in RUBRIC.criteria
    }
    graded = reward_of(RUBRIC.criteria, outcomes)
    assessment = rollout.assessments.get(grading=rollout.run.official_id)
    Assessment.objects.filter(pk=assessment.pk).update(
        status="graded" if graded else "incomplete", graded_at=THEN,
        reward=graded[0] if graded else None, passed=graded[1] if graded else None,
    )  # fmt: skip
    Verdict.objects.bulk_create(
        Verdict(assessment=assessment, criterion_key=key, outcome=outcome, source="check")
        for key, outcome in outcomes.items()
    )


def make_calls(rollout: Rollout, *calls: tuple[str, Any, bool]) -> None:
    """Store a turn for each (tool, arguments, is_error); arguments as text are broken JSON."""
    Step.objects.bulk_create(
        Step(
            episode_id=rollout.episode_id, index=index, turn=index + 1, kind="tool_call",
            tool=tool, started_at=THEN, result="{}", is_error=is_error,
            arguments=None if isinstance(arguments, str) else arguments,
            arguments_raw=arguments if isinstance(arguments, str) else "",
        )
        for index, (tool, arguments, is_error) in enumerate(calls)
    )  # fmt: skip
