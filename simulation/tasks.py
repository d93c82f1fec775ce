"""Celery's way in: ids only, safe to deliver twice."""

import datetime as dt

from celery import shared_task

from simulation import episodes, runner
from simulation.messages import queue_is_empty
from simulation.playground import scratch
from simulation.portability import uploads
from simulation.rest import idempotency

QUIET = dt.timedelta(seconds=15)


@shared_task
def run_episode(episode_id: int) -> None:
    runner.run_episode(episode_id)


@shared_task
def reap() -> None:
    """Bring back what dead workers left and what lost messages left unsaid."""
    episodes.reap_expired_leases()
    if queue_is_empty():
        episodes.repeat_lost_messages(older_than=QUIET)


@shared_task
def remove_idle_scratches() -> None:
    """Delete the playground clones that nobody has used for days."""
    scratch.remove_idle_scratches()


@shared_task
def forget_uploads() -> None:
    uploads.forget_uploads()


@shared_task
def forget_answers() -> None:
    idempotency.forget_answers()
