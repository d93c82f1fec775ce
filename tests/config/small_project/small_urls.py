"""One page and one task."""

import os
import time
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.celery import app


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def work(request: HttpRequest, name: str, seconds: int) -> HttpResponse:
    """Queue a task that writes the file `name`, and then takes its time."""
    leave_a_trace.delay(name, seconds)
    return HttpResponse("queued")


@app.task
def leave_a_trace(name: str, seconds: int) -> None:
    Path(os.environ["EG_VAR"], name).touch()
    time.sleep(seconds)


urlpatterns = [path("healthz", healthz), path("work/<name>/<int:seconds>", work)]
