"""Messages to the workers, sent after commit: they carry ids, the database says what to do.

A lost message costs time only: reaper and sweep find what nobody was told of.
"""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from amqp.exceptions import ChannelError
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def send_after_commit(task: str, ids: Iterable[int | Sequence[int]]) -> None:
    """Send a task by name, once for each id or list of ids, when the transaction is committed."""
    numbers = list(ids)
    transaction.on_commit(lambda: _send(task, numbers))


def queue_is_empty(name: str = "") -> bool:
    """Tell whether no message waits. A queue that cannot be asked is not known to be empty.

    name: the default queue when it is left out.
    """
    try:
        with current_app.connection_for_read() as queue:
            channel: Any = queue.default_channel
            asked = name or current_app.conf.task_default_queue
            return bool(channel.queue_declare(asked, passive=True).message_count == 0)
    except ChannelError:
        return True  # nobody has sent anything yet
    except OperationalError:
        return False


def _send(task: str, ids: Iterable[int | Sequence[int]]) -> None:
    try:
        with current_app.producer_or_acquire() as producer:
            for number in ids:
                current_app.send_task(task, [number], producer=producer)
    except OperationalError as error:
        logger.warning("%s was not sent, the sweep will: %s", task, error)
