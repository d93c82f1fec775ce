"""Grading what many episodes left in one transaction, where rules decide it and nobody has spoken.

Everything else goes its own way, one by one: what a judge decides, what somebody else holds, what
people have spoken of, later rounds; and all of a batch in which something breaks.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import structlog
from django.db import connection, transaction

from grading import verdicts
from grading.graders import Evidence, Finding, is_deterministic
from grading.models import Assessment
from simulation.episodes import read_steps_of
from simulation.inserts import insert_rows

logger = logging.getLogger(__name__)
ASSESSMENTS = 50  # that are decided together
STEPS = 5000  # that are in memory together, unless one episode has more
Findings = Mapping[str, Finding]
_HOLD = """
SELECT id FROM grading_assessment
WHERE id = ANY(%s) AND status = 'open' AND round = 1
ORDER BY id FOR UPDATE SKIP LOCKED
"""  # it waits for nobody, so that two batches never wait for each other
_SPOKEN_OF = "SELECT DISTINCT assessment_id FROM grading_verdict WHERE assessment_id = ANY(%s)"
_DECIDE = """
UPDATE grading_assessment AS assessment
SET status = decided.status, reward = decided.reward, passed = decided.passed,
    reward_source = decided.reward_source, graded_at = statement_timestamp(), claimed_until = NULL
FROM unnest(%s::bigint[], %s::text[], %s::float8[], %s::boolean[], %s::text[])
    AS decided (id, status, reward, passed, reward_source)
WHERE assessment.id = decided.id
"""


def grade_episodes(ids: Sequence[int]) -> None:
    """Decide what waits of ended episodes and needs no judge, and hand on the rest."""
    for start in range(0, len(ids), ASSESSMENTS):
        grade_by_rules(verdicts.waiting_of(ids[start : start + ASSESSMENTS]))


def grade_by_rules(waiting: Iterable[Assessment]) -> None:
    """Decide what needs no judge, and hand on the rest; one that breaks keeps no other waiting.

    Safe to deliver twice.
    """
    for batch in _batches(waiting):
        decided = _decided_together(batch)
        for assessment in batch:
            if assessment.pk not in decided:
                _grade_alone(assessment)


def _batches(waiting: Iterable[Assessment]) -> Iterator[list[Assessment]]:
    batch: list[Assessment] = []
    steps = 0
    for assessment in waiting:
        steps += assessment.rollout.episode.step_count
        if batch and (len(batch) == ASSESSMENTS or steps > STEPS):
            yield batch
            batch, steps = [], assessment.rollout.episode.step_count
        batch.append(assessment)
    if batch:
        yield batch


def _decided_together(batch: Sequence[Assessment]) -> set[int]:
    """Decide what is plain, all or nothing; gives what was decided."""
    plain = [assessment for assessment in batch if _is_plain(assessment)]
    if len(plain) < 2:
        return set()
    try:
        return _store(plain, _findings(plain))
    except Exception:
        logger.warning("%s assessments are decided one by one", len(plain), exc_info=True)
        return set()


def _is_plain(assessment: Assessment) -> bool:
    is_forgotten = assessment.rollout.episode.is_forgotten
    return assessment.round == 1 and not is_forgotten and not verdicts.needs_judge(assessment)


def _grade_alone(assessment: Assessment) -> None:
    with structlog.contextvars.bound_contextvars(episode=assessment.rollout.episode_id):
        try:
            verdicts.grade_by_rules(assessment)
        except Exception:
            logger.exception("assessment %s cannot be decided", assessment.pk)


def _findings(assessments: Sequence[Assessment]) -> list[Findings]:
    """Grade in memory. The steps of all are read in one query, each episode is rebuilt once."""
    episodes = {each.rollout.episode_id: each.rollout.episode for each in assessments}
    steps = read_steps_of(episodes)
    evidence: dict[int, Evidence | None] = {}
    for pk, episode in episodes.items():
        with structlog.contextvars.bound_contextvars(episode=pk):
            evidence[pk] = verdicts.read_evidence(episode, steps.pop(pk))
    return [_graded(each, evidence[each.rollout.episode_id]) for each in assessments]


def _graded(assessment: Assessment, evidence: Evidence | None) -> Findings:
    rules = filter(is_deterministic, verdicts.criteria_of(assessment.rubric_id))
    return verdicts.grade(list(rules), evidence)


@transaction.atomic
def _store(assessments: Sequence[Assessment], findings: Sequence[Findings]) -> set[int]:
    """Store verdicts and rewards of those that are free; gives which were."""
    free = _hold_free([each.pk for each in assessments])
    found = [pair for pair in zip(assessments, findings, strict=True) if pair[0].pk in free]
    new = {each.pk: verdicts.verdicts_on(each, graded) for each, graded in found}
    insert_rows([verdict for by_key in new.values() for verdict in by_key.values()])
    _decide({each.pk: verdicts.result_of(each, new[each.pk]) for each, _ in found})
    return free


def _hold_free(ids: Sequence[int]) -> set[int]:
    """Lock those that are open, that nobody else holds and nobody has spoken of."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [list(ids)])
        held = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_SPOKEN_OF, [held])
        return set(held) - {pk for (pk,) in cursor.fetchall()}


def _decide(results: Mapping[int, Mapping[str, Any]]) -> None:
    names = ("status", "reward", "passed", "reward_source")
    columns = [[result[name] for result in results.values()] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, [list(results), *columns])
