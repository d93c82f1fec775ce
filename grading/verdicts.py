"""Deciding assessments: read the evidence, grade, store verdicts and reward together."""

import hashlib
import inspect
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import structlog
from django.db import transaction
from django.db.models.functions import Now

from grading.criteria import Criterion, Outcome, reward_of
from grading.graders import GRADERS, Evidence, Finding, grade_criterion
from grading.models import Assessment, Rollout, Verdict
from simulation.episodes import read_steps
from simulation.inserts import insert_rows
from simulation.models import Episode
from simulation.replay import state_at
from simulation.stops import MASKED
from simulation.text import clean_text
from simulation.transcript import Spec
from simulation.worlds import load_snapshot

logger = logging.getLogger(__name__)
REASON_LIMIT = 4000


def grade_episode(episode_id: int) -> int:
    """Decide every open assessment of an ended episode; gives how many. Safe to call twice."""
    with structlog.contextvars.bound_contextvars(episode=episode_id):
        return _grade_open(Episode.objects.select_related("world").get(pk=episode_id))


def _grade_open(episode: Episode) -> int:
    if episode.status != Episode.Status.ENDED or episode.is_masked:
        return 0
    waiting = Assessment.objects.filter(
        rollout__episode=episode, status=Assessment.Status.OPEN
    ).select_related("rubric")
    return sum(grade_assessment(assessment, episode) for assessment in waiting)


def grade_assessment(assessment: Assessment, episode: Episode) -> bool:
    """Decide one assessment. False when somebody else did it first."""
    criteria = assessment.rubric.value.criteria
    findings = grade(criteria, read_evidence(episode))
    return _store(assessment, criteria, findings)


def grade(criteria: Sequence[Criterion], evidence: Evidence | None) -> dict[str, Finding]:
    """Grade criteria in memory; without evidence (None) nothing can be decided."""
    if evidence is None:
        broken = Finding(Outcome.GRADER_ERROR, "the episode does not rebuild to its recorded hash")
        return {criterion.key: broken for criterion in criteria}
    return {criterion.key: grade_criterion(criterion, evidence) for criterion in criteria}


def read_evidence(episode: Episode) -> Evidence | None:
    """Rebuild what an episode left.

    None when it does not give the recorded hash: then nothing is certain.
    """
    spec, steps = Spec.model_validate(episode.spec), read_steps(episode)
    world = state_at(load_snapshot(episode.world), spec, steps)
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
def _store(
    assessment: Assessment, criteria: Sequence[Criterion], findings: Mapping[str, Finding]
) -> bool:
    result = reward_of(criteria, {key: finding.outcome for key, finding in findings.items()})
    decided = Assessment.objects.filter(pk=assessment.pk, status=Assessment.Status.OPEN).update(
        status=Assessment.Status.GRADED if result else Assessment.Status.INCOMPLETE,
        reward=result[0] if result else None,
        passed=result[1] if result else None,
        reward_source=Assessment.RewardSource.CHECK if result else "",
        graded_at=Now(),
    )
    if decided:
        insert_rows([_verdict(assessment, each, findings[each.key]) for each in criteria])
    return bool(decided)


def _verdict(assessment: Assessment, criterion: Criterion, finding: Finding) -> Verdict:
    reason, _ = clean_text(finding.reason, limit=REASON_LIMIT)
    evidence = [{"step": c.step, "quote": clean_text(c.quote)[0]} for c in finding.evidence]
    return Verdict(
        assessment=assessment,
        criterion_key=criterion.key,
        outcome=finding.outcome,
        source=Verdict.Source.CHECK,
        rationale=reason,
        evidence=evidence,
        grader_fingerprint=_fingerprint(criterion),
    )


def _fingerprint(criterion: Criterion) -> str:
    """Name criterion and grader: equal fingerprints on equal evidence give equal verdicts."""
    return hashlib.sha256(f"{criterion.hash}{_grader_hash(criterion.kind)}".encode()).hexdigest()


@cache
def _grader_hash(kind: str) -> str:
    if kind not in GRADERS:
        return ""
    source = inspect.getsource(inspect.getmodule(GRADERS[kind]) or GRADERS[kind])
    return hashlib.sha256(source.encode()).hexdigest()


def _is_final_word(verdict: Verdict) -> bool:
    return verdict.source == Verdict.Source.HUMAN
