"""From revisions to a run, for those who know exactly what they want: dry runs and the demo."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from authoring.content import TaskContent
from authoring.gates import agent_spec
from authoring.holding import hold_tasks
from authoring.launching.plans import Conditions, plans_of
from authoring.models import Revision
from grading.models import Judge, Run
from grading.runs import Plan, launch_run
from simulation.agent_settings import NO_LIMITS, Limits
from simulation.errors import Conflict
from simulation.text import canonical
from simulation.transcript import AgentSpec


@dataclass(frozen=True, slots=True)
class _Given:
    """An agent as it is, or of a kind that every task has."""

    agent: str | AgentSpec

    @property
    def limits(self) -> Limits:
        return NO_LIMITS

    def spec(self, content: TaskContent) -> AgentSpec:
        return agent_spec(self.agent, content) if isinstance(self.agent, str) else self.agent


@transaction.atomic
def launch_tasks(
    revisions: Sequence[Revision],
    *,
    agents: Sequence[str | AgentSpec],
    repeats: int,
    title: str,
    kind: str,
    owner: User,
    is_repeatable: bool = True,
    judge: Judge | None = None,
) -> Run:
    """Launch every agent on every revision, `repeats` times each.

    agents: kinds that every task has, such as "reference", or agents as they are.
    judge: decides the criteria of its kind.
    Raises Conflict for tasks that are retired.
    is_repeatable: False makes a second launch of the same thing give the run that there is.
    """
    tasks = hold_tasks({revision.task_id for revision in revisions})
    if retired := sorted(task.slug for task in tasks.values() if task.is_retired):
        raise Conflict(f"{', '.join(retired)}: retired tasks are not run any more")
    actors = [_Given(agent) for agent in agents]
    work = [(revision, actors) for revision in revisions]
    plans = plans_of(work, tasks, Conditions(repeats=repeats))
    key = "" if is_repeatable else _key(plans, judge)
    return launch_run(title=title, kind=kind, owner=owner, plans=plans, key=key, judge=judge)


def _key(plans: Sequence[Plan], judge: Judge | None) -> str:
    """Name a launch by all that decides its episodes and their grading."""
    digest = hashlib.sha256()
    for plan in plans:
        names = [plan.subject, plan.index, plan.world.content_hash, plan.rubric.hash]
        asked = [plan.spec.model_dump(mode="json"), plan.agent.model_dump(mode="json")]
        digest.update(canonical([*names, *asked]))
    if judge is not None:
        digest.update(judge.hash.encode())
    return digest.hexdigest()
