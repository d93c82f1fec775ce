"""Deciding assessments: read the evidence, grade, store verdicts and reward together."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now
from pydantic import ValidationError

from grading.criteria import Criterion, Outcome, reward_of
from grading.fingerprints import fingerprint
from grading.graders import Evidence, Finding, grade_criterion, is_deterministic
from grading.judging import JUDGING, Stopped
from grading.judging.holding import claim, unclaimed
from grading.judging.reuse import judged_columns
from grading.judging.work import judge_criteria
from grading.models import Assessment, Rubric, Verdict, Withdrawal
from simulation.episodes import read_steps
from simulation.errors import GymError
from simulation.inserts import insert_rows
from simulation.joins import AnyOf, Join, make_join
from simulation.messages import queue_is_empty, send_after_commit
from simulation.models import Episode
from simulation.replay import state_at
from simulation.stops import MASKED
from simulation.text import clean_text
from simulation.transcript import Spec, StepRecord
from simulation.worlds import snapshot_of

logger = logging.getLogger(__name__)
REASON_LIMIT = 4000
NOT_REBUILT = "the episode does not rebuild to its recorded hash"
REMOVED = "the transcript was removed: nothing can be decided any more"
RUBRICS = 1024  # that stay in memory
JUDGE = "judge"  # the kind of check that a model decides
JUDGE_ASSESSMENT = "grading.tasks.judge_assessment"
_HOLD = """
SELECT 1 FROM grading_assessment WHERE id = %s AND status = 'open' AND round = %s FOR UPDATE
"""
_SPOKEN_OF = "SELECT EXISTS (SELECT 1 FROM grading_verdict WHERE assessment_id = %s)"
_DECIDE = """
UPDATE grading_assessment
SET status = %(status)s, reward = %(reward)s, passed = %(passed)s,
    reward_source = %(reward_source)s, graded_at = statement_timestamp(), claimed_until = NULL
WHERE id = %(id)s
"""
DECIDED = (Assessment.Status.GRADED, Assessment.Status.INCOMPLETE)


def grade_episode(episode_id: int) -> int:
    """Decide every open assessment of an ended episode; gives how many. Safe to call twice."""
    with structlog.contextvars.bound_contextvars(episode=episode_id):
        return sum(map(grade_assessment, waiting_of([episode_id])))


def grade_by_rules(assessment: Assessment) -> bool:
    """Decide an assessment that needs no judge, or hand it on: judges are slow, and have workers
    of their own."""
    if needs_judge(assessment):
        send_after_commit(JUDGE_ASSESSMENT, [assessment.pk])
        return False
    return grade_assessment(assessment)


def judge_assessment(assessment_id: int) -> bool:
    """Decide an open assessment whatever it takes. Safe to call twice."""
    found = waiting().filter(pk=assessment_id).first()
    return found is not None and grade_assessment(found)


def waiting() -> QuerySet[Assessment]:
    """Find what is open and can be decided, with the episode and the judge that decide it."""
    return _open().select_related("rollout__episode", "grading__judge__endpoint")


def waiting_of(episode_ids: Sequence[int]) -> list[Assessment]:
    """Find what waits of some episodes, without the judge: few have one."""
    found: list[Assessment] = _waiting_of().read(list(episode_ids))
    return found


@cache
def _waiting_of() -> Join:
    """By hand: it is asked for with every episode that ends."""
    asked = _open().filter(AnyOf(F("rollout__episode"), [0])).order_by("pk")
    return make_join(asked, "rollout", "rollout__episode", "grading")


def needs_judge(assessment: Assessment) -> bool:
    """Tell whether a judge is there and has something to decide."""
    return assessment.grading.judge_id is not None and any(
        criterion.kind == JUDGE for criterion in criteria_of(assessment.rubric_id)
    )


def _open() -> QuerySet[Assessment]:
    return Assessment.objects.filter(
        rollout__episode__status=Episode.Status.ENDED,
        status=Assessment.Status.OPEN,
        grading__cancelled_at=None,
    ).exclude(rollout__episode__stop_reason__in=list(MASKED))


def grade_assessment(assessment: Assessment) -> bool:
    """Decide what an open assessment leaves open. False when somebody else did it first.

    Later rounds decide only what no earlier one could.
    """
    if not needs_judge(assessment):
        return _decide(assessment, lambda: True)
    held = claim(assessment)
    if held is None:
        return False
    try:
        return _decide(assessment, held.goes_on)
    except Stopped:
        logger.info("assessment %s: judging stopped", assessment.pk)
        return False


def _decide(assessment: Assessment, goes_on: Callable[[], bool]) -> bool:
    is_first = assessment.round == 1
    known = {} if is_first and not needs_judge(assessment) else outcomes_of(assessment)
    criteria = criteria_of(assessment.rubric_id)
    todo = [criterion for criterion in criteria if not _is_known(known, criterion)]
    judged = [c for c in todo if c.kind == JUDGE and assessment.grading.judge_id]
    # what people have decided is not paid for; rules cost nothing and are there if people undo it
    rules = [c for c in (criteria if is_first else todo) if is_deterministic(c)]
    evidence = read_evidence(assessment.rollout.episode)
    if evidence is None:
        why = REMOVED if assessment.rollout.episode.is_forgotten else NOT_REBUILT
        return _store(assessment, grade([*rules, *judged], None, why=why))
    findings = {**grade(rules, evidence)}
    findings |= judge_criteria(assessment, judged, evidence, goes_on=goes_on)
    return _store(assessment, findings)


@lru_cache(maxsize=RUBRICS)
def criteria_of(rubric: str) -> tuple[Criterion, ...]:
    """Read the criteria of a rubric, once a process: rubrics are written once."""
    return Rubric.objects.get(pk=rubric).value.criteria


def grade(
    criteria: Sequence[Criterion], evidence: Evidence | None, *, why: str = NOT_REBUILT
) -> dict[str, Finding]:
    """Grade criteria in memory, those that rules decide; without evidence (None) nothing can be
    decided, which is why."""
    if evidence is None:
        broken = Finding(Outcome.GRADER_ERROR, why)
        return {criterion.key: broken for criterion in criteria}
    return {
        each.key: grade_criterion(each, evidence) for each in criteria if is_deterministic(each)
    }


def read_evidence(
    episode: Episode, recorded: Sequence[StepRecord] | None = None
) -> Evidence | None:
    """Rebuild what an episode left.

    recorded: its steps, where they were read already.

    None when that fails or does not give the recorded hash, or the transcript was removed: then
    nothing is certain.
    """
    if episode.is_forgotten:
        return None
    try:
        spec = Spec.model_validate(episode.spec)
        steps = read_steps(episode) if recorded is None else recorded
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
        result = result_of(assessment, outcomes_of(assessment))
        Assessment.objects.filter(pk=assessment.pk).update(**result, graded_at=Now())
        assessment.refresh_from_db()
    return assessment


def ungraded_episodes() -> list[int]:
    """Name the ended episodes that nobody graded: a lost message, or a worker that died."""
    missed = _open().filter(unclaimed())
    if not queue_is_empty(JUDGING):  # what waits there was not missed
        missed = missed.filter(grading__judge=None)
    return list(missed.values_list("rollout__episode_id", flat=True).distinct()[:1000])


@transaction.atomic
def _store(assessment: Assessment, findings: Mapping[str, Finding]) -> bool:
    """Store verdicts and what they give with those that are there: of people, of earlier rounds."""
    if not _hold(assessment):
        return False
    known = outcomes_of(assessment) if _is_spoken_of(assessment) else {}
    said = {key: verdict for key, verdict in known.items() if _is_final_word(verdict)}
    new = verdicts_on(assessment, findings)
    insert_rows(list(new.values()))
    result = result_of(assessment, {**known, **new, **said})
    with connection.cursor() as cursor:  # by hand, as in _hold
        cursor.execute(_DECIDE, {**result, "id": assessment.pk})
        return bool(cursor.rowcount)


def _hold(assessment: Assessment) -> bool:
    """Lock an assessment until the transaction ends; False when its round is no longer open."""
    with connection.cursor() as cursor:  # by hand: it is done once for every episode
        cursor.execute(_HOLD, [assessment.pk, assessment.round])
        return cursor.fetchone() is not None


def _is_spoken_of(assessment: Assessment) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_SPOKEN_OF, [assessment.pk])
        return bool(cursor.fetchone()[0])


def result_of(assessment: Assessment, verdicts: Mapping[str, Verdict]) -> dict[str, Any]:
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


def verdicts_on(assessment: Assessment, findings: Mapping[str, Finding]) -> dict[str, Verdict]:
    """Make the verdicts that say what was found, by criterion; nothing is stored."""
    return {key: _verdict(assessment, key, finding) for key, finding in findings.items()}


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
        rationale=reason,
        evidence=evidence,
        round=assessment.round,
        **_source_columns(assessment.rubric_id, key, finding),
    )


def _source_columns(rubric: str, key: str, finding: Finding) -> dict[str, Any]:
    """Give the columns that say who decided, and what that rests on."""
    is_judged = any(each.key == key and each.kind == JUDGE for each in criteria_of(rubric))
    if is_judged:
        return {"source": Verdict.Source.JUDGE, **judged_columns(finding)}
    return {"source": Verdict.Source.CHECK, "grader_fingerprint": _fingerprints(rubric)[key]}


@lru_cache(maxsize=RUBRICS)
def _fingerprints(rubric: str) -> Mapping[str, str]:
    """Name criterion and grader, by key: equal ones give equal verdicts on equal evidence."""
    return {each.key: fingerprint(each) for each in criteria_of(rubric)}


def _is_final_word(verdict: Verdict) -> bool:
    return verdict.source == Verdict.Source.HUMAN
