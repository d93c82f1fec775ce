"""Why episodes of a run ended early or stand aside, those with like words together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, Max, Min, QuerySet, Value
from django.db.models.functions import Left

from grading.models import Rollout, Run
from simulation.models import Episode
from simulation.stops import MASKED, TRUNCATED, StopReason

FIRST = 90  # characters of a detail by which likeness is told
MOST_DETAILS = 5  # of one reason
NUMBERS = "[0-9]+([.,:][0-9]+)*"  # seconds, ports and the like make no difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Episodes whose details begin alike; example: a rollout that has one of them."""

    words: str
    count: int
    example: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Episodes that ended for one reason, with the details that are met most."""

    reason: str
    count: int
    alike: Sequence[Alike]

    @property
    def is_masked(self) -> bool:
        return self.reason in MASKED

    @property
    def is_truncated(self) -> bool:
        return self.reason in TRUNCATED

    @property
    def others(self) -> int:
        return self.count - sum(each.count for each in self.alike)


def read_stops(run: Run) -> list[Stopped]:
    """Group what ended for another reason than being done, the most frequent first; one query."""
    ended = Rollout.objects.shown_in(run).filter(episode__ended_at__isnull=False)
    by_reason: dict[str, list[Any]] = {}
    for row in _grouped(ended.exclude(episode__stop_reason=StopReason.DONE)):
        by_reason.setdefault(row["reason"], []).append(row)
    found = [
        Stopped(
            reason=reason,
            count=sum(row["count"] for row in rows),
            alike=[_alike(row) for row in rows[:MOST_DETAILS]],
        )
        for reason, rows in by_reason.items()
    ]
    return sorted(found, key=lambda stopped: (-stopped.count, stopped.reason))


def read_parked(run: Run) -> list[Alike]:
    parked = Rollout.objects.shown_in(run).filter(episode__status=Episode.Status.PARKED)
    return [_alike(row) for row in _grouped(parked)[:MOST_DETAILS]]


def _grouped(rollouts: QuerySet[Rollout]) -> QuerySet[Any, Any]:
    said = Left("episode__stop_detail", 2 * FIRST)
    without_numbers = Func(
        said,
        Value(NUMBERS),
        Value("…"),
        Value("g"),
        function="regexp_replace",
    )
    grouped = rollouts.order_by().values(
        reason=F("episode__stop_reason"), words=Left(without_numbers, FIRST)
    )
    counted = grouped.annotate(
        count=Count("pk"), example=Min("pk"), least=Min(said), most=Max(said)
    )
    return counted.order_by("-count", "words")


def _alike(row: Any) -> Alike:
    """Say it as it was said where all said the same."""
    words = row["least"] if row["least"] == row["most"] else row["words"]
    return Alike(words=words, count=row["count"], example=row["example"])
