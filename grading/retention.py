"""Which episodes' transcripts may go, and letting them go in batches.

What was decided stays: rollouts, rewards, verdicts with their quotes, and the statistics of them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from grading.models import (
    Assessment,
    FailureNote,
    ReplacedEpisode,
    Rollout,
    Run,
    TaskReport,
    Verdict,
)
from simulation.errors import InvalidArgument
from simulation.forgetting import Amount, forget_steps
from simulation.models import Episode
from simulation.models.episodes import EpisodeQuerySet
from simulation.stops import MASKED

KINDS = (Run.Kind.TRAINING, Run.Kind.MUTANTS, Run.Kind.DRY_RUN)  # unless others are named
BATCH_STEPS = 20_000  # that one transaction removes, unless one episode has more
BATCH_EPISODES = 1000
PEOPLE = "people have said something of them"
UNDECIDED = "not decided yet"
PACKS = "evaluations of frozen packs"
IN_USE = "evidence of tasks in use"
SHORTEST = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Which transcripts are old enough: of runs of these kinds, that ended so long ago.

    with_packs: also those of evaluations of frozen packs, on which published numbers rest.
    kept_runs: whatever they are, these keep theirs.
    """

    older_than: dt.timedelta
    kinds: tuple[str, ...] = KINDS
    with_packs: bool = False
    kept_runs: "QuerySet[Run] | None" = None

    def __post_init__(self) -> None:
        if self.older_than < SHORTEST:
            raise InvalidArgument("older than: write a day or more", field="older_than")
        if unknown := sorted(set(self.kinds) - set(Run.Kind.values)):
            words = ", ".join(Run.Kind.values)
            raise InvalidArgument(f"kind {unknown[0]!r}: write some of {words}", field="kinds")

    def __str__(self) -> str:
        return f"{', '.join(self.kinds)}, older than {self.older_than.days} days"


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a rule would remove by kind of run, and how many old episodes it would keep, why."""

    by_kind: Mapping[str, Amount]
    kept: Mapping[str, int]

    @property
    def total(self) -> Amount:
        return sum(self.by_kind.values(), Amount())


def forecast(rule: Rule) -> Forecast:
    """Count what a rule would remove, and what it would keep for each reason that there is."""
    going = forgettable(rule)
    by_kind = {}
    for kind in rule.kinds:
        found = going.filter(_of_runs(Q(kind=kind)))
        steps = found.aggregate(steps=Sum("step_count", default=0))["steps"]
        if count := found.count():
            by_kind[kind] = Amount(count, steps)
    old = _old(rule)
    kept = {why: old.filter(is_so).count() for why, is_so in _reasons(rule).items()}
    return Forecast(by_kind=by_kind, kept={why: count for why, count in kept.items() if count})


def forgettable(rule: Rule) -> EpisodeQuerySet:
    """Find the episodes whose steps may go: nothing that people said or may still say rests on
    them."""
    found = _old(rule)
    for is_so in _reasons(rule).values():
        found = found.exclude(is_so)
    return found


def forget(rule: Rule, *, actor: User | None = None) -> Iterator[Amount]:
    """Remove what may go, batch by batch; gives how much each one was. Safe to break off."""
    last = 0
    while numbers := _next_batch(rule, last):
        batch = forgettable(rule).filter(pk__in=numbers)
        span = f"episodes {numbers[0]} to {numbers[-1]}"
        removed = forget_steps(batch, reason=f"retention: {rule}; {span}", actor=actor)
        last = numbers[-1]
        if removed.episodes:
            yield removed


def _next_batch(rule: Rule, last: int) -> Sequence[int]:
    """Take as many episodes as have few enough steps together, one at least."""
    rows = forgettable(rule).filter(pk__gt=last).order_by("pk")
    numbers: list[int] = []
    steps = 0
    for number, count in rows.values_list("pk", "step_count")[:BATCH_EPISODES]:
        if numbers and steps + count > BATCH_STEPS:
            break
        numbers.append(number)
        steps += count
    return numbers


def _old(rule: Rule) -> EpisodeQuerySet:
    before = timezone.now() - rule.older_than
    over = Episode.objects.over().filter(forgotten_at=None, ended_at__lt=before)
    return over.filter(_of_runs(Q(kind__in=rule.kinds)))


def _of_runs(are_so: Q) -> Q:
    """Match the episodes of runs, also those that others have replaced there."""
    runs = Run.objects.filter(are_so).values("pk")
    mine = Rollout.objects.filter(episode=OuterRef("pk"), run__in=runs)
    replaced = ReplacedEpisode.objects.filter(episode=OuterRef("pk"), rollout__run__in=runs)
    return Q(Exists(mine)) | Q(Exists(replaced))


def _reasons(rule: Rule) -> Mapping[str, Q]:
    """Give the conditions under which an old episode keeps its steps, by the reason in words."""
    its_own = {"rollout__episode": OuterRef("pk")}
    by_people = Verdict.objects.filter(
        assessment__rollout__episode=OuterRef("pk"), source=Verdict.Source.HUMAN
    )
    notes = FailureNote.objects.filter(**its_own)
    reports = TaskReport.objects.filter(**its_own)
    undecided = Assessment.objects.filter(
        **its_own,
        status__in=[Assessment.Status.OPEN, Assessment.Status.INCOMPLETE],
        grading__cancelled_at=None,
    )
    answers_for_it = Q(status=Episode.Status.ENDED) & ~Q(stop_reason__in=list(MASKED))
    reasons = {
        PEOPLE: Q(Exists(by_people)) | Q(Exists(notes)) | Q(Exists(reports)),
        UNDECIDED: answers_for_it & Q(Exists(undecided)),
    }
    if not rule.with_packs:
        reasons[PACKS] = _of_runs(Q(kind__in=Run.COUNTING) & ~Q(source=""))
    if rule.kept_runs is not None:
        reasons[IN_USE] = _of_runs(Q(pk__in=rule.kept_runs.values("pk")))
    return reasons
