"""Rates of runs and of their agents, for lists and heads of pages.

An agent's are the figures of `agents.agent_figures`, from counts by task instead of rollouts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from grading.models import Assessment, Rollout, RolloutOutcome, Run
from grading.statistics.figures import Figure
from grading.statistics.means import over_tasks
from grading.summaries.alike import Alike, pass_rate, results_by_run
from grading.summaries.attempts import ABANDONED, GRADED
from grading.verdicts import DECIDED
from simulation.stops import MASKED

DONE = Q(episode__ended_at__isnull=False)
NO_OTHERS = {"done": 0, "waiting": 0, "parked": 0, "masked": 0}


@dataclass(slots=True)
class AgentCounts:
    """What became of an agent's rollouts, task by task; counted up row by row."""

    agent: str
    done: int = 0
    steps: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    passes: dict[str, list[float]] = field(default_factory=dict)
    rewards: dict[str, list[float]] = field(default_factory=dict)

    def add(self, row: Mapping[str, Any]) -> None:
        outcome, task = row["outcome"], row["subject"]
        self.done += row["done"]
        self.steps += row["steps"] or 0
        self.outcomes[outcome] += row["rollouts"]
        if outcome in GRADED:
            passed = float(outcome == RolloutOutcome.PASS)
            self.passes.setdefault(task, []).extend([passed] * row["rollouts"])
            self.rewards.setdefault(task, []).extend(row["rewards"])

    @property
    def passed(self) -> Figure:
        return over_tasks([*self.passes.values()], is_share=True)

    @property
    def reward(self) -> Figure:
        return over_tasks([*self.rewards.values()], is_share=True)

    @property
    def mean_steps(self) -> float | None:
        """The mean over episodes that are over, for whatever reason."""
        return self.steps / self.done if self.done else None

    @property
    def masked(self) -> int:
        return sum(self.outcomes[outcome] for outcome in ABANDONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """A run's agents in the order of their first rollout, and its tasks by name."""

    agents: tuple[AgentCounts, ...]
    tasks: tuple[str, ...]

    @property
    def outcomes(self) -> Counter[str]:
        counted: Counter[str] = Counter()
        for agent in self.agents:
            counted += agent.outcomes
        return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTotals:
    """A run in one line of a list; passed and reward are of all agents together."""

    agents: tuple[str, ...]
    total: int
    done: int
    waiting: int
    parked: int
    masked: int
    incomplete: int
    passed: Figure
    mean_reward: float | None


def read_counts(runs: Sequence[Run]) -> dict[int, RunCounts]:
    """Count the rollouts of these runs by agent, in one query."""
    agents: dict[int, dict[str, AgentCounts]] = {}
    tasks: dict[int, set[str]] = {}
    for run in runs:
        agents[run.pk], tasks[run.pk] = {}, set()
    for row in _by_outcome(runs):
        of_run = agents[row["run"]]
        of_run.setdefault(row["agent"], AgentCounts(row["agent"])).add(row)
        tasks[row["run"]].add(row["subject"])
    return {
        run: RunCounts(agents=tuple(of_run.values()), tasks=tuple(sorted(tasks[run])))
        for run, of_run in agents.items()
    }


def read_totals(runs: Sequence[Run]) -> dict[int, RunTotals]:
    """Give the lines of these runs, in three queries: few rollouts have no decision, and only of
    these are the episodes looked at."""
    officials = [run.official_id for run in runs if run.official_id]
    rollouts = Rollout.objects.shown_in(*runs)
    agents = _by_run(rollouts.order_by().values("run", "agent").annotate(n=Count("pk")))
    results = results_by_run(runs)
    others = {row["run"]: row for row in _undecided(rollouts, officials)}
    return {
        run.pk: _totals(
            agents.get(run.pk, []), results.get(run.pk, []), others.get(run.pk, NO_OTHERS)
        )
        for run in runs
    }


def _totals(
    agents: Sequence[Mapping[str, Any]], results: Sequence[Alike], others: Mapping[str, int]
) -> RunTotals:
    graded = [each for each in results if each.graded]
    tasks = sum(each.tasks for each in graded)
    decided = sum(each.decided for each in results)
    return RunTotals(
        agents=tuple(sorted(row["agent"] for row in agents)),
        total=sum(row["n"] for row in agents),
        done=decided + others["done"],
        waiting=others["waiting"],
        parked=others["parked"],
        masked=others["masked"],
        incomplete=decided - sum(each.tasks * each.graded for each in graded),
        passed=pass_rate(graded),
        mean_reward=sum(each.means for each in graded) / tasks if tasks else None,
    )


def _by_outcome(runs: Sequence[Run]) -> Any:
    """Count rollouts by run, agent, task and outcome, in the order of their first one."""
    rollouts = Rollout.objects.shown_in(*runs)
    is_graded = Q(graded__reward__isnull=False)
    return (
        rollouts.with_outcome(*[run.official_id for run in runs])
        .order_by()
        .values("run", "agent", "subject", "outcome")
        .annotate(
            first=Min("pk"),
            rollouts=Count("pk"),
            done=Count("pk", filter=DONE),
            steps=Sum("episode__step_count", filter=DONE),
            rewards=ArrayAgg("graded__reward", filter=is_graded, default=[]),
        )
        .order_by("first")
    )


def _undecided(rollouts: QuerySet[Rollout], officials: Sequence[int]) -> Any:
    decided = Assessment.objects.filter(
        rollout=OuterRef("pk"), grading__in=officials, status__in=DECIDED
    )
    return (
        rollouts.filter(~Exists(decided))
        .order_by()
        .values("run")
        .annotate(
            done=Count("pk", filter=DONE),
            waiting=Count("pk", filter=Q(episode__status__in=["queued", "running", "paused"])),
            parked=Count("pk", filter=Q(episode__status="parked")),
            masked=Count("pk", filter=Q(episode__stop_reason__in=MASKED)),
        )
    )


def _by_run(rows: Iterable[Mapping[str, Any]]) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["run"], []).append(row)
    return found
