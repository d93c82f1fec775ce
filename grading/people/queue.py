"""What waits for a person: criteria that nothing decided, or not for certain.

Only a run's official grading waits, and no mutants. One statement finds all of it, because what
counts follows from verdicts, withdrawals and rubrics together; `grading.people.criteria_page` says
the same of one episode.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet

from grading.models import Rollout, Run, Verdict
from grading.verdicts import standing
from simulation.roles import sees_held_out

# human: a person decides it; undecided: no judge did; the others as they are called
WHYS = ("human", "undecided", "grader_error", "disputed", "cannot_tell")

# a candidate has something open, unsure or disputed: partial indexes find each kind
_WAITING = """
WITH hot AS (
    SELECT id FROM grading_assessment WHERE status = 'incomplete'
    UNION SELECT assessment_id FROM grading_verdict WHERE outcome = 'cannot_tell'
    UNION SELECT assessment_id FROM grading_verdict WHERE source = 'human' AND NOT is_authoritative
), candidate AS (
    SELECT a.id, a.rubric_id, a.rollout_id, o.run_id
    FROM hot
    JOIN grading_assessment a USING (id)
    JOIN grading_rollout o ON o.id = a.rollout_id
    JOIN grading_run r ON r.id = o.run_id AND r.official_id = a.grading_id
    WHERE a.status IN ('graded', 'incomplete') AND r.kind <> 'mutants' AND r.id IN ({visible})
        AND (%s OR NOT EXISTS (
            SELECT FROM simulation_episode e WHERE e.id = o.episode_id AND e.is_held_out
        ))
), said AS (
    SELECT v.* FROM grading_verdict v JOIN candidate ON candidate.id = v.assessment_id
    WHERE NOT EXISTS (SELECT FROM grading_withdrawal w WHERE w.verdict_id = v.id)
), counting AS (
    SELECT DISTINCT ON (assessment_id, criterion_key) assessment_id, criterion_key, outcome, source
    FROM said WHERE source <> 'human' OR is_authoritative
    ORDER BY assessment_id, criterion_key, source = 'human' DESC, round DESC, id DESC
), latest AS (
    SELECT DISTINCT ON (assessment_id, criterion_key, author_id)
        assessment_id, criterion_key, outcome
    FROM said WHERE source = 'human'
    ORDER BY assessment_id, criterion_key, author_id, id DESC
), disputed AS (
    SELECT assessment_id, criterion_key FROM latest
    GROUP BY assessment_id, criterion_key HAVING count(DISTINCT outcome) > 1
), criterion AS (
    SELECT c.id, c.rollout_id, c.run_id, e.ordinality AS number, e.value ->> 'key' AS key,
        e.value ->> 'text' AS text, e.value -> 'check' ->> 'kind' AS kind
    FROM candidate c
    JOIN grading_rubric b ON b.hash = c.rubric_id
    CROSS JOIN LATERAL jsonb_array_elements(b.content -> 'criteria') WITH ORDINALITY e
), waiting AS (
    SELECT criterion.*, CASE
        WHEN counting.outcome IS NULL AND kind = 'human' THEN 'human'
        WHEN counting.outcome IS NULL THEN 'undecided'
        WHEN counting.outcome = 'grader_error' THEN 'grader_error'
        WHEN counting.source = 'human' THEN NULL
        WHEN disputed.criterion_key IS NOT NULL THEN 'disputed'
        WHEN counting.outcome = 'cannot_tell' THEN 'cannot_tell'
    END AS why
    FROM criterion
    LEFT JOIN counting ON counting.assessment_id = criterion.id
        AND counting.criterion_key = criterion.key
    LEFT JOIN disputed ON disputed.assessment_id = criterion.id
        AND disputed.criterion_key = criterion.key
)
"""
_ROWS = """
SELECT w.id, w.rollout_id, w.run_id, w.number, w.key, w.text, w.why, o.subject,
    coalesce(o.labels ->> 'title', ''), o.agent, o.index, r.title
FROM waiting w JOIN grading_rollout o ON o.id = w.rollout_id JOIN grading_run r ON r.id = w.run_id
WHERE w.why = ANY(%s) AND (%s::bigint IS NULL OR w.run_id = %s) AND (NOT %s OR NOT EXISTS (
    SELECT FROM grading_verdict mine
    WHERE mine.assessment_id = w.id AND mine.criterion_key = w.key AND mine.author_id = %s
))
ORDER BY w.run_id DESC, w.rollout_id, w.number LIMIT %s OFFSET %s
"""
_COUNTS = """
SELECT w.run_id, r.title, w.why, count(*) FROM waiting w JOIN grading_run r ON r.id = w.run_id
WHERE w.why IS NOT NULL AND (NOT %s OR NOT EXISTS (
    SELECT FROM grading_verdict mine
    WHERE mine.assessment_id = w.id AND mine.criterion_key = w.key AND mine.author_id = %s
))
GROUP BY w.run_id, r.title, w.why ORDER BY w.run_id DESC
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One criterion of one rollout that waits for a person."""

    assessment: int
    rollout: int
    run: int
    number: int
    key: str
    text: str
    why: str
    subject: str
    title: str
    agent: str
    index: int
    run_title: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue is asked for. is_unspoken: only where the person has said nothing yet."""

    why: str = ""
    run: int | None = None
    is_unspoken: bool = False


def waiting_for(user: User, asked: Asked, *, limit: int, offset: int = 0) -> list[Waiting]:
    whys = [asked.why] if asked.why else list(WHYS)
    given = [whys, asked.run, asked.run, asked.is_unspoken, user.pk, limit, offset]
    return [Waiting(*row) for row in _select(user, _ROWS, given)]


def counts_for(user: User, *, is_unspoken: bool = False) -> list[tuple[int, str, str, int]]:
    """Give (run, its title, why, how many), the newest run first."""
    return [tuple(row) for row in _select(user, _COUNTS, [is_unspoken, user.pk])]


def decided_by_people(user: User) -> int:
    """Count criteria of official gradings on which a person has the last word."""
    runs, seen = Run.objects.visible_to(user), Rollout.objects.visible_to(user)
    words: QuerySet[Verdict, Mapping[str, Any]] = (
        standing()
        .filter(source=Verdict.Source.HUMAN, is_authoritative=True)  # the first finds them
        .filter(assessment__grading__in=runs.values("official"))
        .filter(assessment__rollout__in=seen)
        .values("assessment", "criterion_key")
        .distinct()
    )
    return words.count()


def _select(user: User, statement: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    runs = Run.objects.visible_to(user).order_by().values("pk")
    visible, parameters = runs.query.sql_with_params()
    with connection.cursor() as cursor:
        asked = [*parameters, sees_held_out(user), *given]
        cursor.execute(_WAITING.format(visible=visible) + statement, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
