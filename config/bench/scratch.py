"""A database and a queue of the benchmark's own, gone when it ends: it touches nobody's rows."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo


@contextmanager
def scratch_database() -> Iterator[None]:
    """Work in a new, migrated database on the configured server; drop it at the end."""
    own, scratch = connection.settings_dict["NAME"], f"bench_{os.getpid()}"
    _execute("CREATE DATABASE {}", scratch)
    try:
        _connect_to(scratch)
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        _connect_to(own)
        _execute("DROP DATABASE {} WITH (FORCE)", scratch)


@contextmanager
def scratch_queue() -> Iterator[str]:
    """Send to a new queue on the configured broker; delete it at the end. Gives its name."""
    own, scratch = current_app.conf.task_default_queue, f"bench-{os.getpid()}"
    current_app.conf.task_default_queue = scratch
    try:
        yield scratch
    finally:
        current_app.conf.task_default_queue = own
        with current_app.connection_for_write() as broker:
            channel: Any = broker.default_channel
            channel.queue_delete(scratch)


def database_url() -> str:
    """Name the database that is worked in, for other processes."""
    names = {
        "NAME": "dbname",
        "USER": "user",
        "PASSWORD": "password",
        "HOST": "host",
        "PORT": "port",
    }
    given = {
        names[name]: value for name, value in connection.settings_dict.items() if name in names
    }
    options = {k: v for k, v in connection.settings_dict["OPTIONS"].items() if isinstance(v, str)}
    return make_conninfo("", **{k: str(v) for k, v in {**options, **given}.items() if v})


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _execute(statement: str, database: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(database)))
