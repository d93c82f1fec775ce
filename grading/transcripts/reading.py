"""Rollouts with all that happened and all that was decided, read in chunks of bounded size."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Prefetch, QuerySet

from grading.criteria import Criterion
from grading.models import Assessment, Rollout, Run, Verdict
from grading.models.runs import settled_by
from grading.scopes import Scope
from grading.settled import maybe_settled
from grading.verdicts import criteria_of, effective, standing
from simulation.environments import Environment
from simulation.episodes import read_steps_of
from simulation.models import Episode
from simulation.models.episodes import OVER
from simulation.transcript import Spec, StepRecord

EVERYTHING = Scope()
MOST_STEPS = 2_000  # that are in memory at the same time, unless one episode has more
MOST_ROLLOUTS = 100


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which rollouts: of one run, or of all that count; then the run page's filter.

    settled_since: those that settled at that time or later; None for all that are over.
    """

    run: int | None = None
    scope: Scope = EVERYTHING
    settled_since: dt.datetime | None = None

    def as_json(self) -> dict[str, Any]:
        since = self.settled_since.isoformat() if self.settled_since else None
        return {"run": self.run, "settled_since": since, **self.scope.as_json()}


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """One rollout that is over.

    reward and passed are None unless its official grading is complete; criteria are those that it
    was measured by, verdicts the effective ones by key.
    """

    rollout: Rollout
    steps: Sequence[StepRecord]
    outcome: str
    settled_at: dt.datetime | None
    reward: float | None
    passed: bool | None
    criteria: Sequence[Criterion]
    verdicts: Mapping[str, Verdict]

    @property
    def episode(self) -> Episode:
        return self.rollout.episode

    @property
    def spec(self) -> Spec:
        return Spec.model_validate(self.episode.spec)

    @property
    def company(self) -> Environment:
        return self.episode.world.company

    @property
    def instructions(self) -> str:
        """Give what the agent's model was told after the system prompt."""
        settings = self.episode.agent.get("config", {}).get("settings", {})
        return str(settings.get("instructions", ""))

    @property
    def is_masked(self) -> bool:
        """Tell whether nothing may be learned from it: it has no reward, or no transcript."""
        return self.reward is None or self.episode.is_forgotten


def wanted_rollouts(user: User | AnonymousUser, wanted: Wanted) -> "QuerySet[Any]":
    """Find the rollouts that are over, as far as this person may see them, in a fixed order."""
    runs = Run.objects.visible_to(user)
    runs = runs.filter(pk=wanted.run) if wanted.run else runs.filter(kind__in=Run.COUNTING)
    official = list(runs.values_list("official_id", flat=True))
    mine = Rollout.objects.visible_to(user).filter(run__in=runs, episode__status__in=OVER)
    found: QuerySet[Any] = wanted.scope.narrow(mine.with_outcome(*official))
    found = found.annotate(settled_at=settled_by(F("graded__graded_at")))
    if wanted.settled_since:
        lately = maybe_settled(official, wanted.settled_since)
        found = found.filter(lately, settled_at__gte=wanted.settled_since)
    return found.order_by("run_id", "subject", "agent", "index")


def read_transcripts(rollouts: "QuerySet[Any]") -> Iterator[Transcript]:
    """Read them in their order, a fixed number of queries for each chunk."""
    sizes = list(rollouts.values_list("pk", "episode__step_count"))
    for chunk in _chunks(sizes):
        yield from _read(rollouts.filter(pk__in=chunk), chunk)


def _chunks(sizes: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    chunk: list[int] = []
    steps = 0
    for pk, count in sizes:
        if chunk and (steps + count > MOST_STEPS or len(chunk) == MOST_ROLLOUTS):
            yield chunk
            chunk, steps = [], 0
        chunk.append(pk)
        steps += count
    if chunk:
        yield chunk


def _read(rollouts: "QuerySet[Any]", pks: Sequence[int]) -> Iterator[Transcript]:
    with_all = rollouts.select_related("run", "episode__world").defer(
        "episode__world__manifest", "episode__world__prompts"
    )
    official = Assessment.objects.filter(grading=F("rollout__run__official"))
    with_all = with_all.prefetch_related(
        Prefetch("assessments", official, to_attr="official_assessments")
    )
    found = {rollout.pk: rollout for rollout in with_all}
    steps = read_steps_of([rollout.episode_id for rollout in found.values()])
    verdicts = _verdicts(found.values())
    for pk in pks:
        if pk not in found:
            continue  # it is played anew by now
        rollout = found[pk]
        assessment = next(iter(rollout.official_assessments), None)
        yield Transcript(
            rollout=rollout,
            steps=steps[rollout.episode_id],
            outcome=rollout.outcome,
            settled_at=rollout.settled_at,
            reward=assessment.reward if assessment else None,
            passed=assessment.passed if assessment else None,
            criteria=criteria_of(assessment.rubric_id) if assessment else (),
            verdicts=effective(verdicts.get(assessment.pk, ())) if assessment else {},
        )


def _verdicts(rollouts: Iterable[Any]) -> dict[int, list[Verdict]]:
    ids = [each.pk for rollout in rollouts for each in rollout.official_assessments]
    found: dict[int, list[Verdict]] = {}
    for verdict in standing().filter(assessment__in=ids).order_by("pk"):
        found.setdefault(verdict.assessment_id, []).append(verdict)
    return found
