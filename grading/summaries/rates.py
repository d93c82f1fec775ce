"""Rates of runs and of their agents, for lists and heads of pages.

An agent's are the figures of `agents.agent_figures`, from counts by task instead of rollouts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Avg, Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum

from grading.models import Assessment, Rollout, RolloutOutcome, Run
from grading.models.runs import shown_by
from grading.statistics.figures import Figure
from grading.statistics.means import mean, over_tasks
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
    graded = _by_run(_graded(officials).filter(*shown_by(runs, "rollout__episode")))
    others = {row["run"]: row for row in _undecided(rollouts, officials)}
    return {
        run.pk: _totals(
            agents.get(run.pk, []), graded.get(run.pk, []), others.get(run.pk, NO_OTHERS)
        )
        for run in runs
    }


def _totals(
    agents: Sequence[Mapping[str, Any]],
    tasks: Sequence[Mapping[str, Any]],
    others: Mapping[str, int],
) -> RunTotals:
    counted = [row for row in tasks if row["graded"]]
    trials = [[1.0] * row["passed"] + [0.0] * (row["graded"] - row["passed"]) for row in counted]
    return RunTotals(
        agents=tuple(sorted(row["agent"] for row in agents)),
        total=sum(row["n"] for row in agents),
        done=sum(row["decided"] for row in tasks) + others["done"],
        waiting=others["waiting"],
        parked=others["parked"],
        masked=others["masked"],
        incomplete=sum(row["decided"] - row["graded"] for row in tasks),
        passed=over_tasks(trials, is_share=True),
        mean_reward=mean([row["mean"] for row in counted]),
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


def _graded(officials: Sequence[int]) -> Any:
    """Count decided assessments by run and task."""
    decided = Assessment.objects.filter(grading__in=officials, status__in=DECIDED)
    return (
        decided.order_by()
        .values(run=F("rollout__run"), task=F("rollout__subject"))
        .annotate(
            decided=Count("pk"),
            graded=Count("pk", filter=Q(status=Assessment.Status.GRADED)),
            passed=Count("pk", filter=Q(passed=True)),
            mean=Avg("reward"),
        )
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
