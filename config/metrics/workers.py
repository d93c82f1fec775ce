"""A worker that was started by itself tells at its own port what its processes counted."""

from typing import Any

from celery.signals import worker_ready
from django.conf import settings

from config.metrics.folder import forget_the_dead
from config.metrics.port import listen


@worker_ready.connect
def _tell_metrics(**_: Any) -> None:
    if settings.METRICS_PORT:
        forget_the_dead()
        listen(settings.METRICS_PORT)
