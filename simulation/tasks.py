"""Celery's way in: ids only, safe to deliver twice."""

import datetime as dt
from typing import Any

from celery import current_app, shared_task
from kombu.exceptions import OperationalError

from simulation import episodes, runner

QUIET = dt.timedelta(seconds=15)


@shared_task
def run_episode(episode_id: int) -> None:
    runner.run_episode(episode_id)


@shared_task
def reap() -> None:
    """Bring back what dead workers left and what lost messages left unsaid."""
    episodes.reap_expired_leases()
    if _queue_is_empty():
        episodes.repeat_lost_messages(older_than=QUIET)


def _queue_is_empty() -> bool:
    """Tell whether no message waits: what is queued in the database and not here was lost."""
    try:
        with current_app.connection_for_read() as queue:
            name = current_app.conf.task_default_queue
            channel: Any = queue.default_channel
            return bool(channel.queue_declare(name, passive=True).message_count == 0)
    except OperationalError:
        return False
