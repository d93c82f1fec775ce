"""Deciding assessments: read the evidence, grade, store verdicts and reward together."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now
from pydantic import ValidationError

from grading.criteria import Criterion, Outcome, reward_of
from grading.fingerprints import fingerprint
from grading.graders import Evidence, Finding, grade_criterion, is_deterministic
from grading.models import Assessment, Rollout, Rubric, Verdict, Withdrawal
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
DECIDED = (Assessment.Status.GRADED, Assessment.Status.INCOMPLETE)


def grade_episode(episode_id: int) -> int:
    """Decide every open assessment of an ended episode; gives how many. Safe to call twice."""
    with structlog.contextvars.bound_contextvars(episode=episode_id):
        return sum(map(grade_assessment, waiting().filter(rollout__episode=episode_id)))


def waiting() -> QuerySet[Assessment]:
    """Find what is open and can be decided, with the episode that decides it."""
    of_ended = Assessment.objects.filter(
        rollout__episode__status=Episode.Status.ENDED, status=Assessment.Status.OPEN
    ).exclude(rollout__episode__stop_reason__in=list(MASKED))
    return of_ended.select_related("rollout__episode")


def grade_assessment(assessment: Assessment) -> bool:
    """Decide what an open assessment leaves open. False when somebody else did it first.

    Later rounds decide only what no earlier one could.
    """
    known = {} if assessment.round == 1 else outcomes_of(assessment)
    todo = [c for c in criteria_of(assessment.rubric_id) if not _is_known(known, c)]
    rules = [criterion for criterion in todo if is_deterministic(criterion)]
    findings = grade(rules, read_evidence(assessment.rollout.episode))
    return _store(assessment, findings)


@lru_cache(maxsize=RUBRICS)
def criteria_of(rubric: str) -> tuple[Criterion, ...]:
    """Read the criteria of a rubric, once a process: rubrics are written once."""
    return Rubric.objects.get(pk=rubric).value.criteria


def grade(criteria: Sequence[Criterion], evidence: Evidence | None) -> dict[str, Finding]:
    """Grade criteria in memory, those that rules decide; without evidence (None) nothing can be
    decided."""
    if evidence is None:
        broken = Finding(Outcome.GRADER_ERROR, "the episode does not rebuild to its recorded hash")
        return {criterion.key: broken for criterion in criteria}
    rules = filter(is_deterministic, criteria)
    return {criterion.key: grade_criterion(criterion, evidence) for criterion in rules}


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
    latest of judge or check.

    verdicts: those that nobody took back, see `standing`.
    """
    chosen: dict[str, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda v: (_is_final_word(v), v.round, v.pk)):
        if verdict.source != Verdict.Source.HUMAN or verdict.is_authoritative:
            chosen[verdict.criterion_key] = verdict
    return chosen


def standing() -> QuerySet[Verdict]:
    """Give the verdicts that nobody took back."""
    return Verdict.objects.filter(~Exists(Withdrawal.objects.filter(verdict=OuterRef("pk"))))


def outcomes_of(assessment: Assessment) -> dict[str, Verdict]:
    """Give the effective verdicts of one assessment."""
    return effective(standing().filter(assessment=assessment))


def settle(assessment_id: int) -> Assessment:
    """Write status and reward as the verdicts now give them, in the transaction that changed one.

    An assessment that is open or cancelled stays so.
    """
    assessment = Assessment.objects.select_for_update().get(pk=assessment_id)
    if assessment.status in DECIDED:
        result = _result(assessment, outcomes_of(assessment))
        Assessment.objects.filter(pk=assessment.pk).update(**result, graded_at=Now())
        assessment.refresh_from_db()
    return assessment


def ungraded_episodes() -> list[int]:
    """Name the ended episodes that nobody graded: a lost message, or a worker that died."""
    rollouts = Rollout.objects.filter(
        episode__status=Episode.Status.ENDED, assessments__status=Assessment.Status.OPEN
    ).exclude(episode__stop_reason__in=list(MASKED))
    return list(rollouts.values_list("episode_id", flat=True).distinct()[:1000])


@transaction.atomic
def _store(assessment: Assessment, findings: Mapping[str, Finding]) -> bool:
    """Store verdicts and what they give with those that are there: of people, of earlier rounds."""
    mine = Assessment.objects.filter(
        pk=assessment.pk, status=Assessment.Status.OPEN, round=assessment.round
    )
    if not mine.select_for_update().exists():
        return False
    insert_rows([_verdict(assessment, key, finding) for key, finding in findings.items()])
    result = _result(assessment, outcomes_of(assessment))
    return bool(mine.update(**result, graded_at=Now()))


def _result(assessment: Assessment, verdicts: Mapping[str, Verdict]) -> dict[str, object]:
    """Give the columns of an assessment that its effective verdicts decide."""
    criteria = criteria_of(assessment.rubric_id)
    outcomes = {key: Outcome(verdict.outcome) for key, verdict in verdicts.items()}
    result = reward_of(criteria, outcomes)
    return {
        "status": Assessment.Status.GRADED if result else Assessment.Status.INCOMPLETE,
        "reward": result[0] if result else None,
        "passed": result[1] if result else None,
        "reward_source": _source(verdicts.values()) if result else "",
    }


def _source(verdicts: Iterable[Verdict]) -> str:
    """Name the least mechanical source that a reward rests on."""
    sources = {verdict.source for verdict in verdicts}
    ranked = (Verdict.Source.HUMAN, Verdict.Source.JUDGE)
    return next((str(s) for s in ranked if s in sources), str(Verdict.Source.CHECK))


def _is_known(known: Mapping[str, Verdict], criterion: Criterion) -> bool:
    verdict = known.get(criterion.key)
    return verdict is not None and verdict.outcome != Verdict.Outcome.GRADER_ERROR


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
        round=assessment.round,
        grader_fingerprint=_fingerprints(assessment.rubric_id)[key],
    )


@lru_cache(maxsize=RUBRICS)
def _fingerprints(rubric: str) -> Mapping[str, str]:
    """Name criterion and grader, by key: equal ones give equal verdicts on equal evidence."""
    return {each.key: fingerprint(each) for each in criteria_of(rubric)}


def _is_final_word(verdict: Verdict) -> bool:
    return verdict.source == Verdict.Source.HUMAN
