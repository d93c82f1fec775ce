"""The Celery application. Tasks carry ids only; work is claimed in the database."""

import os
import threading
import time
from typing import Any

from celery import Celery
from celery.signals import (
    beat_embedded_init,
    setup_logging,
    worker_process_init,
    worker_shutting_down,
)
from django.conf import settings

from config.processes import die_with_parent
from simulation import resting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

LET_GO_SECONDS = 2.0  # a database that is away cannot take anything back

app = Celery("enterprisegym")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _log_as_django_does(**_: Any) -> None:
    """Keep Celery from replacing the handlers: Django configured them."""
    settings.LOGGING  # noqa: B018  touching the settings configures them


@worker_process_init.connect
@beat_embedded_init.connect
def _end_with_the_worker(**_: Any) -> None:
    die_with_parent()


@worker_shutting_down.connect
def _let_episodes_rest(**_: Any) -> None:
    """Let episodes rest at their next safe place, and wait for that no longer than agreed."""
    resting.end_soon()
    threading.Thread(target=_end_at_last, name="end-at-last", daemon=True).start()


def _end_at_last() -> None:
    time.sleep(settings.SHUTDOWN_SECONDS)
    letting_go = threading.Thread(target=resting.let_go, name="letting-go", daemon=True)
    letting_go.start()
    letting_go.join(LET_GO_SECONDS)
    os._exit(1)
