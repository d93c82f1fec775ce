"""Messages to the workers, sent after commit: they carry ids, the database says what to do.

A lost message costs time only: reaper and sweep find what nobody was told of.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from amqp.exceptions import ChannelError
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


Argument = int | str | Sequence[int]
_gathered: ContextVar[dict[str, list[int]] | None] = ContextVar("gathered", default=None)


def send_after_commit(task: str, arguments: Iterable[Argument], *, queue: str = "") -> None:
    """Send a task by name, once for each argument, when the transaction is committed.

    An argument is an id, a list of ids or a name. queue: that of the task when it is left out.
    """
    given = list(arguments)
    transaction.on_commit(lambda: _send(task, given, queue))


def send_one_after_commit(task: str, number: int) -> None:
    """Send a task an id when the transaction is committed, with others where they are gathered."""
    transaction.on_commit(lambda: _gather(task, number))


@contextmanager
def gathered() -> Iterator[None]:
    """Send the ids of each task as one list, at the end.

    A worker that is killed meanwhile sends none: only what a sweep finds may be gathered.
    """
    ids: dict[str, list[int]] = {}
    token = _gathered.set(ids)
    try:
        yield
    finally:
        _gathered.reset(token)
        for task, numbers in ids.items():
            _send(task, [numbers])


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


def _gather(task: str, number: int) -> None:
    gathered = _gathered.get()
    if gathered is None:
        _send(task, [number])
    else:
        gathered.setdefault(task, []).append(number)


def _send(task: str, arguments: Iterable[Argument], queue: str = "") -> None:
    try:
        with current_app.producer_or_acquire() as producer:
            for argument in arguments:
                current_app.send_task(task, [argument], producer=producer, queue=queue or None)
    except OperationalError as error:
        logger.warning("%s was not sent, the sweep will: %s", task, error)
