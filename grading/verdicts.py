"""Deciding assessments: read the evidence, grade, store verdicts and reward together."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from pydantic import ValidationError

from grading.criteria import Criterion, Outcome, reward_of
from grading.fingerprints import fingerprint
from grading.graders import Evidence, Finding, grade_criterion
from grading.models import Assessment, Rollout, Rubric, Verdict
from simulation.episodes import read_steps
from simulation.errors import GymError
from simulation.inserts import insert_rows
from simulation.models import Episode
from simulation.replay import state_at
from simulation.stops import MASKED
from simulation.text import clean_text
from simulation.transcript import Spec
from simulation.worlds import snapshot_of

logger = logging.getLogger(__name__)
REASON_LIMIT = 4000
RUBRICS = 1024  # that stay in memory


def grade_episode(episode_id: int) -> int:
    """Decide every open assessment of an ended episode; gives how many. Safe to call twice."""
    with structlog.contextvars.bound_contextvars(episode=episode_id):
        return sum(map(grade_assessment, _waiting(episode_id)))


def _waiting(episode_id: int) -> QuerySet[Assessment]:
    """Find what is open, with the episode that decides it."""
    of_episode = Assessment.objects.filter(
        rollout__episode=episode_id,
        rollout__episode__status=Episode.Status.ENDED,
        status=Assessment.Status.OPEN,
    ).exclude(rollout__episode__stop_reason__in=list(MASKED))
    return of_episode.select_related("rollout__episode")


def grade_assessment(assessment: Assessment) -> bool:
    """Decide one assessment. False when somebody else did it first."""
    findings = grade(_criteria(assessment.rubric_id), read_evidence(assessment.rollout.episode))
    return _store(assessment, findings)


@lru_cache(maxsize=RUBRICS)
def _criteria(rubric: str) -> tuple[Criterion, ...]:
    """Read the criteria of a rubric, once a process: rubrics are written once."""
    return Rubric.objects.get(pk=rubric).value.criteria


def grade(criteria: Sequence[Criterion], evidence: Evidence | None) -> dict[str, Finding]:
    """Grade criteria in memory; without evidence (None) nothing can be decided."""
    if evidence is None:
        broken = Finding(Outcome.GRADER_ERROR, "the episode does not rebuild to its recorded hash")
        return {criterion.key: broken for criterion in criteria}
    return {criterion.key: grade_criterion(criterion, evidence) for criterion in criteria}


def read_evidence(episode: Episode) -> Evidence | None:
    """Rebuild what an episode left.

    None when that fails or does not give the recorded hash: then nothing is certain.
    """
    try:
        spec, steps = Spec.model_validate(episode.spec), read_steps(episode)
        world = state_at(snapshot_of(episode.world_id), spec, steps)
    except (GymError, ValidationError, LookupError):
        logger.exception("episode %s cannot be rebuilt", episode.pk)
        return None
    if world.hash() != episode.state_hash:
        logger.error("episode %s does not rebuild to its hash", episode.pk)
        return None
    return Evidence(spec, steps, episode.final_response, world)


def effective(verdicts: Iterable[Verdict]) -> dict[str, Verdict]:
    """Give the verdict that counts for each criterion: the latest authoritative human one, else the
    latest of judge or check."""
    chosen: dict[str, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda v: (_is_final_word(v), v.round, v.pk)):
        if verdict.source != Verdict.Source.HUMAN or verdict.is_authoritative:
            chosen[verdict.criterion_key] = verdict
    return chosen


def ungraded_episodes() -> list[int]:
    """Name the ended episodes that nobody graded: a lost message, or a worker that died."""
    rollouts = Rollout.objects.filter(
        episode__status=Episode.Status.ENDED, assessments__status=Assessment.Status.OPEN
    ).exclude(episode__stop_reason__in=list(MASKED))
    return list(rollouts.values_list("episode_id", flat=True).distinct()[:1000])


@transaction.atomic
def _store(assessment: Assessment, findings: Mapping[str, Finding]) -> bool:
    outcomes = {key: finding.outcome for key, finding in findings.items()}
    result = reward_of(_criteria(assessment.rubric_id), outcomes)
    decided = Assessment.objects.filter(pk=assessment.pk, status=Assessment.Status.OPEN).update(
        status=Assessment.Status.GRADED if result else Assessment.Status.INCOMPLETE,
        reward=result[0] if result else None,
        passed=result[1] if result else None,
        reward_source=Assessment.RewardSource.CHECK if result else "",
        graded_at=Now(),
    )
    if decided:
        insert_rows([_verdict(assessment, key, finding) for key, finding in findings.items()])
    return bool(decided)


def _verdict(assessment: Assessment, key: str, finding: Finding) -> Verdict:
    reason, _ = clean_text(finding.reason, limit=REASON_LIMIT)
    evidence = [{"step": c.step, "quote": clean_text(c.quote)[0]} for c in finding.evidence]
    return Verdict(
        assessment=assessment,
        criterion_key=key,
        outcome=finding.outcome,
        source=Verdict.Source.CHECK,
        rationale=reason,
        evidence=evidence,
        grader_fingerprint=_fingerprints(assessment.rubric_id)[key],
    )


@lru_cache(maxsize=RUBRICS)
def _fingerprints(rubric: str) -> Mapping[str, str]:
    """Name criterion and grader, by key: equal ones give equal verdicts on equal evidence."""
    return {each.key: fingerprint(each) for each in _criteria(rubric)}


def _is_final_word(verdict: Verdict) -> bool:
    return verdict.source == Verdict.Source.HUMAN
