"""How far a run is, and what came of it, for programs that wait."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q, Sum

from grading.models import Rollout, Run
from grading.monitor.stops import Alike, Stopped, read_parked, read_stops
from simulation.stops import MASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentResult:
    """ungraded: rollouts without a reward, masked ones and open ones among them."""

    agent: str
    rollouts: int
    graded: int
    passed: int
    masked: int
    ungraded: int
    mean_reward: float | None
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Why episodes ended early or stand aside, those with like words together."""

    stops: Sequence[Stopped]
    parked: Sequence[Alike]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """settled: those with which nothing more happens by itself.

    taken: those that a worker has begun. parked: those that a person has to look at.
    """

    total: int
    taken: int
    settled: int
    graded: int
    incomplete: int
    masked: int
    parked: int

    @property
    def is_settled(self) -> bool:
        return self.settled >= self.total

    @property
    def ungraded(self) -> int:
        return self.total - self.graded


def progress_of(run: Run) -> Progress:
    """Count a run's rollouts by where they stand, in one query."""
    in_grading = Q(assessments__grading=run.official_id)
    conditions: Mapping[str, Q] = {
        "total": Q(),
        "taken": Q(episode__started_at__isnull=False) | Q(episode__ended_at__isnull=False),
        "graded": in_grading & Q(assessments__status="graded"),
        "incomplete": in_grading & Q(assessments__status="incomplete"),
        "masked": _MASKED,
        "parked": Q(episode__status="parked"),
        "settled": _MASKED
        | Q(episode__status="parked")
        | (in_grading & ~Q(assessments__status="open")),
    }
    counts = {n: Count("pk", distinct=True, filter=where) for n, where in conditions.items()}
    return Progress(**Rollout.objects.shown_in(run).aggregate(**counts))


def results_of(run: Run) -> list[AgentResult]:
    """Sum a run up by agent, in one query; a reward counts where grading is complete."""
    official = Q(assessments__grading=run.official_id)
    rows = Rollout.objects.shown_in(run).filter(official).values("agent").order_by("agent")
    found = rows.annotate(
        rollouts=Count("pk"),
        graded=Count("pk", filter=Q(assessments__status="graded")),
        passed=Count("pk", filter=Q(assessments__passed=True)),
        masked=Count("pk", filter=_MASKED),
        mean_reward=Avg("assessments__reward"),
        cost=Sum("episode__cost"),
    )
    return [AgentResult(ungraded=row["rollouts"] - row["graded"], **row) for row in found]


def left_of(run: Run) -> Left:
    return Left(stops=read_stops(run), parked=read_parked(run))


def as_json(
    run: Run, progress: Progress, results: Sequence[AgentResult], left: Left
) -> dict[str, Any]:
    """Give what a script reads at the end."""
    agents = [{**asdict(result), "cost": float(result.cost)} for result in results]
    counts = {**asdict(progress), "ungraded": progress.ungraded}
    stops = [
        {"reason": s.reason, "count": s.count, "is_masked": s.is_masked, "words": _words(s.alike)}
        for s in left.stops
    ]
    return {
        "run": run.pk,
        "title": run.title,
        "seed": run.seed,
        **counts,
        "agents": agents,
        "stops": stops,
        "parked_for": _words(left.parked),
    }


def _words(alike: Sequence[Alike]) -> list[str]:
    return [each.words for each in alike if each.words]


_MASKED = Q(episode__stop_reason__in=list(MASKED))
