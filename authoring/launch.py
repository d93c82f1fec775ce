"""From approved revisions to a run: what each agent is asked, how often."""

import hashlib
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from authoring.gates import agent_spec, asked_of, spec_of
from authoring.holding import hold_tasks
from authoring.models import Revision, Task
from grading.models import Judge, Run
from grading.runs import Plan, launch_run
from simulation.errors import Conflict
from simulation.text import canonical
from simulation.transcript import AgentSpec
from simulation.worlds import find_world


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
    plans = [
        plan
        for revision in revisions
        for plan in _plans(revision, tasks[revision.task_id], agents, repeats)
    ]
    key = "" if is_repeatable else _key(plans, judge)
    return launch_run(title=title, kind=kind, owner=owner, plans=plans, key=key, judge=judge)


def _plans(
    revision: Revision, task: Task, agents: Sequence[str | AgentSpec], repeats: int
) -> list[Plan]:
    content = revision.value
    spec, world = spec_of(content), find_world(content.world)
    labels = {
        **content.labels,
        "author": revision.author.get_username(),
        "family": task.family,
        "split": task.split,
    }
    return [
        Plan(
            subject=str(revision),
            world=world,
            spec=asked_of(spec, agent),
            agent=agent,
            index=index,
            rubric=content.rubric,
            labels=labels,
        )
        for agent in (agent_spec(a, content) if isinstance(a, str) else a for a in agents)
        for index in range(1, repeats + 1)
    ]


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
