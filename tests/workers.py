"""The real queue, and real Celery workers that take from it."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from queue import Empty
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from config import embedded, processes
from config.celery import app

COMMAND = ("-m", "celery", "-A", "config", "worker", "--concurrency=2", "--loglevel=WARNING")
QUIETER = ("--without-mingle", "--without-gossip", "--without-heartbeat")


class Queue:
    """What was sent to the workers and nobody has taken yet."""

    def purge(self) -> None:
        """Take everything off every queue."""
        app.control.purge()

    def take(self, name: str = "") -> list[tuple[str, Any]]:
        """Take all messages off a queue, the default one unless named: task's name and argument."""
        taken = []
        with app.connection_for_read() as broker:
            waiting = broker.SimpleQueue(name or app.conf.task_default_queue)
            try:
                while True:
                    message = waiting.get_nowait()
                    message.ack()
                    taken.append((message.headers["task"], message.payload[0][0]))
            except Empty:
                waiting.close()
        return taken


class Worker:
    """A Celery worker with two processes on the test database; it ends with us at the latest."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            processes.leashed([sys.executable, *COMMAND, *QUIETER]),
            env=os.environ | _environment() | environment,
            cwd=settings.BASE_DIR,
            start_new_session=True,
        )

    def kill(self) -> None:
        """kill -9: the worker can do nothing about it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _environment() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": _database_url(),
        "REDIS_URL": settings.REDIS_URL or embedded.redis_url(settings.VAR),
    }


def _database_url() -> str:
    database = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}
    given = {name: database[key] for name, key in names.items() if database[key]}
    return make_conninfo(**given, port=database["PORT"] or None)
