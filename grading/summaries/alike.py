"""Tasks of runs counted by what they came to, in the database.

A thousand tasks have few different results, so many rollouts graded and so many of them passed: the
database sums up twice, by task and then by result, and few rows are read however many tasks there
are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Avg, Count, F, FilteredRelation, Min, Q, QuerySet

from grading.models import Assessment, Rollout, Run
from grading.models.runs import shown_by
from grading.statistics.figures import Figure
from grading.statistics.means import over_tasks
from grading.verdicts import DECIDED

_BY_RESULT = """
SELECT run, count(*), graded, passed, sum(decided)::bigint, coalesce(sum(mean), 0)
FROM ({tasks}) AS task GROUP BY run, graded, passed
"""
_BY_AGENT_AND_RESULT = """
SELECT run, agent, count(*), graded, passed
FROM ({tasks}) AS task GROUP BY run, agent, graded, passed ORDER BY min(min(first)) OVER (
    PARTITION BY run, agent
)
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """So many tasks of which each has so many graded rollouts, so many of these passed.

    decided: rollouts of all these tasks, those without a reward included. means: the sum of the
    tasks' mean rewards.
    """

    tasks: int
    graded: int
    passed: int
    decided: int = 0
    means: float = 0.0


def results_by_run(runs: Sequence[Run]) -> dict[int, list[Alike]]:
    """Give what the tasks of each run came to by its official grading; one query."""
    officials = [run.official_id for run in runs if run.official_id]
    decided = Assessment.objects.filter(
        *shown_by(runs, "rollout__episode"),
        grading__in=officials,
        status__in=DECIDED,
        rollout__run__in=[run.pk for run in runs],  # says where rollouts are: not in other runs
    )
    tasks = decided.order_by().values(run=F("rollout__run"), task=F("rollout__subject"))
    found: dict[int, list[Alike]] = {}
    for run, *result in _select(_BY_RESULT, tasks.annotate(**_results(), mean=Avg("reward"))):
        found.setdefault(run, []).append(Alike(*result))
    return found


def results_by_agent(runs: Sequence[Run]) -> dict[int, dict[str, list[Alike]]]:
    """Give what its tasks came to for each agent of each run, in the order of their first rollout;
    one query."""
    officials = [run.official_id for run in runs]
    measured = FilteredRelation("assessments", condition=Q(assessments__grading__in=officials))
    rollouts = Rollout.objects.shown_in(*runs).alias(graded_as=measured)
    tasks = rollouts.order_by().values("run", "agent", "subject")
    counted = tasks.annotate(**_results("graded_as__"), first=Min("pk"))
    found: dict[int, dict[str, list[Alike]]] = {run.pk: {} for run in runs}
    for run, agent, *result in _select(_BY_AGENT_AND_RESULT, counted):
        found[run].setdefault(agent, []).append(Alike(*result))
    return found


def pass_rate(results: Iterable[Alike]) -> Figure:
    """Give the mean over tasks of their shares of passes."""
    return _pass_rate(tuple(sorted((each.tasks, each.graded, each.passed) for each in results)))


@lru_cache(maxsize=1024)  # what a run came to seldom changes, and its lines are looked at often
def _pass_rate(results: tuple[tuple[int, int, int], ...]) -> Figure:
    shares = [
        [1.0] * passed + [0.0] * (graded - passed)
        for tasks, graded, passed in results
        for _ in range(tasks)
    ]
    return over_tasks(shares, is_share=True)


def _results(assessment: str = "") -> dict[str, Any]:
    is_graded = Q(**{f"{assessment}status": Assessment.Status.GRADED})
    return {
        "decided": Count(f"{assessment}pk"),
        "graded": Count(f"{assessment}pk", filter=is_graded),
        "passed": Count(f"{assessment}pk", filter=Q(**{f"{assessment}passed": True})),
    }


def _select(statement: str, tasks: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    try:
        counted, parameters = tasks.query.sql_with_params()
    except EmptyResultSet:  # of no runs: there is nothing to ask
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(tasks=counted), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
