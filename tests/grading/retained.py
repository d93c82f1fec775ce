"""Old runs, and forgetting them, for tests of retention."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import User

from grading.models import Rollout, Run
from grading.people.verdicts import record_verdict
from grading.retention import Rule, forget
from simulation.guards import maintenance
from simulation.models import Episode, MaintenanceUse, Step
from simulation.transcript import AgentSpec
from tests.factories import make_plan, make_run, make_user
from tests.grading.people.makers import NULL, grade_all, said

MONTHS = dt.timedelta(days=90)
OLD = Rule(older_than=MONTHS)


def age(days: int = 100, **which: Any) -> None:
    """Let episodes have ended so long ago."""
    with maintenance("a test lets time pass"):
        then = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        Episode.objects.filter(ended_at__isnull=False, **which).update(
            started_at=then, ended_at=then
        )
    MaintenanceUse.objects.all().delete()


def make_old(
    owner: User | None = None, *, agent: AgentSpec = NULL, days: int = 100, **fields: Any
) -> Rollout:
    """The one graded rollout of an old run, of training unless asked otherwise."""
    run = make_run(make_plan(agent=agent), owner=owner, **{"kind": Run.Kind.TRAINING, **fields})
    rollout = run.rollouts.get()
    grade_all(rollout)
    age(days, pk=rollout.episode_id)
    rollout.refresh_from_db()
    return rollout


def went(rule: Rule = OLD) -> set[int]:
    """Forget; gives the episodes that were."""
    list(forget(rule))
    return set(Episode.objects.exclude(forgotten_at=None).values_list("pk", flat=True))


def steps_of(rollout: Rollout) -> int:
    return Step.objects.filter(episode=rollout.episode_id).count()


def speak(rollout: Rollout) -> None:
    """Let a reviewer decide its criterion."""
    reviewer = make_user("", "reviewer")
    record_verdict(rollout.assessments.get().pk, "lamp-sold", said("met"), author=reviewer)
