"""Celery's way in: ids only, safe to deliver twice."""

from celery import shared_task

from grading import batches, verdicts


@shared_task
def grade_episode(ended: int | list[int]) -> None:
    """Decide what needs no judge of the episodes that ended, of one or several."""
    batches.grade_episodes([ended] if isinstance(ended, int) else ended)


@shared_task
def judge_assessment(assessment_id: int) -> None:
    verdicts.judge_assessment(assessment_id)


@shared_task
def grade_assessments(ids: list[int]) -> None:
    """Decide these open assessments."""
    batches.grade_by_rules(verdicts.waiting().filter(pk__in=ids).order_by("pk"))


@shared_task
def sweep() -> None:
    """Grade ended episodes that were missed."""
    batches.grade_episodes(verdicts.ungraded_episodes())
