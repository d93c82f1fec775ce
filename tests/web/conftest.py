from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User

from grading.models import Run
from grading.runs import Plan, launch_run
from grading.verdicts import grade_episode
from simulation.runner import run_episode
from tests.factories import make_plan, make_world, reference, scripted, signed_in

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SAYS_HOSTILE = scripted({"text": f"**Done** {HOSTILE} [here](javascript:alert(3))"})


def finish(run: Run) -> Run:
    """Run and grade every episode of a run, as the workers do."""
    for rollout in run.rollouts.all():
        run_episode(rollout.episode_id)
        grade_episode(rollout.episode_id)
    return run


@pytest.fixture
def launch(runner: User) -> Callable[..., Run]:
    """Launch a run of the runner's, finished unless asked otherwise."""

    def start(plans: Sequence[Plan] = (), *, is_finished: bool = True, **fields: Any) -> Run:
        plans = plans or [make_plan(make_world(owner=runner))]
        given = {"title": "A run", "kind": Run.Kind.EVALUATION, "owner": runner, **fields}
        run = launch_run(plans=plans, **given)
        return finish(run) if is_finished else run

    return start


@pytest.fixture
def run(launch: Callable[..., Run], runner: User) -> Run:
    """Four rollouts: a reference that passes and an agent that talks, two each."""
    world = make_world(owner=runner, prompts={"clerk": "You sell lamps."})
    agents = (reference(), SAYS_HOSTILE)
    plans = [
        make_plan(world, agent=a, index=i, labels={"title": HOSTILE})
        for a in agents
        for i in (1, 2)
    ]
    return launch(plans)


@pytest.fixture
def page(runner: User) -> Callable[..., Any]:
    """Get a page as somebody, the runner unless told otherwise."""

    def get(url: str, person: User | None = runner, **options: Any) -> Any:
        return signed_in(person).get(url, **options)

    return get
