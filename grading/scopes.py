"""Which rollouts of a run: by the names with which the run's page filters them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet

from grading.models import Rollout, RolloutOutcome, Run
from simulation.errors import InvalidArgument
from simulation.models import Episode
from simulation.stops import MASKED
from simulation.text import clean_text
from simulation.wording import listed

LONGEST = 200  # characters of one member
# by which look-up each filter of pages, the API and exports narrows rollouts; a task's is its own
LOOKUPS = {
    "agent": "agent",
    "outcome": "outcome",
    "stop": "episode__stop_reason",
    "category": "labels__category",
    "difficulty": "labels__difficulty",
    "split": "labels__split",
}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A filter of a run's rollouts; "" is all.

    task: a subject, or a slug for all its revisions. outcome: by the official grading.
    """

    agent: str = ""
    task: str = ""
    outcome: str = ""
    category: str = ""
    difficulty: str = ""

    def as_json(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    def narrow(self, rollouts: "QuerySet[Any]") -> "QuerySet[Any]":
        """rollouts: with their outcome."""
        return narrowed(rollouts, self.as_json())


SCOPE = tuple(field.name for field in fields(Scope))


def read_scope(data: Mapping[str, Any]) -> Scope:
    """Read a filter that somebody sent. Raises InvalidArgument for what none of its names means."""
    if unknown := sorted(set(data) - set(SCOPE)):
        wanted = listed(SCOPE, "or")
        raise InvalidArgument(f"filter {unknown[0]!r}: write {wanted}", field="filter")
    values = {name: clean_text(str(value), limit=LONGEST)[0] for name, value in data.items()}
    if values.get("outcome", "") not in ("", *RolloutOutcome.values):
        words = listed(RolloutOutcome.values, "or")
        raise InvalidArgument(
            f"outcome {values['outcome']!r}: write {words}", field="filter.outcome"
        )
    return Scope(**values)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """How many rollouts a filter finds that can be graded, and how many are left out, why."""

    gradable: int
    masked: int
    unfinished: int
    forgotten: int = 0

    @property
    def left_out(self) -> str:
        parts = []
        if self.masked:
            parts.append(f"{self.masked:,} masked left out")
        if self.unfinished:
            parts.append(f"{self.unfinished:,} that have not ended left out")
        if self.forgotten:
            parts.append(f"{self.forgotten:,} whose transcript was removed left out")
        return ", ".join(parts)


def rollouts_of(run: Run, scope: Scope, user: User) -> "QuerySet[Any]":
    """Find the rollouts that a person sees and a filter chooses, whatever became of their
    episodes."""
    seen = Rollout.objects.visible_to(user).filter(run=run)
    return scope.narrow(seen.with_outcome(run.official_id))


def count_chosen(rollouts: "QuerySet[Any]") -> Chosen:
    masked = Q(episode__stop_reason__in=list(MASKED))
    unfinished = Q(episode__ended_at__isnull=True)
    ended = Q(episode__status=Episode.Status.ENDED)
    forgotten = Q(episode__forgotten_at__isnull=False)
    found = rollouts.order_by().aggregate(
        gradable=Count("pk", filter=ended & ~masked & ~forgotten),
        masked=Count("pk", filter=masked),
        unfinished=Count("pk", filter=unfinished),
        forgotten=Count("pk", filter=ended & ~masked & forgotten),
    )
    return Chosen(**found)


def narrowed(rollouts: "QuerySet[Any]", asked: Mapping[str, str]) -> "QuerySet[Any]":
    """Keep the rollouts that filters ask for; "" is all. rollouts: with their outcome."""
    lookups = {LOOKUPS[name]: value for name, value in asked.items() if value and name in LOOKUPS}
    task = asked.get("task")
    return rollouts.filter(*([subject_of(task)] if task else ()), **lookups)


def subject_of(task: str) -> Q:
    """Match a subject, or a slug for all its revisions."""
    return Q(subject=task) if "@" in task else Q(subject__startswith=f"{task}@")
