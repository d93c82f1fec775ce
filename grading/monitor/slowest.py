"""The episodes of a run that take longest, and their longest steps."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Max
from django.db.models.functions import Coalesce, Now

from grading.models import Rollout, Run
from simulation.models import Episode, Step

MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LongStep:
    """The step of an episode that took longest, and when the last one was stored."""

    index: int
    kind: str
    tool: str
    ms: float
    since_last: dt.timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """An episode that has been running, or ran, for so long."""

    rollout: int
    subject: str
    agent: str
    index: int
    is_running: bool
    steps: int
    took: dt.timedelta
    longest: LongStep | None


def read_slowest(run: Run) -> list[Slow]:
    """Give those that run, the longest first, and as many that have ended; three queries."""
    shown = Rollout.objects.shown_in(run).filter(episode__started_at__isnull=False)
    end = Coalesce("episode__ended_at", Now())
    took: Any = ExpressionWrapper(end - F("episode__started_at"), output_field=DurationField())
    timed = shown.annotate(took=took, steps=F("episode__step_count"))
    running = timed.filter(episode__status=Episode.Status.RUNNING)
    ended = timed.filter(episode__status=Episode.Status.ENDED)
    names = ("pk", "episode", "subject", "agent", "index", "steps", "took")
    at_work = list(running.order_by("episode__started_at").values(*names)[:MOST])
    there = {row["pk"] for row in at_work}  # one of them may end before the next query
    longest_ended = ended.order_by("-took").values(*names)[:MOST]
    rows: list[tuple[bool, Any]] = [
        *((True, row) for row in at_work),
        *((False, row) for row in longest_ended if row["pk"] not in there),
    ]
    longest = _longest_steps([row["episode"] for _, row in rows])
    return [_slow(row, longest.get(row["episode"]), is_running) for is_running, row in rows]


def _slow(row: Any, longest: LongStep | None, is_running: bool) -> Slow:
    return Slow(
        rollout=row["pk"],
        subject=row["subject"],
        agent=row["agent"],
        index=row["index"],
        is_running=is_running,
        steps=row["steps"],
        took=row["took"],
        longest=longest,
    )


def _longest_steps(episodes: list[int]) -> dict[int, LongStep]:
    """Find each one's longest step with how long ago its last one began; empty when not asked."""
    if not episodes:
        return {}
    steps = Step.objects.filter(episode__in=episodes).order_by("episode", "-duration_ms")
    names = ("episode", "index", "kind", "tool", "duration_ms")
    longest = list(steps.distinct("episode").values(*names))
    last = steps.order_by().values("episode").annotate(since=Now() - Max("started_at"))
    since = {row["episode"]: row["since"] for row in last}
    return {
        row["episode"]: LongStep(
            index=row["index"],
            kind=row["kind"],
            tool=row["tool"],
            ms=row["duration_ms"],
            since_last=since[row["episode"]],
        )
        for row in longest
    }
