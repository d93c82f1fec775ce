"""How far the agents of a run are, how quick they are, and what they have used up so far."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Now

from grading.judging.costs import Spent, calls_of_run, spent_by
from grading.models import ReplacedEpisode, Rollout, Run
from grading.models.runs import shown_by
from grading.monitor.used import NOTHING, Used, sums_of, used_of

WINDOW = dt.timedelta(minutes=5)
SHORTEST = dt.timedelta(seconds=10)  # no speed is told from less


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPace:
    """One agent: what has not ended, what ended in the last minutes, what it cost.

    per_minute: None while there is nothing to tell it from.
    """

    agent: str
    left: int = 0
    resting: int = 0
    recent: int = 0
    per_minute: float | None = None
    used: Used
    judged: Spent

    @property
    def minutes_left(self) -> float | None:
        return self.left / self.per_minute if self.per_minute else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A run's agents by name, and since when their speed is counted."""

    agents: dict[str, AgentPace]
    window: dt.timedelta

    @property
    def left(self) -> int:
        return sum(agent.left for agent in self.agents.values())

    @property
    def recent(self) -> int:
        return sum(agent.recent for agent in self.agents.values())

    @property
    def resting(self) -> int:
        return sum(agent.resting for agent in self.agents.values())

    @property
    def per_minute(self) -> float | None:
        return _per_minute(self.recent, self.window)

    @property
    def minutes_left(self) -> float | None:
        return self.left / self.per_minute if self.per_minute else None

    @property
    def used(self) -> Used:
        return sum((agent.used for agent in self.agents.values()), Used())

    @property
    def judged(self) -> Spent:
        parts = [agent.judged for agent in self.agents.values()]
        return Spent(
            calls=sum(part.calls for part in parts),
            unanswered=sum(part.unanswered for part in parts),
            prompt=sum(part.prompt for part in parts),
            completion=sum(part.completion for part in parts),
            cost=sum((part.cost for part in parts), NOTHING),
        )


def read_pace(run: Run) -> Pace:
    """Read it in three queries, however large the run is.

    Tokens of episodes that have not ended are those that were stored so far.
    """
    rows = list(_by_agent(Rollout.objects.shown_in(run)))
    window = _window(rows)
    used = {row["agent"]: used_of(row) for row in rows}
    for agent, replaced in _replaced(run).items():
        used[agent] = used.get(agent, Used()) + replaced
    judged = spent_by(calls_of_run(run), "assessment__rollout__agent")
    agents = {row["agent"]: _pace(row, window, used, judged) for row in rows}
    return Pace(agents=agents, window=window)


def _pace(row: Any, window: dt.timedelta, used: dict[str, Used], judged: Any) -> AgentPace:
    agent = row["agent"]
    return AgentPace(
        agent=agent,
        left=row["left"],
        resting=row["resting"],
        recent=row["recent"],
        per_minute=_per_minute(row["recent"], window),
        used=used[agent],
        judged=judged.get(agent, Spent()),
    )


def _by_agent(rollouts: QuerySet[Rollout]) -> Any:
    live = Q(episode__status__in=["queued", "running", "paused"])
    resting = Q(episode__status="running") & ~Q(episode__rests="")
    return (
        rollouts.order_by()
        .values("agent")
        .annotate(
            **sums_of("episode"),
            left=Count("pk", filter=live),
            resting=Count("pk", filter=resting),
            recent=Count("pk", filter=Q(episode__ended_at__gt=Now() - Value(WINDOW))),
            first=Min("episode__started_at"),
            now=Max(Now()),
        )
    )


def _replaced(run: Run) -> dict[str, Used]:
    shown = shown_by([run], "episode")
    replaced = ReplacedEpisode.objects.filter(*shown, rollout__run=run).order_by()
    found: defaultdict[str, Used] = defaultdict(Used)
    for row in replaced.values(agent=F("rollout__agent")).annotate(**sums_of("episode")):
        used = used_of(row)
        lost = Used(replaced=used.cost + used.customer_cost)
        found[row["agent"]] += used + lost
    return found


def _window(rows: list[Any]) -> dt.timedelta:
    """Give the last minutes, or less if the run has not been running for so long."""
    starts = [row["first"] for row in rows if row["first"]]
    if not starts:
        return dt.timedelta(0)
    since: dt.timedelta = rows[0]["now"] - min(starts)
    return min(WINDOW, since)


def _per_minute(ended: int, window: dt.timedelta) -> float | None:
    if window < SHORTEST or not ended:
        return None
    return ended / (window.total_seconds() / 60)
