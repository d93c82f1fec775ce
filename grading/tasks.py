"""Celery's way in: ids only, safe to deliver twice."""

from celery import shared_task

from grading import verdicts


@shared_task
def grade_episode(episode_id: int) -> None:
    verdicts.grade_episode(episode_id)


@shared_task
def sweep() -> None:
    """Grade ended episodes that were missed."""
    for episode_id in verdicts.ungraded_episodes():
        verdicts.grade_episode(episode_id)
