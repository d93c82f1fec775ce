"""The Celery application. Tasks carry ids only; work is claimed in the database."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_embedded_init, setup_logging, worker_process_init
from django.conf import settings

from config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

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
