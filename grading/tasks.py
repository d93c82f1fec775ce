"""Celery's way in: ids only, safe to deliver twice."""

import logging
from collections.abc import Iterable

from celery import shared_task

from grading import verdicts

logger = logging.getLogger(__name__)


@shared_task
def grade_episode(ended: int | list[int]) -> None:
    """Decide what needs no judge of the episodes that ended, of one or several."""
    _grade([ended] if isinstance(ended, int) else ended)


@shared_task
def judge_assessment(assessment_id: int) -> None:
    verdicts.judge_assessment(assessment_id)


@shared_task
def grade_assessments(ids: list[int]) -> None:
    """Decide these open assessments; one that breaks keeps no other waiting."""
    for assessment in verdicts.waiting().filter(pk__in=ids).order_by("pk"):
        try:
            verdicts.grade_by_rules(assessment)
        except Exception:
            logger.exception("assessment %s cannot be decided", assessment.pk)


@shared_task
def sweep() -> None:
    """Grade ended episodes that were missed; one that breaks keeps no other waiting."""
    _grade(verdicts.ungraded_episodes())


def _grade(episode_ids: Iterable[int]) -> None:
    for episode_id in episode_ids:
        try:
            verdicts.grade_episode_by_rules(episode_id)
        except Exception:
            logger.exception("episode %s cannot be graded", episode_id)
